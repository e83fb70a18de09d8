"""What the instances run: the image, the model's data and the environment."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import CannotCheckError, error_code, is_denied
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.section import Check
from sagemaker_endpoint_doctor.examination.subject import GoneError, Subject
from sagemaker_endpoint_doctor.facts import images, instance_types, keys, model_data, permissions, resource_policies
from sagemaker_endpoint_doctor.facts.hidden import hidden
from sagemaker_endpoint_doctor.facts.images import Image
from sagemaker_endpoint_doctor.facts.model_data import ModelData
from sagemaker_endpoint_doctor.facts.needs import pull_requests
from sagemaker_endpoint_doctor.facts.permissions import EVALUATED_HERE, Answer
from sagemaker_endpoint_doctor.facts.roles import name_of
from sagemaker_endpoint_doctor.facts.settings import (
    DEFAULT_TIMEOUT_IN_SECONDS,
    DEFAULT_VOLUME_IN_GB,
    LONGER_DOWNLOAD,
    MORE_DISK,
    resolved,
)
from sagemaker_endpoint_doctor.text.times import day
from sagemaker_endpoint_doctor.text.words import counted, listed
from sagemaker_endpoint_runbook import commands

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import ProductionVariantOutputTypeDef

_GIB = 1 << 30
_BYTES_PER_SECOND = 40 * _GIB // 3600  # as `download` explains
_SECRET = re.compile(r"(^|_)TOKEN$|PASSW(OR)?D|SECRET|API_?KEY|ACCESS_KEY|PRIVATE_KEY", re.IGNORECASE)
_REFERENCE = re.compile(r"_(ARN|NAME|FILE|PATH|UR[IL]|REGION)$", re.IGNORECASE)


def existence(subject: Subject) -> Iterator[Finding]:
    """Whether the configuration is there, and each model that it names.

    AWS documents that the configuration of a live endpoint must not be deleted, and of the consequences only one.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
    """
    try:
        gone = subject.gone_models()
    except GoneError as error:
        yield _gone(subject, error, _show_configuration(subject))
        return
    for name, missing in gone.items():
        yield _gone(subject, missing, commands.filled(commands.DESCRIBE_MODEL, model=name))


def _gone(subject: Subject, error: GoneError, command: str) -> Finding:
    return problem(
        str(error),
        why="The instances that run go on. But presumably, since AWS does not say, no other can be made from what is "
        "gone: nothing can be deployed, scaled or healed.",
        next=f"Make it anew and let the endpoint serve it: {subject.deploy}.",
        command=command,
    )


def image(subject: Subject) -> Iterator[Finding]:
    """Whether each image exists, at its tag or digest, in the endpoint's region, in a format that SageMaker takes."""
    for each in hidden(subject):
        yield unknown(each, next="Look at the image that it names as the runbook shows under Model.")
    containers = [each for name in subject.models() for each in subject.containers(name)]
    private = {each["Image"] for each in containers if "Image" in each and images.is_private(each)}
    for uri, found in _images(subject, subject.models()).items():
        if uri in private:
            yield _private_image(subject, uri)
            continue
        if found is None:
            yield unknown(
                f"the image {uri} is not in Amazon ECR, and nothing else can be asked for it",
                next="See in its own registry that it exists and for which platforms it is built.",
            )
            continue
        yield from _asked_of(found, _image(subject, found))


def _private_image(subject: Subject, uri: str) -> Finding:
    """Tell of an image whose registry can be asked from within the VPC alone: SageMaker has, if it runs.

    https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html
    """
    deployed = [
        image
        for variant in subject.deployed_variants()
        for image in variant.get("DeployedImages", [])
        if image.get("SpecifiedImage") == uri and image.get("ResolvedImage")
    ]
    if subject.endpoint()["EndpointStatus"] == "InService" and deployed:
        when = f", on {day(deployed[0]['ResolutionTime'])}" if "ResolutionTime" in deployed[0] else ""
        return ok(f"the image {uri} is in a private registry, where SageMaker found it at the last deployment{when}")
    return unknown(
        f"the image {uri} is in a private registry, which can be asked from within the VPC alone",
        next="See in the registry that it exists and for which platforms it is built.",
    )


