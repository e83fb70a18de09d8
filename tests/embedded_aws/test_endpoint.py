import json

import pytest

from .gaps.variant_instance_types import LOCAL_STORAGE_FAMILIES, known_instance_types
from .stage import HOUR, Stage, refused, variant


def test_an_endpoint_is_creating_and_then_in_service(stage: Stage) -> None:
    stage.model(stage.name)
    stage.configuration(stage.name, variant(stage.name))
    stage.sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
    assert stage.status(stage.name) == "Creating"
    stage.aws.advance(HOUR)
    assert stage.status(stage.name) == "InService"


def test_a_deleted_endpoint_is_deleting_and_then_gone(stage: Stage) -> None:
    stage.endpoint(stage.name)
    stage.sagemaker.delete_endpoint(EndpointName=stage.name)
    assert stage.status(stage.name) == "Deleting"
    stage.aws.advance(HOUR)
    with refused("ValidationException", "Could not find endpoint"):
        stage.status(stage.name)


def test_an_update_switches_to_the_new_configuration_and_keeps_the_name(stage: Stage) -> None:
    stage.endpoint(stage.name)
    stage.model("image-two-" + stage.name, image="image:2")
    new = "new-" + stage.name
    stage.configuration(new, variant("image-two-" + stage.name, InitialInstanceCount=3))
    stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=new)

    during = stage.sagemaker.describe_endpoint(EndpointName=stage.name)
    assert (during["EndpointStatus"], during["EndpointConfigName"]) == ("Updating", stage.name)
    assert during["ProductionVariants"][0]["DeployedImages"][0]["SpecifiedImage"] == "image:1"

    stage.aws.advance(HOUR)
    after = stage.sagemaker.describe_endpoint(EndpointName=stage.name)
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", new)
    assert after["ProductionVariants"][0]["DeployedImages"][0]["SpecifiedImage"] == "image:2"
    assert after["ProductionVariants"][0]["CurrentInstanceCount"] == 3
    assert after["LastModifiedTime"] > after["CreationTime"]


def test_an_endpoint_that_cannot_be_created_is_failed_and_can_only_be_deleted(stage: Stage) -> None:
    stage.model(stage.name)
    stage.configuration(stage.name, variant(stage.name))
    with stage.aws.fail_deployments("No health check was answered."):
        stage.sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
    stage.aws.advance(HOUR)
    failed = stage.sagemaker.describe_endpoint(EndpointName=stage.name)
    assert (failed["EndpointStatus"], failed["FailureReason"]) == ("Failed", "No health check was answered.")
    with refused("ValidationException", "Cannot update failed endpoint"):
        stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
    stage.delete_endpoint(stage.name)
    with refused("ValidationException", "Could not find endpoint"):
        stage.status(stage.name)


def test_a_failed_creation_lets_go_of_its_interfaces(stage: Stage) -> None:
    with stage.aws.fail_deployments("No health check was answered."):
        stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    assert stage.status(stage.name) == "Failed"
    assert [each["Status"] for each in stage.interfaces()] == ["available"]


def test_an_update_that_fails_is_rolled_back_and_says_why_until_the_next_succeeds(stage: Stage) -> None:
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    new = "new-" + stage.name
    stage.configuration(new, variant(stage.name, InitialInstanceCount=3))
    with stage.aws.fail_deployments("No capacity."):
        stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=new)
        during = stage.sagemaker.describe_endpoint(EndpointName=stage.name)
        assert during["PendingDeploymentSummary"]["EndpointConfigName"] == new
    stage.aws.advance(HOUR)
    after = stage.sagemaker.describe_endpoint(EndpointName=stage.name)
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", stage.name)
    assert (after["FailureReason"], after["ProductionVariants"][0]["CurrentInstanceCount"]) == ("No capacity.", 1)
    assert "PendingDeploymentSummary" not in after
    assert sorted(each["Status"] for each in stage.interfaces()) == ["available"] * 3 + ["in-use"]

    stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=new)
    stage.aws.advance(HOUR)
    assert "FailureReason" not in stage.sagemaker.describe_endpoint(EndpointName=stage.name)


def test_a_rollback_can_be_hidden_from_one_caller(stage: Stage) -> None:
    stage.endpoint(stage.name)
    new = "new-" + stage.name
    stage.configuration(new, variant(stage.name))
    with stage.aws.fail_deployments("No capacity."):
        stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=new)
    stage.aws.advance(HOUR)
    for caller, named in (("Terraform", stage.name), ("Boto3", new)):
        with stage.aws.hide_rollbacks(caller):
            described = stage.sagemaker.describe_endpoint(EndpointName=stage.name)
        assert described["EndpointConfigName"] == named
    assert stage.sagemaker.describe_endpoint(EndpointName=stage.name)["EndpointConfigName"] == stage.name


