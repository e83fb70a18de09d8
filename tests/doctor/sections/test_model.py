"""The model's section."""

import json
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sagemaker_endpoint.rules import limits
from sagemaker_endpoint_doctor.command_line.cli import main
from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.facts import images, instance_types, model_data
from sagemaker_endpoint_doctor.report.exits import Exit
from sagemaker_endpoint_doctor.sections.s3 import archives
from sagemaker_endpoint_runbook import commands

import jmespath  # type: ignore[import-untyped] # it ships no types
import pytest

from tests.account import ACCOUNT, PUBLISHER, publish, push
from tests.doctor.patient import Patient
from tests.embedded_aws.fault import DENIED

GIB = 1 << 30


def _deploy(patient: Patient, *, variant: dict[str, Any] | None = None, **container: object) -> str:
    """Let the endpoint serve another model, and perhaps by another variant; give the model's name.

    What of the container is None is left out.
    """
    sagemaker = patient.aws.client("sagemaker")
    model = sagemaker.describe_model(ModelName=patient.model)
    name = f"{patient.name}-other"
    stated = model["PrimaryContainer"] | container
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=model["ExecutionRoleArn"],
        PrimaryContainer={key: value for key, value in stated.items() if value is not None},
        VpcConfig=model["VpcConfig"],
    )
    served = {
        "VariantName": "AllTraffic",
        "ModelName": name,
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 2,
        "InitialVariantWeight": 1,
    }
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[served | (variant or {})])
    sagemaker.update_endpoint(EndpointName=patient.name, EndpointConfigName=name)
    patient.aws.advance(60)
    return name


def _deploy_pipeline(patient: Patient, environments: Sequence[dict[str, str]]) -> str:
    """Let the endpoint serve a pipeline, its containers with these environments; give the model's name."""
    sagemaker = patient.aws.client("sagemaker")
    model = sagemaker.describe_model(ModelName=patient.model)
    name = f"{patient.name}-pipeline"
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=model["ExecutionRoleArn"],
        Containers=[{"Image": patient.image, **({"Environment": each} if each else {})} for each in environments],
        VpcConfig=model["VpcConfig"],
    )
    _deploy(patient, variant={"ModelName": name})
    return name


def _answer(patient: Patient, command: str) -> object:
    """Give what the AWS CLI would show of the model that a command names."""
    words = shlex.split(command)
    model = patient.aws.client("sagemaker").describe_model(ModelName=words[words.index("--model-name") + 1])
    return jmespath.search(words[words.index("--query") + 1], model)


def _only(patient: Patient) -> Finding:
    (finding,) = patient.complaints("model")
    return finding


@contextmanager
def _data_of(patient: Patient, size: int) -> Iterator[None]:
    """Let S3 say that the model data is of this size: nobody wants to store as much."""

    def say(parsed: dict[str, object], **_: object) -> None:
        parsed["ContentLength"] = size

    events = patient.subject().aws.s3().meta.events  # tests share their clients
    events.register("after-call.s3.HeadObject", say)
    try:
        yield
    finally:
        events.unregister("after-call.s3.HeadObject", say)


def test_a_model_that_is_well(patient: Patient) -> None:
    findings = patient.findings("model")
    assert {each.status for each in findings} == {Status.OK}
    image = f"{patient.repository}:1.4"
    assert [(each.check, each.seen.split(", pushed")[0]) for each in findings] == [
        ("model.image", f"the image {image} is in ECR"),
        ("model.pull", f"{patient.role} may pull the image {image}"),
        ("model.architecture", f"the image {image} is built for amd64, as AllTraffic's ml.m5.xlarge needs"),
        ("model.data", f"the model data s3://{patient.bucket}/{patient.key} is there, 7 bytes"),
        ("model.volume_key", f"the volumes of AllTraffic are encrypted with {patient.key_arn}, which is enabled"),
        ("model.environment", f"the environment of {patient.model}: LOG_LEVEL"),
    ]


def test_a_model_that_somebody_deleted_is_told_once_in_plain_words(patient: Patient) -> None:
    patient.aws.client("sagemaker").delete_model(ModelName=patient.model)
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "model.existence")
    assert finding.seen == f"the model {patient.model}, which the live configuration names, is gone"
    assert "presumably" in finding.why
    assert "deploy again" in finding.next
    assert finding.command == f"aws sagemaker describe-model --model-name {patient.model}"


