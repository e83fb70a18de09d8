"""Inference pipelines: each container has an image, data, an environment and a log stream of its own."""

from typing import Any

from sagemaker_endpoint_doctor.examination.finding import Finding, Status

import pytest

from tests.doctor.kinds import replace_endpoint
from tests.doctor.patient import Patient


def containers(patient: Patient) -> list[dict[str, Any]]:
    return [
        {"Image": patient.image, "ContainerHostname": "prepare"},
        {
            "Image": patient.image,
            "ContainerHostname": "predict",
            "ModelDataUrl": f"s3://{patient.bucket}/{patient.key}",
        },
    ]


def pipelines(patient: Patient) -> list[Finding]:
    return [each for each in patient.findings("logs") if each.check == "logs.pipelines"]


def forget(patient: Patient, container: str) -> None:
    """Delete a container's log streams."""
    logs, group = patient.aws.client("logs"), patient.log_group_name
    for stream in logs.describe_log_streams(logGroupName=group)["logStreams"]:
        if stream["logStreamName"].endswith(container):
            logs.delete_log_stream(logGroupName=group, logStreamName=stream["logStreamName"])


def test_one_that_is_well(patient: Patient) -> None:
    replace_endpoint(patient, containers(patient))
    for section in ("endpoint", "interfaces", "logs", "model", "role", "s3"):
        assert patient.complaints(section) == []
    assert [each.seen for each in pipelines(patient)] == ["AllTraffic: prepare and predict write to a log stream each"]


def test_a_container_without_a_log_stream_is_told(patient: Patient) -> None:
    replace_endpoint(patient, containers(patient))
    forget(patient, "predict")
    (finding,) = patient.complaints("logs")
    assert (finding.check, finding.status) == ("logs.pipelines", Status.WARNING)
    assert finding.seen == "AllTraffic: no log stream of its pipeline's predict"
    assert finding.command == f"aws logs describe-log-streams --log-group-name {patient.log_group_name} --max-items 10"


def test_containers_without_a_name_go_by_their_number(patient: Patient) -> None:
    replace_endpoint(patient, [{"Image": patient.image}, {"Image": patient.image}])
    assert [each.seen for each in pipelines(patient)] == [
        "AllTraffic: container-1 and container-2 write to a log stream each"
    ]


def test_containers_that_are_called_directly_are_not_looked_for(patient: Patient) -> None:
    replace_endpoint(patient, containers(patient))

    def change(parsed: dict[str, Any], **_: object) -> None:
        parsed["InferenceExecutionConfig"] = {"Mode": "Direct"}

    events = patient.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeModel", change)
    try:
        assert pipelines(patient) == []
    finally:
        events.unregister("after-call.sagemaker.DescribeModel", change)


def test_a_single_container_has_the_instances_own_stream(patient: Patient) -> None:
    assert pipelines(patient) == []


def test_where_the_log_group_is_gone_nothing_is_said_of_streams(patient: Patient) -> None:
    replace_endpoint(patient, containers(patient))
    patient.aws.client("logs").delete_log_group(logGroupName=patient.log_group_name)
    assert [each.check for each in patient.findings("logs")] == ["logs.group"]


@pytest.mark.parametrize("what", ["configuration", "model"])
def test_where_the_configuration_or_the_model_is_gone_the_logs_are_looked_at_all_the_same(
    patient: Patient, what: str
) -> None:
    replace_endpoint(patient, containers(patient))
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-other"
    if what == "model":
        sagemaker.delete_model(ModelName=name)
    else:
        sagemaker.delete_endpoint_config(EndpointConfigName=name)
    assert patient.complaints("logs") == []
