"""An endpoint that is not there ends with where it may be."""

from dataclasses import replace

from sagemaker_endpoint_doctor.examination.finding import Finding, Status

import pytest

from tests.doctor.patient import Patient, admit
from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import DENIED


@pytest.fixture(scope="module")
def patient(aws: EmbeddedAws) -> Patient:
    return admit(aws)


def missing(patient: Patient, name: str, region: str | None = None) -> Finding:
    names = replace(patient.names, endpoint_name=name, region=region or patient.names.region)
    found = patient.findings("endpoint", patient.subject(names=names))
    (untold,) = [each for each in found if each.check == "endpoint.status"]
    assert untold.status is Status.UNKNOWN
    assert f"there is no endpoint '{name}'" in untold.seen
    assert untold.command.startswith("aws sagemaker list-endpoints")
    return untold


def test_one_whose_name_differs_in_letter_case_is_offered(patient: Patient) -> None:
    assert missing(patient, patient.name.upper()).next == (
        f"There is {patient.name}: AWS tells the case of letters apart."
    )


def test_one_whose_name_is_mistyped_is_offered_and_other_regions_asked_about(patient: Patient) -> None:
    said = missing(patient, f"{patient.name}s").next
    assert patient.name in said
    assert "Is it in another region (--region)" in said


def test_where_nothing_is_called_alike_other_regions_and_accounts_are_asked_about(patient: Patient) -> None:
    said = missing(patient, "fraud").next
    assert said.startswith("There is no name like it among the ")
    assert said.endswith("Is it in another region (--region) or account (--profile)?")


def test_where_the_names_may_not_be_seen_the_question_is_left(patient: Patient) -> None:
    with patient.aws.fault("sagemaker:ListEndpoints", DENIED):
        said = missing(patient, "fraud").next
    assert said == "Is it in another region (--region) or account (--profile)?"