def test_a_rollback_takes_its_time_and_nothing_else_is_begun_meanwhile(stage: Stage) -> None:
    stage.endpoint(stage.name)
    stage.configuration("new-" + stage.name, variant(stage.name))
    with stage.aws.fail_deployments("No capacity.", "rolling back"):
        stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName="new-" + stage.name)
    stage.aws.advance(HOUR)
    assert stage.status(stage.name) == "RollingBack"
    with refused("ValidationException", "Cannot update in-progress endpoint"):
        stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName="new-" + stage.name)
    stage.aws.advance(HOUR)
    after = stage.sagemaker.describe_endpoint(EndpointName=stage.name)
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", stage.name)


def test_an_endpoint_whose_rollback_failed_serves_with_old_and_new_instances_until_the_next_update(
    stage: Stage,
) -> None:
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    new = "new-" + stage.name
    stage.configuration(new, variant(stage.name, InitialInstanceCount=2))
    with stage.aws.fail_deployments("No capacity.", "rollback failed"):
        stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=new)
    stage.aws.advance(HOUR)
    assert stage.status(stage.name) == "UpdateRollbackFailed"
    assert [each["Status"] for each in stage.interfaces()] == ["in-use"] * 3
    stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=new)
    stage.aws.advance(HOUR)
    assert stage.status(stage.name) == "InService"
    assert sorted(each["Status"] for each in stage.interfaces()) == ["available"] * 3 + ["in-use"] * 2


def test_an_image_with_a_tag_is_resolved_to_its_digest(stage: Stage) -> None:
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "layers": [{"size": 1, "digest": "sha256:" + "d" * 64}],
    }
    ecr = stage.aws.client("ecr")
    ecr.create_repository(repositoryName=stage.name.lower())
    put = ecr.put_image(repositoryName=stage.name.lower(), imageTag="1", imageManifest=json.dumps(manifest))["image"]
    path = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/{stage.name.lower()}"
    stage.model(stage.name, image=f"{path}:1")
    stage.configuration(stage.name, variant(stage.name))
    stage.sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
    (served,) = stage.sagemaker.describe_endpoint(EndpointName=stage.name)["ProductionVariants"]
    assert served["DeployedImages"][0]["ResolvedImage"] == f"{path}@{put['imageId']['imageDigest']}"


def test_an_update_can_keep_weights_and_counts(stage: Stage) -> None:
    stage.endpoint(stage.name, count=4)
    new = "new-" + stage.name
    stage.configuration(new, variant(stage.name, InitialInstanceCount=1, InitialVariantWeight=5.0))
    stage.sagemaker.update_endpoint(
        EndpointName=stage.name,
        EndpointConfigName=new,
        RetainAllVariantProperties=True,
        ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DesiredWeight"}],
    )
    stage.aws.advance(HOUR)
    (kept,) = stage.sagemaker.describe_endpoint(EndpointName=stage.name)["ProductionVariants"]
    assert (kept["DesiredInstanceCount"], kept["DesiredWeight"]) == (4, 5.0)


def test_an_endpoint_that_is_changing_cannot_be_changed(stage: Stage) -> None:
    stage.endpoint(stage.name)
    stage.sagemaker.delete_endpoint(EndpointName=stage.name)
    with refused("ValidationException", "Cannot update in-progress endpoint"):
        stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)


def test_describe_answers_what_was_set_and_nothing_more(stage: Stage) -> None:
    name = stage.name
    stage.model(name, EnableNetworkIsolation=True)
    variants = [variant(name, VariantName="a", InitialVariantWeight=0.0), variant(name, VariantName="b")]
    stage.configuration(name, *variants)

    model = stage.sagemaker.describe_model(ModelName=name)
    assert model["EnableNetworkIsolation"] is True
    assert model["PrimaryContainer"] == {"Image": "image:1"}
    assert not {"Containers", "VpcConfig", "InferenceExecutionConfig"} & set(model)

    configuration = stage.sagemaker.describe_endpoint_config(EndpointConfigName=name)
    assert configuration["ProductionVariants"] == variants
    expected = {"EndpointConfigName", "EndpointConfigArn", "ProductionVariants", "CreationTime"}
    assert set(configuration) == expected | {"ResponseMetadata"}