def credentials(subject: Subject) -> Iterator[Finding]:
    """Whether the functions are there that give the credentials for private registries.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RepositoryAuthConfig.html
    """
    for arn in images.credentials_providers(each for name in subject.models() for each in subject.containers(name)):
        command = commands.filled(commands.GET_FUNCTION_CONFIGURATION, function=arn)
        try:
            state = subject.aws.functions.get_function_configuration(FunctionName=arn).get("State", "Active")
        except ClientError as error:
            if error_code(error) != "ResourceNotFoundException":
                raise
            state = "gone"
        if state in ("gone", "Failed"):
            yield problem(
                f"the function {arn}, which gives the credentials for the private registry, is {state}",
                why="No instance can be started or replaced: SageMaker cannot pull the image without them.",
                next=f"Make the function anew, or correct repository_credentials_provider_arn, then {subject.deploy}.",
                command=command,
            )
        else:
            yield ok(f"the function {arn}, which gives the credentials for the private registry, is {state}")


def package(subject: Subject) -> Iterator[Finding]:
    """Whether each model package is there, and approved; `image` says of which the content is not looked at.

    https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-approve.html
    """
    stated = [each for name in subject.models() for each in subject.stated_containers(name)]
    for arn in _names(each["ModelPackageName"] for each in stated if "ModelPackageName" in each):
        command = commands.filled(commands.DESCRIBE_MODEL_PACKAGE, package=arn)
        try:
            found = subject.model_package(arn)
        except ClientError as error:
            if not is_denied(error):
                raise
            continue
        if not found:
            yield problem(
                f"there is no model package {arn}",
                why="The instances that run go on. But presumably, since AWS does not say, no other can be made from "
                "what is gone: nothing can be deployed, scaled or healed.",
                next=f"Register the version again, correct model_package_name, then {subject.deploy}.",
                command=command,
            )
            continue
        status, approval = found["ModelPackageStatus"], found.get("ModelApprovalStatus", "")
        if status != "Completed":
            yield warning(
                f"the model package {arn} is {status}",
                why="What is deployed from it is not what was meant, or does not start.",
                next="See what the command tells of its validation; register it anew if it has failed.",
                command=command,
            )
        if approval in ("Rejected", "PendingManualApproval"):
            yield warning(
                f"the model package {arn} is {'rejected' if approval == 'Rejected' else 'not approved yet'}",
                why="What answers requests is not what those who approve models have agreed to.",
                next="Have the version approved, or deploy one that is: correct model_package_name, then "
                f"{subject.deploy}.",
                command=command,
            )
        elif status == "Completed":
            yield ok(f"the model package {arn} is there" + (", and approved" if approval == "Approved" else ""))


def _image(subject: Subject, image: Image) -> Iterator[Finding]:
    """Look at one image.

    It "must be in the same region as the model or endpoint":
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
    """
    command = commands.filled(commands.DESCRIBE_IMAGES, **image.names())
    if image.region != subject.names.region:
        yield problem(
            f"the image {image} is in {image.region}, the endpoint in {subject.names.region}",
            why="SageMaker wants the image in the endpoint's own region: no instance can be started or replaced.",
            next=f"Push it to a repository in {subject.names.region}, correct image, then {subject.deploy}.",
            command=command,
        )
    try:
        with images.registry_of(subject, image):
            details = images.describe(subject, image)
    except ClientError as error:
        if not images.is_gone(error):
            raise
        what = "repository" if error_code(error) == "RepositoryNotFoundException" else "image"
        yield problem(
            f"there is no {what} {image.repository if what == 'repository' else image} in account {image.account_id}'s "
            f"registry in {image.region}",
            why="No instance can be started or replaced: SageMaker cannot pull the image.",
            next=f"Push the image again, or correct image, then {subject.deploy}.",
            command=command,
        )
        return
    media_type = details.get("imageManifestMediaType", "")
    if ".oci." in media_type:
        # https://github.com/aws/amazon-sagemaker-feedback/issues/180
        yield warning(
            f"the image {image} is in the format {media_type}",
            why="SageMaker has been seen to refuse images in an OCI format: the next deployment may fail.",
            next="Build it with docker buildx build --provenance=false --output type=registry,oci-mediatypes=false, "
            "then push it under a new tag.",
            command=command,
        )
        return
    yield ok(f"the image {image} is in ECR, pushed {day(details['imagePushedAt'])}")


def pull(subject: Subject) -> Iterator[Finding]:
    """Whether the role may pull each image, by its own policies and the repository's.

    But for those of model packages: AWS does not say whether it is the role that pulls them.
    """
    for role_arn in subject.role_arns():
        partition = role_arn.split(":")[1]
        stated = [each for name in subject.models_of(role_arn) for each in subject.stated_containers(name)]
        for image in dict.fromkeys(filter(None, map(images.of_container, stated))):
            yield from _asked_of(image, _pull(subject, role_arn, image, image.repository_arn(partition)))