def test_a_configuration_that_somebody_deleted_is_told_once_in_plain_words(patient: Patient) -> None:
    patient.aws.client("sagemaker").delete_endpoint_config(EndpointConfigName=patient.configuration)
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "model.existence")
    assert finding.seen == f"the configuration {patient.configuration}, which the endpoint names, is gone"
    assert finding.command == f"aws sagemaker describe-endpoint-config --endpoint-config-name {patient.configuration}"


@pytest.mark.parametrize("section", ["interfaces", "role", "s3"])
@pytest.mark.parametrize("what", ["model", "configuration"])
def test_the_other_sections_say_what_is_gone_and_not_what_aws_answered(
    patient: Patient, section: str, what: str
) -> None:
    sagemaker = patient.aws.client("sagemaker")
    if what == "model":
        sagemaker.delete_model(ModelName=patient.model)
        gone = f"the model {patient.model}, which the live configuration names, is gone"
    else:
        sagemaker.delete_endpoint_config(EndpointConfigName=patient.configuration)
        gone = f"the configuration {patient.configuration}, which the endpoint names, is gone"
    assert [(each.status, each.seen) for each in patient.findings(section)] == [(Status.UNKNOWN, gone)]


def test_a_role_that_terraform_names_is_looked_at_although_the_model_is_gone(patient: Patient) -> None:
    patient.aws.client("sagemaker").delete_model(ModelName=patient.model)
    names = replace(patient.names, execution_role_arn=f"arn:aws:iam::{ACCOUNT}:role/{patient.role}")
    findings = patient.findings("role", patient.subject(names=names))
    assert [each.check for each in findings if each.status is Status.OK] == ["role.trust", "role.policies"]
    (missing,) = (each for each in findings if each.status is not Status.OK)
    assert missing.seen == f"the model {patient.model}, which the live configuration names, is gone"


def test_a_tag_that_does_not_exist(patient: Patient) -> None:
    patient.aws.client("ecr").batch_delete_image(repositoryName=patient.repository, imageIds=[{"imageTag": "1.4"}])
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "model.image")
    assert finding.seen == (
        f"there is no image {patient.repository}:1.4 in account {ACCOUNT}'s registry in {patient.aws.region}"
    )
    assert finding.command == (
        f"aws ecr describe-images --registry-id {ACCOUNT} --repository-name {patient.repository} "
        "--image-ids imageTag=1.4"
    )


def test_a_digest_that_does_not_exist(patient: Patient) -> None:
    digest = "sha256:" + "0" * 64
    _deploy(patient, Image=patient.image.replace(":1.4", f"@{digest}"))
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "model.image")
    assert f"there is no image {patient.repository}@{digest}" in finding.seen
    assert f"imageDigest={digest}" in finding.command


def test_an_image_that_is_named_by_its_digest_is_well(patient: Patient) -> None:
    digest = push(patient.aws, patient.repository, tag="1.5")
    _deploy(patient, Image=patient.image.replace(":1.4", f"@{digest}"))
    assert patient.complaints("model") == []


def test_a_repository_that_does_not_exist(patient: Patient) -> None:
    patient.aws.client("ecr").delete_repository(repositoryName=patient.repository, force=True)
    finding = _only(patient)
    assert finding.status is Status.PROBLEM
    assert f"there is no repository {patient.repository}" in finding.seen


def test_an_image_in_a_format_that_sagemaker_refuses(patient: Patient) -> None:
    ecr = patient.aws.client("ecr")
    (image,) = ecr.batch_get_image(repositoryName=patient.repository, imageIds=[{"imageTag": "1.4"}])["images"]
    manifest = json.loads(image["imageManifest"]) | {"mediaType": "application/vnd.oci.image.manifest.v1+json"}
    ecr.put_image(repositoryName=patient.repository, imageTag="oci", imageManifest=json.dumps(manifest))
    _deploy(patient, Image=patient.image.replace(":1.4", ":oci"))
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.WARNING, "model.image")
    assert "application/vnd.oci.image.manifest.v1+json" in finding.seen


def test_an_image_outside_ecr_cannot_be_checked(patient: Patient) -> None:
    _deploy(patient, Image="registry.example.com/team/sentiment:1.4")
    finding = _only(patient)
    assert finding.status is Status.UNKNOWN
    assert "registry.example.com/team/sentiment:1.4 is not in Amazon ECR" in finding.seen


