"""Each call that AWS does not answer costs what needs its answer, and nothing else: no crash, no accusation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from sagemaker_endpoint_doctor.aws import client as way
from sagemaker_endpoint_doctor.aws.client import Aws
from sagemaker_endpoint_doctor.aws.reads import READS, permission
from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.examination.runner import examine
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.sections import SECTIONS

import pytest
from botocore.config import Config

from tests.doctor.aws.test_reads_only import replace_by_other_kinds, scale_and_roll_back
from tests.doctor.kinds import allow, replace_endpoint
from tests.doctor.patient import Patient, admit
from tests.doctor.sections.test_interfaces import narrow_egress, to_s3
from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import DENIED, THROTTLED


def close(patient: Patient) -> None:
    """Let it load its data from below a prefix, with an inline policy, and call nothing but S3."""
    source = {"S3Uri": f"s3://{patient.bucket}/sentiment/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    replace_endpoint(patient, [{"Image": patient.image, "ModelDataSource": {"S3DataSource": source}}])
    allow(patient, "weights", (["s3:GetObject"], f"arn:aws:s3:::{patient.bucket}/sentiment/*"))
    narrow_egress(patient, to_s3(patient))


KINDS: Mapping[str, Callable[[Patient], None]] = {
    "plain": lambda _: None,
    "operated": scale_and_roll_back,
    "other": replace_by_other_kinds,
    "closed": close,
}
"""Endpoints that between them take every call."""
NOT_EXAMINED = {"sts:GetCallerIdentity", "sagemaker:ListEndpoints"}
"""Without the first no examination begins; the second is for endpoints that are not there."""
SILENT = {"sagemaker:ListTags", "ecr:GetRepositoryPolicy"}
"""What is asked only to choose words, and what the account's own repositories do not need."""
OPERATIONS = sorted({f"{service}:{name}" for service, names in READS.items() for name in names} - NOT_EXAMINED)


@dataclass(frozen=True)
class Case:
    """An endpoint, what is found of it while AWS answers everything, and the calls that it takes."""

    patient: Patient
    found: Sequence[Finding]
    calls: frozenset[str]


@pytest.fixture(scope="module")
def cases(aws: EmbeddedAws) -> Mapping[str, Case]:
    made = {}
    for kind, change in KINDS.items():
        patient = admit(aws)
        change(patient)
        aws.reset_calls()
        found = examined(patient)
        made[kind] = Case(patient, found, frozenset(f"{each.service}:{each.action}" for each in aws.calls()))
    return made


@cache
def _way(region: str, read_timeout: float) -> Aws:  # noqa: ARG001 - tells them apart
    """Give clients of their own, made with the settings that hold while they are first used."""
    return Aws(region=region)


def examined(patient: Patient, *, read_timeout: float = 60, **names: str) -> list[Finding]:
    """Examine everything anew, without trying again what AWS does not answer."""
    impatient = Config(retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=read_timeout)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(way, "CONFIG", way.CONFIG.merge(impatient))
        subject = patient.subject(names=replace(patient.names, **names))
        aws = _way(patient.aws.region, read_timeout)
        subject = Subject(names=subject.names, aws=aws, now=subject.now, since=subject.since)
        return [finding for each in examine(subject, SECTIONS) for finding in each.findings]


def case_of(cases: Mapping[str, Case], operation: str) -> Case:
    return next(case for case in cases.values() if operation in case.calls)


def same(findings: Sequence[Finding]) -> set[tuple[str, Status]]:
    return {(each.check, each.status) for each in findings}


def test_the_cases_take_every_call_that_there_is(cases: Mapping[str, Case]) -> None:
    assert frozenset().union(*(case.calls for case in cases.values())) >= {*OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_call_that_is_denied_takes_away_only_what_needs_it_and_is_named(
    cases: Mapping[str, Case], operation: str
) -> None:
    case = case_of(cases, operation)
    with case.patient.aws.fault(operation, DENIED):
        found = examined(case.patient)
    assert not [each.seen for each in found if "broken" in each.seen]
    accused = {each for each in same(found) - same(case.found) if each[1] in (Status.WARNING, Status.PROBLEM)}
    assert accused == set()
    lacking = {each.check for each in found if each.status is Status.UNKNOWN}
    lost = {each.check for each in case.found} - {each.check for each in found}
    sections = {check.partition(".")[0] for check in lacking}
    assert {check for check in lost if check.partition(".")[0] not in sections} == set()
    if operation not in SILENT:
        assert [each.seen for each in found if permission(operation.partition(":")[2]) in each.seen]


@pytest.mark.parametrize("operation", ["sagemaker:DescribeEndpoint", "logs:FilterLogEvents", "ec2:DescribeSubnets"])
def test_a_call_that_is_throttled_takes_away_only_what_needs_it_and_says_what_to_do(
    cases: Mapping[str, Case], operation: str
) -> None:
    case = case_of(cases, operation)
    with case.patient.aws.fault(operation, THROTTLED):
        found = examined(case.patient)
    untold = [each for each in found if each.status is Status.UNKNOWN]
    assert {each.seen for each in untold} == {"AWS answered RequestLimitExceeded: Request limit exceeded."}
    assert {each.next.partition(":")[0] for each in untold} == {"Look again in some minutes"}
    assert (
        "s3" in {each.check.partition(".")[0] for each in found if each.status is Status.OK} or "Endpoint" in operation
    )
    assert "logs" in {each.check.partition(".")[0] for each in found if each.status is Status.OK}


@pytest.mark.parametrize("operation", ["sagemaker:DescribeEndpoint", "logs:FilterLogEvents", "ec2:DescribeSubnets"])
def test_a_call_that_hangs_takes_away_only_what_needs_it(cases: Mapping[str, Case], operation: str) -> None:
    case = case_of(cases, operation)
    with case.patient.aws.fault(operation, None):
        found = examined(case.patient, read_timeout=2)
    untold = [each for each in found if each.status is Status.UNKNOWN]
    assert untold
    assert all(each.seen.startswith("no answer in time: ") for each in untold), untold
    assert "logs" in {each.check.partition(".")[0] for each in found if each.status is Status.OK}
    assert "DescribeEndpoint" in operation or "s3" in {each.check.partition(".")[0] for each in found}


def test_what_terraform_names_is_examined_though_aws_does_not_tell_of_the_endpoint(cases: Mapping[str, Case]) -> None:
    patient = cases["plain"].patient
    with patient.aws.fault("sagemaker:DescribeEndpoint", THROTTLED):
        found = examined(patient, endpoint_config_name=patient.configuration)
    well = {each.check for each in found if each.status is Status.OK}
    assert well >= {"logs.errors", "model.image", "model.data", "s3.objects", "s3.encryption", "role.actions"}
    assert {each.status for each in found} == {Status.OK, Status.UNKNOWN}