def _pull(subject: Subject, role_arn: str, image: Image, repository_arn: str) -> Iterator[Finding]:
    role = name_of(role_arn)
    answers = permissions.ask(subject, role_arn, pull_requests(repository_arn))
    how = "" if all(each.simulated for each in answers) else f" ({EVALUATED_HERE})"
    refused = _in_words([each for each in answers if each.is_refusal])
    unsure = _in_words([each for each in answers if each.cause and not each.is_refusal])
    if refused:
        yield problem(
            f"{role} may not pull the image {image}: {refused}{how}",
            why="No instance can be started or replaced: SageMaker pulls the image with this role.",
            next="Allow the role these actions. If the repository is another account's, its policy must allow this "
            "account to pull.",
            see={"role": "Section Role tells what else it may not."},
            command=commands.filled(commands.GET_REPOSITORY_POLICY, **image.names()),
        )
    if unsure:
        yield unknown(f"whether {role} may pull the image {image}: {unsure}{how}")
    if refused or unsure:
        return
    if image.account_id == subject.account_id() or _shows_its_policy(subject, image, repository_arn):
        yield ok(f"{role} may pull the image {image}{how}")
    else:
        yield ok(f"{role} may pull the image {image}{how}: its owner alone sees the repository's policy")


def _shows_its_policy(subject: Subject, image: Image, repository_arn: str) -> bool:
    """Tell whether another account's registry shows the repository's policy, which `ask` goes without otherwise.

    Those of AWS's Deep Learning Containers do not, and let every account pull: the caller sees the image itself.
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html

    Raises:
        CannotCheckError: It shows neither the policy nor the image.
    """
    with images.registry_of(subject, image):
        try:
            resource_policies.find(subject, repository_arn)
        except ClientError as error:
            if not is_denied(error) or not images.is_readable(subject, image):
                raise
            return False
    return True


def _in_words(answers: Sequence[Answer]) -> str:
    causes = dict.fromkeys(each.cause for each in answers)
    by_cause = {cause: listed(each.request.action for each in answers if each.cause == cause) for cause in causes}
    return "; ".join(f"{actions}, {cause}" for cause, actions in by_cause.items())


def architecture(subject: Subject) -> Iterator[Finding]:
    """Whether each image is built for the processors of its instances."""
    for variant in _variants_with_instances(subject):
        for image in _images_of(subject, variant["ModelName"]):
            yield from _asked_of(image, _architecture(subject, variant, image))


def _architecture(subject: Subject, variant: "ProductionVariantOutputTypeDef", image: Image) -> Iterator[Finding]:
    name, kind = variant["VariantName"], variant["InstanceType"]
    needed = instance_types.architecture(kind)
    with images.registry_of(subject, image):
        built = images.architectures(subject, image)
    if needed in built:
        yield ok(f"the image {image} is built for {needed}, as {name}'s {kind} needs")
    elif built:
        yield problem(
            f"the image {image} is built for {listed(sorted(built))}, and {name}'s {kind} needs {needed}",
            why="The container ends at its start, with exec format error in the logs.",
            next=f"Build the image with --platform linux/{needed} and push it under a new tag, or take an instance "
            f"type of the image's architecture, then {subject.deploy}.",
            command=commands.filled(commands.BATCH_GET_IMAGE, **image.names()),
        )


def data(subject: Subject) -> Iterator[Finding]:
    """How much model data there is; that there is none is said under S3."""
    for each in _data(subject):
        extent = model_data.extent(subject, each)
        if extent and extent.is_all:
            yield ok(f"the model data {each} is there, {_size(extent.size)}")
        elif extent:
            yield unknown(
                f"the model data {each} is {_size(extent.size)} in its first {extent.objects:,} objects, and more than "
                "was counted",
                next="Count it with aws s3 ls --recursive --summarize, and compare it with the size of the volume.",
            )