@contextmanager
def _in_status(patient: Patient, status: str) -> Iterator[None]:
    """Let SageMaker say that the endpoint is in this status."""

    def say(parsed: dict[str, object], **_: object) -> None:
        parsed["EndpointStatus"] = status

    events = patient.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeEndpoint", say)
    try:
        yield
    finally:
        events.unregister("after-call.sagemaker.DescribeEndpoint", say)


def _foreign_image(patient: Patient) -> str:
    """Let the endpoint run an image of AWS's, which its role's own policies let it pull; give the URI."""
    uri = f"{PUBLISHER}.dkr.ecr.{patient.aws.region}.amazonaws.com/{patient.name}/pytorch-inference:2.6"
    _deploy(patient, Image=uri)
    statement = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    patient.aws.client("iam").put_role_policy(RoleName=patient.role, PolicyName="ecr", PolicyDocument=document)
    publish(patient.aws, f"{patient.name}/pytorch-inference", tag="2.6")
    return uri


def test_an_image_of_aws_is_well_although_its_owner_alone_sees_the_repositorys_policy(patient: Patient) -> None:
    _foreign_image(patient)
    (pull,) = (each for each in patient.findings("model") if each.check == "model.pull")
    assert pull.status is Status.OK
    assert pull.seen.endswith("its owner alone sees the repository's policy")
    with patient.aws.fault("ecr:DescribeImages", DENIED):
        (pull,) = (each for each in patient.findings("model") if each.check == "model.pull")
    assert pull.status is Status.OK


def test_an_image_in_another_region_is_a_problem_and_its_command_goes_there(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    _deploy(patient, Image=patient.image.replace(patient.aws.region, "eu-central-1"))
    assert main(["doctor", "--endpoint-name", patient.name, "--section", "model", "--json"]) == Exit.PROBLEMS
    (section,) = json.loads(capsys.readouterr().out)["sections"]
    problems = [each for each in section["findings"] if each["check"] == "model.image"]
    assert [each["status"] for each in problems] == ["problem", "problem"]
    assert f"is in eu-central-1, the endpoint in {patient.aws.region}" in problems[0]["seen"]
    for each in problems:
        assert each["command"].startswith("aws --region eu-central-1 ecr describe-images")


def test_an_image_of_aws_that_may_not_be_read_is_one_finding(patient: Patient) -> None:
    _deploy(patient, Image=f"{PUBLISHER}.dkr.ecr.{patient.aws.region}.amazonaws.com/pytorch-inference:2.6")
    statement = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    patient.aws.client("iam").put_role_policy(RoleName=patient.role, PolicyName="ecr", PolicyDocument=document)
    with (
        patient.aws.fault("ecr:DescribeImages", DENIED),
        patient.aws.fault("ecr:BatchGetImage", DENIED),
        patient.aws.fault("ecr:GetRepositoryPolicy", DENIED),
    ):
        finding = _only(patient)
    assert finding.status is Status.UNKNOWN
    assert finding.seen.startswith(
        f"the image pytorch-inference:2.6 is account {PUBLISHER}'s: needs ecr:DescribeImages, ecr:BatchGetImage"
    )


@pytest.mark.parametrize("simulated", [True, False])
def test_an_image_that_the_role_may_not_pull(patient: Patient, simulated: bool) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{patient.name}-artifacts"
    patient.aws.client("iam").detach_role_policy(RoleName=patient.role, PolicyArn=arn)
    if simulated:
        finding = _only(patient)
    else:
        with patient.aws.fault("iam:SimulatePrincipalPolicy", DENIED):
            finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "model.pull")
    assert f"{patient.role} may not pull the image {patient.repository}:1.4: ecr:BatchCheckLayer" in finding.seen
    assert "none of its policies allows it" in finding.seen
    assert ("evaluated here" in finding.seen) is not simulated


