"""An asynchronous endpoint, and one that captures data: applied, changed and destroyed."""

from typing import Any

import pytest

from tests.demo.stage import build_network, image
from tests.embedded_aws import EmbeddedAws

from .deployment import ConcreteDeployment
from .order import assert_in_order, assert_updated_in_place
from .removals import too_early

pytestmark = pytest.mark.end_to_end

CAPTURE: dict[str, Any] = {"destination_s3_uri": "s3://captured/a", "initial_sampling_percentage": 10}
ASYNC: dict[str, Any] = {
    "s3_output_path": "s3://answers/a",
    "s3_input_path": "s3://payloads/a",
    "create_success_topic": True,
    "create_error_topic": True,
    "include_inference_response_in": ["SUCCESS_NOTIFICATION_TOPIC"],
}


def deployed(aws: EmbeddedAws, directory: Any, **inputs: object) -> ConcreteDeployment:  # noqa: ANN401 - a path
    vpc_id, subnet_ids = build_network(aws.client("ec2"))
    model = {"image": image(aws.region, "1.0")}
    deployment = ConcreteDeployment.of(
        aws,
        directory,
        "any_input",
        region=aws.region,
        endpoint_name="sentiment",
        network={"vpc_id": vpc_id, "subnet_ids": subnet_ids},
        production_variants=[{"model": model, "instance_type": "ml.m5.xlarge"}],
        **inputs,
    )
    deployment.start()
    deployment.apply()
    assert deployment.terraform.plan().is_empty
    return deployment


def configuration(aws: EmbeddedAws) -> dict[str, Any]:
    sagemaker = aws.client("sagemaker")
    live = sagemaker.describe_endpoint(EndpointName="sentiment")["EndpointConfigName"]
    return dict(sagemaker.describe_endpoint_config(EndpointConfigName=live))


def test_an_asynchronous_endpoint_moves_to_other_paths_and_topics_and_leaves_nothing(
    aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory
) -> None:
    deployment = deployed(aws, tmp_path_factory.mktemp("asynchronous"), async_inference_config=ASYNC)
    output = configuration(aws)["AsyncInferenceConfig"]["OutputConfig"]
    assert output["S3OutputPath"] == "s3://answers/a"
    made = output["NotificationConfig"]
    assert made["IncludeInferenceResponseIn"] == ["SUCCESS_NOTIFICATION_TOPIC"]
    topic = aws.client("sns").get_topic_attributes(TopicArn=made["SuccessTopic"])["Attributes"]
    assert topic["KmsMasterKeyId"] == output["KmsKeyId"]
    assert "aws:SecureTransport" in topic["Policy"]
    other = aws.client("sns").create_topic(Name="others")["TopicArn"]
    changed = {
        **ASYNC,
        "s3_output_path": "s3://answers/b",
        "create_success_topic": False,
        "success_topic": other,
        "max_concurrent_invocations_per_instance": 4,
    }
    calls = deployment.change(async_inference_config=changed)
    assert_updated_in_place(calls)
    assert_in_order(calls, "UpdateEndpoint", "DeleteTopic")
    assert too_early(calls, aws.in_use()) == []
    live = configuration(aws)["AsyncInferenceConfig"]
    assert live["OutputConfig"]["S3OutputPath"] == "s3://answers/b"
    assert live["OutputConfig"]["NotificationConfig"]["SuccessTopic"] == other
    assert live["ClientConfig"] == {"MaxConcurrentInvocationsPerInstance": 4}
    assert deployment.terraform.plan().is_empty
    calls = deployment.destroy()
    assert_in_order(calls, "DeleteEndpoint", "DeleteTopic")
    aws.client("sns").delete_topic(TopicArn=other)
    assert deployment.left() == set()


def test_captured_data_goes_elsewhere_in_place_and_nothing_is_left(
    aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory
) -> None:
    deployment = deployed(aws, tmp_path_factory.mktemp("capture"), data_capture_config=CAPTURE)
    assert configuration(aws)["DataCaptureConfig"]["EnableCapture"] is True
    types = {"csv_content_types": ["text/csv"], "json_content_types": ["application/json"]}
    changed = {**CAPTURE, **types, "destination_s3_uri": "s3://captured/b", "capture_options": ["Input"]}
    assert_updated_in_place(deployment.change(data_capture_config=changed))
    live = configuration(aws)["DataCaptureConfig"]
    assert live["DestinationS3Uri"] == "s3://captured/b"
    assert live["CaptureOptions"] == [{"CaptureMode": "Input"}]
    assert deployment.terraform.plan().is_empty
    deployment.destroy()
    assert deployment.left() == set()