def test_an_endpoint_tells_what_its_configuration_adds(stage: Stage) -> None:
    stage.model(stage.name)
    output = {"OutputConfig": {"S3OutputPath": "s3://bucket/answers"}}
    capture = {
        "InitialSamplingPercentage": 10,
        "DestinationS3Uri": "s3://bucket/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    stage.sagemaker.create_endpoint_config(
        EndpointConfigName=stage.name,
        ProductionVariants=[variant(stage.name)],
        ShadowProductionVariants=[{**variant(stage.name), "VariantName": "shadow"}],
        AsyncInferenceConfig=output,
        DataCaptureConfig=capture,
    )
    stage.sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
    told = stage.sagemaker.describe_endpoint(EndpointName=stage.name)
    assert told["AsyncInferenceConfig"] == output
    assert (told["DataCaptureConfig"]["CaptureStatus"], told["DataCaptureConfig"]["CurrentSamplingPercentage"]) == (
        "Started",
        10,
    )
    (shadow,) = told["ShadowProductionVariants"]
    assert (shadow["VariantName"], shadow["CurrentInstanceCount"]) == ("shadow", 1)


def test_tags_are_found_by_the_lower_case_arn(stage: Stage) -> None:
    name = stage.name.upper()
    stage.endpoint(name)
    arn = stage.sagemaker.describe_endpoint(EndpointName=name)["EndpointArn"]
    assert arn.endswith(f":endpoint/{name.lower()}")
    stage.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "k", "Value": "v"}])
    assert stage.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "k", "Value": "v"}]


def test_a_name_is_taken_once(stage: Stage) -> None:
    stage.endpoint(stage.name)
    with refused("ValidationException", "Cannot create already existing model "):
        stage.model(stage.name)
    with refused("ValidationException", "Cannot create already existing endpoint configuration "):
        stage.configuration(stage.name, variant(stage.name))
    with refused("ValidationException", "Cannot create already existing endpoint "):
        stage.sagemaker.create_endpoint(EndpointName=stage.name.upper(), EndpointConfigName=stage.name)


def test_what_does_not_exist_is_named(stage: Stage) -> None:
    with refused("ValidationException", 'Could not find model "arn:aws:sagemaker:eu-west-1:'):
        stage.configuration(stage.name, variant("missing"))
    with refused("ValidationException", "Could not find endpoint configuration"):
        stage.sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName="missing")
    with refused("ValidationException", "Could not find endpoint "):
        stage.sagemaker.update_endpoint(EndpointName="missing", EndpointConfigName="missing")
    with refused("ValidationException", "Could not find model"):
        stage.sagemaker.delete_model(ModelName="missing")
    with refused("ValidationException", "Could not find endpoint configuration"):
        stage.sagemaker.delete_endpoint_config(EndpointConfigName="missing")
    with refused("ValidationException", "Could not find endpoint "):
        stage.sagemaker.delete_endpoint(EndpointName="missing")


def test_instance_types_are_those_of_the_service_model(stage: Stage) -> None:
    stage.model(stage.name)
    stage.configuration(stage.name, variant(stage.name, InstanceType="ml.g6e.xlarge"))
    with refused("ValidationException", "ml.m5.huge"):
        stage.configuration("no-" + stage.name, variant(stage.name, InstanceType="ml.m5.huge"))


def test_a_key_is_refused_where_the_storage_is_local(stage: Stage) -> None:
    stage.model(stage.name)
    stage.configuration(stage.name, variant(stage.name), KmsKeyId="alias/k")
    with refused("ValidationException", "KmsKeyId"):
        local = variant(stage.name, VariantName="local", InstanceType="ml.g5.xlarge")
        stage.configuration("no-" + stage.name, variant(stage.name), local, KmsKeyId="alias/k")


def test_the_families_with_local_storage_agree_with_describe_instance_types(stage: Stage) -> None:
    """Moto answers DescribeInstanceTypes with what AWS answered, for nearly all types SageMaker has."""
    pages = stage.ec2.get_paginator("describe_instance_types").paginate()
    local = {each["InstanceType"]: each["InstanceStorageSupported"] for page in pages for each in page["InstanceTypes"]}
    hosted = [name.removeprefix("ml.") for name in known_instance_types()]
    compared = [name for name in hosted if name in local]
    assert len(compared) > 200
    for name in compared:
        assert local[name] == (name.split(".")[0] in LOCAL_STORAGE_FAMILIES), name


@pytest.mark.parametrize("days", [None, 90])
def test_a_key_remembers_its_rotation_period(stage: Stage, days: int | None) -> None:
    kms = stage.aws.client("kms")
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key_id, **({"RotationPeriodInDays": days} if days else {}))
    assert kms.get_key_rotation_status(KeyId=key_id)["RotationPeriodInDays"] == (days or 365)