def test_a_repository_policy_that_denies_the_pull(patient: Patient) -> None:
    statement = {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "ecr:BatchGetImage"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    patient.aws.client("ecr").set_repository_policy(repositoryName=patient.repository, policyText=document)
    finding = _only(patient)
    assert finding.status is Status.PROBLEM
    assert f"ecr:BatchGetImage, the repository policy of {patient.repository} denies it" in finding.seen


def test_an_arm_image_on_an_x86_type(patient: Patient) -> None:
    push(patient.aws, patient.repository, tag="arm", architecture="arm64")
    _deploy(patient, Image=patient.image.replace(":1.4", ":arm"))
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "model.architecture")
    assert finding.seen == (
        f"the image {patient.repository}:arm is built for arm64, and AllTraffic's ml.m5.xlarge needs amd64"
    )
    assert "--platform linux/amd64" in finding.next


def test_an_x86_image_on_a_graviton_type(patient: Patient) -> None:
    _deploy(patient, variant={"InstanceType": "ml.c7g.xlarge"})
    finding = _only(patient)
    assert finding.status is Status.PROBLEM
    assert "is built for amd64, and AllTraffic's ml.c7g.xlarge needs arm64" in finding.seen


@pytest.mark.parametrize(
    ("architectures", "complaint"),
    [(["amd64", "arm64", "unknown"], ""), (["arm64", "s390x", "unknown"], "is built for arm64 and s390x, and")],
)
def test_an_image_for_several_platforms(patient: Patient, architectures: list[str], complaint: str) -> None:
    manifests = [{"digest": f"sha256:{each}", "platform": {"architecture": each}} for each in architectures]
    media_type = "application/vnd.docker.distribution.manifest.list.v2+json"
    manifest = {"schemaVersion": 2, "mediaType": media_type, "manifests": manifests}
    ecr = patient.aws.client("ecr")
    ecr.put_image(repositoryName=patient.repository, imageTag="all", imageManifest=json.dumps(manifest))
    _deploy(patient, Image=patient.image.replace(":1.4", ":all"))
    complaints = [each.seen for each in patient.complaints("model")]
    assert [complaint in each for each in complaints] == [True] * bool(complaint)


def test_an_image_whose_configuration_cannot_be_loaded(patient: Patient) -> None:
    push(patient.aws, patient.repository, tag=patient.name)
    ecr = patient.aws.client("ecr")
    (image,) = ecr.batch_get_image(repositoryName=patient.repository, imageIds=[{"imageTag": patient.name}])["images"]
    digest = json.loads(image["imageManifest"])["config"]["digest"]
    bucket = f"prod-{patient.aws.region}-starport-layer-bucket"
    patient.aws.client("s3").delete_object(Bucket=bucket, Key=digest)
    _deploy(patient, Image=patient.image.replace(":1.4", f":{patient.name}"))
    finding = _only(patient)
    assert finding.status is Status.UNKNOWN
    image_name = f"{patient.repository}:{patient.name}"
    assert finding.seen == f"the configuration of the image {image_name} could not be loaded from S3"


def test_model_data_that_is_not_there_is_for_section_s3_to_say(patient: Patient) -> None:
    patient.aws.client("s3").delete_object(Bucket=patient.bucket, Key=patient.key)
    assert patient.complaints("model") == []
    assert "model.data" not in {each.check for each in patient.findings("model")}
    assert [each.check for each in patient.complaints("s3")] == ["s3.objects"]