def folders(subject: Subject) -> Iterator[Finding]:
    """Whether there are empty objects among the data, which the S3 console makes for folders.

    Their keys end in a slash, "leading to model deployment failure":
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html
    """
    for each in _data(subject):
        if not each.is_prefix or not each.is_loaded_at_start:
            continue
        extent = model_data.extent(subject, each)
        if extent and extent.folders:
            yield problem(
                f"{counted(len(extent.folders), 'empty object')} for folders among the model data {each}, such as "
                f"{extent.folders[0]}",
                why="SageMaker refuses such names: no instance can be started or replaced.",
                next="Delete these objects, which the S3 console makes with Create folder; aws s3 cp makes none.",
                command=commands.filled(commands.LIST_OBJECTS, bucket=each.bucket, key=each.key),
            )


def volume(subject: Subject) -> Iterator[Finding]:
    """Whether the data fits on the instances' volume; local NVMe drives are a matter of the instance type."""
    for variant, size, is_packed in _loads(subject):
        stated = variant.get("VolumeSizeInGB")
        space = (stated or DEFAULT_VOLUME_IN_GB) * _GIB
        if instance_types.has_local_storage(variant["InstanceType"]) or size * (2 if is_packed else 1) <= space:
            continue
        volume = (
            f"{stated} GB volume"
            if stated
            else f"volume, whose size is not stated: AWS counts on {DEFAULT_VOLUME_IN_GB} GB"
        )
        report = problem if stated and size > space else warning
        yield report(
            f"{_size(size)} of {'packed ' if is_packed else ''}model data for {variant['VariantName']}'s {volume}",
            why="An instance whose volume is full does not start. Packed data needs room for the archive and for what "
            "is in it.",
            next=resolved(
                subject, f"Make the data smaller, or {MORE_DISK}, well above its size packed and unpacked; then "
            )
            + f"{subject.deploy}.",
            command=_show_configuration(subject),
        )


def volume_key(subject: Subject) -> Iterator[Finding]:
    """Whether the key of the instances' volumes can be used; local NVMe drives take none.

    What runs goes on until its volume is attached anew, which for a new instance is at once.
    https://docs.aws.amazon.com/kms/latest/developerguide/unusable-kms-keys.html
    Of a serverless variant it encrypts the copy of the image that SageMaker keeps.
    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-create.html
    """
    key_id = subject.configuration().get("KmsKeyId")
    if not key_id:
        return
    volumes = [
        each["VariantName"]
        for each in subject.variants()
        if "InstanceType" in each and not instance_types.has_local_storage(each["InstanceType"])
    ]
    copies = [each["VariantName"] for each in subject.variants() if "ServerlessConfig" in each]
    if volumes:
        yield _encrypted(
            subject,
            f"the volumes of {listed(volumes)} are",
            key_id,
            why="The instances that run go on, but no new one can encrypt its volume: the endpoint cannot be updated, "
            "scaled or healed.",
        )
    if copies:
        yield _encrypted(
            subject,
            f"the copy of the image of {listed(copies)} is",
            key_id,
            why="SageMaker starts a container from that copy when requests come: presumably it cannot any more.",
        )


def _encrypted(subject: Subject, what: str, key_id: str, *, why: str) -> Finding:
    key = keys.describe(subject, key_id)
    if keys.is_usable(key):
        return ok(f"{what} encrypted with {key_id}, which is enabled")
    return problem(
        f"{what} encrypted with {key_id}, which is {keys.state(key)}",
        why=why,
        next="In KMS, cancel its deletion if it is to be deleted, and enable it. If it is gone already, give the "
        f"configuration another, then {subject.deploy}.",
        command=commands.filled(commands.DESCRIBE_KEY, kms_key=key_id),
    )


def download(subject: Subject) -> Iterator[Finding]:
    """Whether the data can be loaded in the time that is granted for it; what is in service has been.

    AWS advises to mind the time-out from 40 GB on, and an hour is the most that can be granted: that is the speed that
    is counted on here. Instances may well be faster.
    https://docs.aws.amazon.com/sagemaker/latest/dg/large-model-inference-hosting.html
    """
    status = subject.endpoint()["EndpointStatus"]
    if status == "InService":
        return
    for variant, size, _ in _loads(subject):
        granted = variant.get("ModelDataDownloadTimeoutInSeconds", DEFAULT_TIMEOUT_IN_SECONDS)
        needed = size // _BYTES_PER_SECOND
        if needed > granted:
            yield warning(
                f"the endpoint is {status}, and {variant['VariantName']} grants {granted} s to load {_size(size)} of "
                f"model data: at {_BYTES_PER_SECOND // 1_000_000} MB/s, which AWS counts on, that takes {needed} s",
                why="An instance that has not loaded the data in time is given up.",
                next=resolved(subject, f"Make the data smaller, or {LONGER_DOWNLOAD}; then {subject.deploy}."),
                command=_show_configuration(subject),
            )