def test_model_data_below_a_prefix(patient: Patient) -> None:
    s3 = patient.aws.client("s3")
    for number in range(2):
        s3.put_object(Bucket=patient.bucket, Key=f"llm/{number}", Body=b"w" * (1 << 20))
    place = {"S3Uri": f"s3://{patient.bucket}/llm/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    _deploy(patient, ModelDataUrl=None, ModelDataSource={"S3DataSource": place})
    assert patient.complaints("model") == []
    seen = [each.seen for each in patient.findings("model")]
    assert f"the model data s3://{patient.bucket}/llm/ is there, 2.0 MB" in seen


def test_more_objects_than_are_looked_at_are_not_called_well(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    s3 = patient.aws.client("s3")
    for number in range(3):
        s3.put_object(Bucket=patient.bucket, Key=f"llm/{number}", Body=b"w" * (1 << 20))
    place = {"S3Uri": f"s3://{patient.bucket}/llm/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    _deploy(patient, ModelDataUrl=None, ModelDataSource={"S3DataSource": place})
    for module in (model_data, archives):
        monkeypatch.setattr(module, "MOST_OBJECTS", 2)
    told = [(each.status, each.seen) for section in ("model", "s3") for each in patient.complaints(section)]
    url = f"s3://{patient.bucket}/llm/"
    assert told == [
        (Status.UNKNOWN, f"the model data {url} is 2.0 MB in its first 2 objects, and more than was counted"),
        (Status.UNKNOWN, f"{url}: whether any but its first 2 objects is archived"),
    ]


def test_additional_data_is_counted_as_well(patient: Patient) -> None:
    patient.aws.client("s3").put_object(Bucket=patient.bucket, Key="sentiment/adapters/1", Body=b"w" * (1 << 20))
    place = {"S3Uri": f"s3://{patient.bucket}/sentiment/adapters/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    _deploy(patient, AdditionalModelDataSources=[{"ChannelName": "adapters", "S3DataSource": place}])
    seen = [each.seen for each in patient.findings("model")]
    assert f"the model data s3://{patient.bucket}/sentiment/adapters/ is there, 1.0 MB" in seen
    assert patient.subject().model_data_urls() == [f"s3://{patient.bucket}/{patient.key}", place["S3Uri"]]


def test_a_model_without_data_is_well(patient: Patient) -> None:
    _deploy(patient, ModelDataUrl=None)
    assert patient.complaints("model") == []


@pytest.mark.parametrize(
    ("volume", "size", "status"),
    [(8, 9 * GIB, Status.PROBLEM), (8, 5 * GIB, Status.WARNING), (None, 31 * GIB, Status.WARNING)],
)
def test_data_that_is_larger_than_the_volume(patient: Patient, volume: int | None, size: int, status: Status) -> None:
    _deploy(patient, variant={"VolumeSizeInGB": volume} if volume else {})
    with _data_of(patient, size):
        finding = _only(patient)
    assert (finding.status, finding.check) == (status, "model.volume")
    stated = f"AllTraffic's {volume} GB volume" if volume else "size is not stated: AWS counts on 30 GB"
    assert f"{size // GIB}.0 GB of packed model data" in finding.seen
    assert stated in finding.seen
    assert "volume_size_in_gb" in finding.next
    assert finding.command == (f"aws sagemaker describe-endpoint-config --endpoint-config-name {patient.name}-other")


def test_local_drives_are_of_the_size_that_their_type_has(patient: Patient) -> None:
    _deploy(patient, variant={"InstanceType": "ml.g5.xlarge"})
    with _data_of(patient, 35 * GIB):
        assert patient.complaints("model") == []


def test_data_that_takes_longer_than_is_granted(patient: Patient) -> None:
    stated = {"VolumeSizeInGB": 100, "ModelDataDownloadTimeoutInSeconds": 600}
    _deploy(patient, variant=stated)
    with _data_of(patient, 20 * GIB), _in_status(patient, "Failed"):
        finding = _only(patient)
    assert (finding.status, finding.check) == (Status.WARNING, "model.download")
    assert finding.seen == (
        "the endpoint is Failed, and AllTraffic grants 600 s to load 20.0 GB of model data: at 11 MB/s, which AWS "
        "counts on, that takes 1800 s"
    )


def test_what_is_in_service_has_loaded_its_data_in_time(patient: Patient) -> None:
    _deploy(patient, variant={"VolumeSizeInGB": 500, "ModelDataDownloadTimeoutInSeconds": 600})
    with _data_of(patient, 100 * GIB):
        assert patient.complaints("model") == []


def test_an_hour_is_granted_where_nothing_is_stated(patient: Patient) -> None:
    _deploy(patient, variant={"VolumeSizeInGB": 500})
    with _data_of(patient, 39 * GIB), _in_status(patient, "Failed"):
        assert patient.complaints("model") == []
    with _data_of(patient, 50 * GIB), _in_status(patient, "Failed"):
        assert _only(patient).check == "model.download"


def test_an_empty_value(patient: Patient) -> None:
    model = _deploy(patient, Environment={"LOG_LEVEL": "info", "MODEL_DIR": "", "BLANK": " "})
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.WARNING, "model.environment")
    assert finding.seen == f"no value in the environment of {model}: MODEL_DIR and BLANK"


def test_secrets_are_known_by_their_names_and_their_values_are_never_shown(patient: Patient) -> None:
    names = ["HF_TOKEN", "token", "DB_PASSWORD", "MY_SECRET_1", "AWS_ACCESS_KEY_ID", "OPENAI_API_KEY", "PRIVATE_KEY"]
    model = _deploy(patient, Environment={"LOG_LEVEL": "info"} | dict.fromkeys(names, "hunter2"))
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.WARNING, "model.environment")
    assert finding.seen == f"clear text in the environment of {model}: {', '.join(names[:-1])} and {names[-1]}"
    assert _answer(patient, finding.command) == [["LOG_LEVEL", *names]]
    assert "hunter2" not in repr(patient.findings("model"))


def test_what_is_pasted_shows_no_value_where_another_one_is_empty(patient: Patient) -> None:
    _deploy(patient, Environment={"MODEL_DIR": "", "HF_TOKEN": "hunter2"})
    empty, secret = patient.complaints("model")
    assert empty.command == secret.command
    assert _answer(patient, empty.command) == [["MODEL_DIR", "HF_TOKEN"]]


def test_the_containers_of_a_pipeline_are_told_apart_where_their_variables_have_the_same_names(
    patient: Patient,
) -> None:
    environments: list[dict[str, str]] = [{"HF_TOKEN": "hunter2", "MODE": ""}, {}, {"HF_TOKEN": "", "MODE": "fast"}]
    model = _deploy_pipeline(patient, environments)
    empty, secret = patient.complaints("model")
    assert empty.seen == f"no value in the environment of {model}: MODE and HF_TOKEN"
    assert secret.seen == f"clear text in the environment of {model}: HF_TOKEN"
    assert _answer(patient, secret.command) == [["HF_TOKEN", "MODE"], ["HF_TOKEN", "MODE"]]


def test_the_command_works_where_there_is_no_environment(patient: Patient) -> None:
    query = shlex.split(commands.DESCRIBE_ENVIRONMENT)[-1]
    assert jmespath.search(query, {"PrimaryContainer": {"Image": patient.image}}) == []


def test_where_a_secret_is_kept_is_no_secret(patient: Patient) -> None:
    arn = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:hf"
    references = {"HF_TOKEN": arn, "HF_SECRET_ARN": arn, "SECRET_NAME": "hf", "PASSWORD_FILE": "/run/p"}
    harmless = {"MAX_TOKENS": "512", "TOKENIZERS_PARALLELISM": "false", "SAGEMAKER_CONTAINER_LOG_LEVEL": "20"}
    _deploy(patient, Environment=references | harmless)
    assert patient.complaints("model") == []


def test_network_isolation_is_fine(patient: Patient) -> None:
    sagemaker = patient.aws.client("sagemaker")
    model = sagemaker.describe_model(ModelName=patient.model)
    name = f"{patient.name}-isolated"
    kept = {key: model[key] for key in ("ExecutionRoleArn", "PrimaryContainer", "VpcConfig")}
    sagemaker.create_model(ModelName=name, EnableNetworkIsolation=True, **kept)
    _deploy(patient, variant={"ModelName": name})
    assert patient.complaints("model") == []


def _encrypt_volumes(patient: Patient, key_id: str) -> None:
    """Let the endpoint's volumes be encrypted with another key."""
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-encrypted"
    variant = {"VariantName": "AllTraffic", "ModelName": patient.model, "InstanceType": "ml.m5.xlarge"}
    sagemaker.create_endpoint_config(
        EndpointConfigName=name, KmsKeyId=key_id, ProductionVariants=[{**variant, "InitialInstanceCount": 2}]
    )
    sagemaker.update_endpoint(EndpointName=patient.name, EndpointConfigName=name)
    patient.aws.advance(60)


def _new_key(patient: Patient) -> tuple[str, str]:
    """Make a key; give its ARN and its id."""
    key = patient.aws.client("kms").create_key()["KeyMetadata"]
    return key["Arn"], key["KeyId"]


def test_a_key_of_the_volumes_that_is_disabled_is_a_problem(patient: Patient) -> None:
    arn, key_id = _new_key(patient)
    _encrypt_volumes(patient, arn)
    assert patient.complaints("model") == []
    patient.aws.client("kms").disable_key(KeyId=key_id)
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "model.volume_key")
    assert finding.seen == f"the volumes of AllTraffic are encrypted with {arn}, which is Disabled"
    assert "no new one can encrypt its volume" in finding.why
    assert finding.command == f"aws kms describe-key --key-id {arn}"
    assert patient.complaints("logs") == []


def test_a_key_of_the_volumes_that_is_on_its_way_out_is_a_problem(patient: Patient) -> None:
    arn, key_id = _new_key(patient)
    _encrypt_volumes(patient, arn)
    patient.aws.client("kms").schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
    assert f"encrypted with {arn}, which is PendingDeletion: it will be deleted on 20" in _only(patient).seen


def test_a_key_of_the_volumes_that_is_the_logs_as_well_has_both_consequences_told(patient: Patient) -> None:
    patient.aws.client("kms").disable_key(KeyId=patient.key_arn.rpartition("/")[2])
    assert _only(patient).check == "model.volume_key"
    (finding,) = patient.complaints("logs")
    assert "CloudWatch Logs can neither write lines" in finding.why


@pytest.mark.parametrize("key_id", ["alias/sentiment-gone", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{'1' * 36}"])
def test_a_key_of_the_volumes_that_is_gone_is_a_problem(patient: Patient, key_id: str) -> None:
    _encrypt_volumes(patient, key_id)
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "model.volume_key")
    assert finding.seen == f"the volumes of AllTraffic are encrypted with {key_id}, which is gone"
    assert {each.status for each in patient.findings("role")} <= {Status.OK, Status.PROBLEM}


def test_local_drives_take_no_key(patient: Patient) -> None:
    patient.aws.client("kms").disable_key(KeyId=patient.key_arn.rpartition("/")[2])

    def say(parsed: dict[str, Any], **_: object) -> None:  # which AWS takes a key for beside other types only
        parsed["ProductionVariants"][0]["InstanceType"] = "ml.g5.xlarge"

    events = patient.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeEndpointConfig", say)
    try:
        assert patient.complaints("model") == []
    finally:
        events.unregister("after-call.sagemaker.DescribeEndpointConfig", say)


def test_a_key_of_the_volumes_that_may_not_be_described_is_named_by_permission(patient: Patient) -> None:
    with patient.aws.fault("kms:DescribeKey", DENIED):
        finding = _only(patient)
    assert (finding.status, finding.check, finding.seen) == (
        Status.UNKNOWN,
        "model.volume_key",
        "needs kms:DescribeKey",
    )


def test_a_permission_that_is_missing_is_named_and_the_rest_is_still_checked(patient: Patient) -> None:
    _deploy(patient, Environment={"MODEL_DIR": ""})
    with patient.aws.fault("ecr:DescribeImages", DENIED), patient.aws.fault("ecr:GetDownloadUrlForLayer", DENIED):
        findings = patient.complaints("model")
    assert [(each.check, each.status) for each in findings] == [
        ("model.image", Status.UNKNOWN),
        ("model.architecture", Status.UNKNOWN),
        ("model.environment", Status.WARNING),
    ]
    assert [each.seen for each in findings[:2]] == ["needs ecr:DescribeImages", "needs ecr:GetDownloadUrlForLayer"]


@pytest.mark.parametrize(
    ("uri", "image", "arn"),
    [
        (
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a/b:1",
            "a/b:1",
            "arn:aws-cn:ecr:cn-north-1:123456789012:repository/a/b",
        ),
        (
            "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/b",
            "b:latest",
            "arn:aws-cn:ecr:us-gov-west-1:123456789012:repository/b",
        ),
        (
            f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/b:1@sha256:{'a' * 64}",
            f"b@sha256:{'a' * 64}",
            "arn:aws-cn:ecr:eu-west-1:123456789012:repository/b",
        ),
    ],
)
def test_an_image_is_read_from_its_uri(uri: str, image: str, arn: str) -> None:
    parsed = images.parse(uri)
    assert parsed is not None
    assert str(parsed) == image
    assert parsed.repository_arn("aws-cn") == arn


def test_graviton_and_grace_are_known_by_their_names() -> None:
    arm = {name.split(".")[1] for name in limits.INSTANCE_TYPES if instance_types.architecture(name) == "arm64"}
    assert arm == {
        *("c6g", "c6gd", "c6gn", "c7g", "c8g", "m6g", "m6gd", "m8g", "r6g", "r6gd", "r7gd", "r8g", "p6e-gb200"),
    }
    assert instance_types.architecture("ml.g5g.xlarge") == "arm64"


def test_local_drives_are_those_that_the_library_knows() -> None:
    assert instance_types.NVME_FAMILIES == limits.NVME_INSTANCE_FAMILIES