def environment(subject: Subject) -> Iterator[Finding]:
    """Whether variables are empty, or by their names hold secrets. Values are never shown."""
    for name in subject.models():
        variables = [pair for each in subject.containers(name) for pair in each.get("Environment", {}).items()]
        empty = _names(key for key, value in variables if not value.strip())
        secret = _names(key for key, value in variables if value.strip() and _is_secret(key, value))
        show = commands.filled(commands.DESCRIBE_ENVIRONMENT, model=name)
        if empty:
            yield warning(
                f"no value in the environment of {name}: {listed(empty)}",
                why="A container often takes an empty value for a setting, not for none.",
                next=f"Give it a value in environment, or leave it out, then {subject.deploy}.",
                command=show,
            )
        if secret:
            yield warning(
                f"clear text in the environment of {name}: {listed(secret)}",
                why="Whoever may describe the model reads it, and what it is deployed with keeps it in its state.",
                next="Keep it in AWS Secrets Manager and let the container fetch it with the role; then replace it "
                "where it is used, since it has been readable.",
                command=show,
            )
        if variables and not empty and not secret:
            yield ok(f"the environment of {name}: {listed(_names(key for key, _ in variables))}")


def _asked_of(image: Image, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Send the commands to the image's region, and let what cannot be checked of one image not hide the others."""
    try:
        for each in findings:
            yield replace(each, region=image.region)
    except CannotCheckError as error:
        yield unknown(str(error))


def _names(names: Iterable[str]) -> list[str]:
    """Give each name once: the containers of a pipeline may have the same."""
    return list(dict.fromkeys(names))


def _is_secret(name: str, value: str) -> bool:
    """Tell by its name, unless it only says where the secret is."""
    return bool(_SECRET.search(name)) and not _REFERENCE.search(name) and not value.startswith("arn:")


def _images(subject: Subject, model_names: Iterable[str]) -> dict[str, Image | None]:
    """Give every image of some models by its URI; None for one that is not in ECR."""
    containers = [each for name in model_names for each in subject.containers(name)]
    return {each["Image"]: images.of_container(each) for each in containers if "Image" in each}


def _images_of(subject: Subject, model_name: str) -> list[Image]:
    found = map(images.of_container, subject.containers(model_name))
    return list(dict.fromkeys(image for image in found if image))


def _data(subject: Subject) -> list[ModelData]:
    containers = [each for name in subject.models() for each in subject.containers(name)]
    return list(dict.fromkeys(data for each in containers for data in model_data.of_container(each)))


def _variants_with_instances(subject: Subject) -> "Iterator[ProductionVariantOutputTypeDef]":
    """Yield the variants that have instances of their own and a model: not the serverless ones."""
    models = subject.models()
    for variant in subject.variants():
        if "InstanceType" in variant and variant.get("ModelName") in models:
            yield variant


def _loads(subject: Subject) -> "Iterator[tuple[ProductionVariantOutputTypeDef, int, bool]]":
    """Yield how much each variant loads at its start, and whether any of it is packed."""
    for variant in _variants_with_instances(subject):
        loaded = [
            (extent.size, each.is_packed)
            for container in subject.containers(variant["ModelName"])
            for each in model_data.of_container(container)
            if each.is_loaded_at_start and (extent := model_data.extent(subject, each))
        ]
        if loaded:
            yield variant, sum(size for size, _ in loaded), any(is_packed for _, is_packed in loaded)


def _show_configuration(subject: Subject) -> str:
    return commands.filled(commands.DESCRIBE_ENDPOINT_CONFIG, configuration=subject.configuration_name())


def _size(size: int) -> str:
    units = ((_GIB, "GB"), (1 << 20, "MB"), (1 << 10, "KB"))
    return next((f"{size / unit:.1f} {name}" for unit, name in units if size >= unit), f"{size} bytes")


def _where_there(check: Check) -> Check:
    """Let a check be silent about what is gone: `existence` says it."""

    @wraps(check)
    def silent(subject: Subject) -> Iterator[Finding]:
        with suppress(GoneError):
            yield from check(subject)

    return silent


_OF_MODELS = (package, image, credentials, pull, architecture, data, folders, volume, volume_key, download, environment)
CHECKS = (existence, *map(_where_there, _OF_MODELS))
