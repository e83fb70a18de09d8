"""What is examined: the endpoint, and what each section needs to know of it, asked of AWS once."""

import re
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sagemaker_endpoint_doctor.aws.client import Aws
from sagemaker_endpoint_doctor.aws.errors import UNANSWERED, CannotCheckError, error_code, is_denied

from botocore.exceptions import BotoCoreError, ClientError

from . import packages
from .names import Names

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import (
        ContainerDefinitionOutputTypeDef,
        DescribeEndpointConfigOutputTypeDef,
        DescribeEndpointOutputTypeDef,
        DescribeModelOutputTypeDef,
        DescribeModelPackageOutputTypeDef,
        ProductionVariantOutputTypeDef,
        ProductionVariantSummaryTypeDef,
        VpcConfigOutputTypeDef,
    )

T = TypeVar("T")
# What Terraform appends to a `name_prefix`: a time and a counter.
# https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/id/id.go
_UNIQUE = re.compile("[0-9]{18}[0-9a-f]{8}$")


class Subject:
    """The endpoint under examination. Each question is put to AWS once, however many sections and threads ask it.

    A question that AWS does not answer raises the same error for everybody who asks.

    Attributes:
        names: The names that it began with.
        aws: The AWS clients.
        now: The time of the examination.
        since: How far back to look in logs and metrics.
    """

    def __init__(self, *, names: Names, aws: Aws, now: datetime, since: timedelta) -> None:
        self.names = names
        self.aws = aws
        self.now = now
        self.since = since
        self._answers: dict[str, _Once[Any]] = {}
        self._lock = threading.Lock()

    @property
    def log_group_name(self) -> str:
        """https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html."""
        return f"/aws/sagemaker/Endpoints/{self.names.endpoint_name}"

    @property
    def is_of_terraform(self) -> bool:
        """Tell whether it is known to be Terraform's: by its outputs, the configuration's name, or a tag."""
        return self.names.endpoint_config_name is not None or self.once("whose it is", self._looks_like_terraforms)

    @property
    def deploy(self) -> str:
        """Say how a correction reaches the endpoint; of Terraform only where it is known to be Terraform's."""
        return "run terraform apply" if self.is_of_terraform else "deploy again"

    def account_id(self) -> str:
        """Give the caller's account."""
        return self.once("account", lambda: self.aws.sts.get_caller_identity()["Account"])

    def endpoint(self) -> "DescribeEndpointOutputTypeDef":
        """Give the endpoint, as DescribeEndpoint does.

        Raises:
            CannotCheckError: There is none.
        """
        return self.once("endpoint", self._describe_endpoint)

    def exists(self) -> bool:
        """Tell whether there is such an endpoint."""
        try:
            self.endpoint()
        except NoSuchEndpointError:
            return False
        return True

    def is_asynchronous(self) -> bool:
        """Tell whether it takes requests into a queue; then it may have no instance until one comes.

        https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
        """
        return bool(self.endpoint().get("AsyncInferenceConfig"))

    def deployed_variants(self) -> "list[ProductionVariantSummaryTypeDef]":
        """Give the variants as they are now, the shadow variants last."""
        endpoint = self.endpoint()
        return [*endpoint.get("ProductionVariants", []), *endpoint.get("ShadowProductionVariants", [])]

    def configuration(self) -> "DescribeEndpointConfigOutputTypeDef":
        """Give the live configuration, as DescribeEndpointConfig does.

        Raises:
            GoneError: Somebody deleted it.
        """
        return self.configuration_named(self.configuration_name())

    def configuration_name(self) -> str:
        """Give the live configuration's name, or that of Terraform's where AWS does not tell of the endpoint."""
        try:
            return self.endpoint()["EndpointConfigName"]
        except (BotoCoreError, ClientError):
            if self.names.endpoint_config_name is None:
                raise
            return self.names.endpoint_config_name

    def configuration_named(self, name: str) -> "DescribeEndpointConfigOutputTypeDef":
        """Give a configuration that the endpoint names.

        Raises:
            GoneError: Somebody deleted it.
        """
        return self.once(f"configuration {name}", lambda: self._describe_configuration(name))

    def variants(self) -> "list[ProductionVariantOutputTypeDef]":
        """Give the variants of the live configuration, the shadow variants last."""
        configuration = self.configuration()
        return [*configuration["ProductionVariants"], *configuration.get("ShadowProductionVariants", [])]

    def model(self, name: str) -> "DescribeModelOutputTypeDef":
        """Give a model, as DescribeModel does.

        Raises:
            GoneError: Somebody deleted it.
        """
        return self.once(f"model {name}", lambda: self._describe_model(name))

    def models(self) -> "dict[str, DescribeModelOutputTypeDef]":
        """Give the models that the variants use, by name, but for those of them that are gone.

        Raises:
            GoneError: All of them are.
        """
        gone = self.gone_models()
        names = self._model_names()
        if gone and len(gone) == len(names):
            raise next(iter(gone.values()))
        return {name: self.model(name) for name in names if name not in gone}

    def gone_models(self) -> "dict[str, GoneError]":
        """Give the models that the variants name and that somebody deleted, each with the error that says so."""
        errors = {name: self._missing(name) for name in self._model_names()}
        return {name: error for name, error in errors.items() if error}

    def _missing(self, model_name: str) -> "GoneError | None":
        try:
            self.model(model_name)
        except GoneError as error:
            return error
        return None

    def _model_names(self) -> list[str]:
        return _distinct(variant["ModelName"] for variant in self.variants() if "ModelName" in variant)

    def containers(self, model_name: str) -> "list[ContainerDefinitionOutputTypeDef]":
        """Give a model's container, or those of its pipeline; in a model package's place, what the package holds."""
        return [each for stated in self.stated_containers(model_name) for each in self._opened(stated)]

    def stated_containers(self, model_name: str) -> "list[ContainerDefinitionOutputTypeDef]":
        """Give a model's container, or those of its pipeline, as the model states them."""
        model = self.model(model_name)
        return [model["PrimaryContainer"]] if "PrimaryContainer" in model else model.get("Containers", [])

    def model_package(self, name: str) -> "DescribeModelPackageOutputTypeDef | None":
        """Give a model package by its ARN, as DescribeModelPackage does; None if there is none."""
        return self.once(f"model package {name}", lambda: self._describe_package(name))

    def _opened(self, stated: "ContainerDefinitionOutputTypeDef") -> "list[ContainerDefinitionOutputTypeDef]":
        """Give what stands in a model package; the container itself where it is none, or nobody here may see it."""
        if "ModelPackageName" not in stated or "Image" in stated:
            return [stated]
        try:
            package = self.model_package(stated["ModelPackageName"])
        except ClientError as error:
            if is_denied(error):
                return [stated]
            raise
        if not package or packages.is_of_marketplace(package, self.account_id()):
            return [stated]
        return packages.containers(package, stated)

    def security_group_ids(self) -> list[str]:
        """Give the groups by which to find the endpoint's network interfaces: the one that is known, if one is."""
        return [self.names.security_group_id] if self.names.security_group_id else self._model_group_ids()

    def interface_group_ids(self) -> list[str]:
        """Give all groups that the endpoint's network interfaces are in: their rules add up.

        https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
        """
        return self._model_group_ids() or self.security_group_ids()

    def _model_group_ids(self) -> list[str]:
        return _distinct(
            each for network in self.networks(self.models().values()) for each in network.get("SecurityGroupIds", [])
        )

    def subnet_ids(self) -> list[str]:
        """Give the subnets of the endpoint's network interfaces."""
        return _distinct(
            each for network in self.networks(self.models().values()) for each in network.get("Subnets", [])
        )

    def networks(
        self, models: "Iterable[DescribeModelOutputTypeDef]", *, with_configuration: bool = True
    ) -> "list[VpcConfigOutputTypeDef]":
        """Give where models run in a VPC, and where the variants do that have none of their own.

        Those take it from the configuration:
        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
        """
        settings = [*models, *([self.configuration()] if with_configuration else [])]
        return [each["VpcConfig"] for each in settings if each.get("VpcConfig")]

    def role_arns(self) -> list[str]:
        """Give the execution roles: the one that is known by name, and those that the endpoint runs with."""
        named = [self.names.execution_role_arn] if self.names.execution_role_arn else []
        try:
            settings = [*self.models().values(), self.configuration()]
        except (ClientError, NoSuchEndpointError, GoneError) as error:
            if named and (not isinstance(error, ClientError) or is_denied(error)):
                return named
            raise
        return _distinct([*named, *(each["ExecutionRoleArn"] for each in settings if "ExecutionRoleArn" in each)])

    def models_of(self, role_arn: str) -> "dict[str, DescribeModelOutputTypeDef]":
        """Give the models that run with a role, by name: all of them for one that nothing runs with yet."""
        own = {name: model for name, model in self.models().items() if model.get("ExecutionRoleArn") == role_arn}
        return own if own or self.is_of_configuration(role_arn) else self.models()

    def is_of_configuration(self, role_arn: str) -> bool:
        """Tell whether a role is the configuration's own: that of the variants without a model."""
        return self.configuration().get("ExecutionRoleArn") == role_arn

    def model_data_urls(self) -> list[str]:
        """Give the places in S3 that the models' data is loaded from."""
        return _distinct(
            url
            for name in self.models()
            for container in self.containers(name)
            for url in [
                container.get("ModelDataUrl"),
                container.get("ModelDataSource", {}).get("S3DataSource", {}).get("S3Uri"),
                *(each["S3DataSource"]["S3Uri"] for each in container.get("AdditionalModelDataSources", [])),
            ]
            if url
        )

    def once(self, question: str, ask: Callable[[], T]) -> T:
        """Put a question to AWS once for all who ask it, such as a section's checks; its words tell it from others."""
        with self._lock:
            once: _Once[T] = self._answers.setdefault(question, _Once(ask))
        return once.answer()

    def _looks_like_terraforms(self) -> bool:
        """Look for a name that Terraform makes of a `name_prefix`, and for a tag that names Terraform or CDKTF."""
        try:
            endpoint = self.endpoint()
            if _UNIQUE.search(endpoint["EndpointConfigName"]):
                return True
            pages = self.aws.sagemaker.get_paginator("list_tags").paginate(ResourceArn=endpoint["EndpointArn"])
            tags = [tag for page in pages for tag in page["Tags"]]
        except UNANSWERED:
            return False
        return any(re.search("terraform|cdktf", f"{tag['Key']} {tag['Value']}", re.IGNORECASE) for tag in tags)

    def _describe_endpoint(self) -> "DescribeEndpointOutputTypeDef":
        name = self.names.endpoint_name
        try:
            return self.aws.sagemaker.describe_endpoint(EndpointName=name)
        except ClientError as error:
            if _is_not_found(error):
                raise NoSuchEndpointError(
                    f"there is no endpoint {name!r} in {self.names.region} of account {self.account_id()}"
                ) from error
            raise

    def _describe_configuration(self, name: str) -> "DescribeEndpointConfigOutputTypeDef":
        try:
            return self.aws.sagemaker.describe_endpoint_config(EndpointConfigName=name)
        except ClientError as error:
            if _is_not_found(error):
                raise GoneError(f"the configuration {name}, which the endpoint names, is gone") from error
            raise

    def _describe_model(self, name: str) -> "DescribeModelOutputTypeDef":
        try:
            return self.aws.sagemaker.describe_model(ModelName=name)
        except ClientError as error:
            if _is_not_found(error):
                raise GoneError(f"the model {name}, which the live configuration names, is gone") from error
            raise

    def _describe_package(self, name: str) -> "DescribeModelPackageOutputTypeDef | None":
        try:
            return self.aws.sagemaker.describe_model_package(ModelPackageName=name)
        except ClientError as error:
            if _is_missing_package(error):
                return None
            raise


class NoSuchEndpointError(CannotCheckError):
    """The endpoint is not there, so nothing of it can be checked."""


class GoneError(CannotCheckError):
    """Somebody deleted what the endpoint is made of: its configuration or a model."""


class _Once(Generic[T]):
    """Puts a question once, and gives everybody the same answer or error."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._answer: list[T] = []
        self._error: Exception | None = None

    def answer(self) -> T:
        with self._lock:
            if self._error:
                raise self._error
            if not self._answer:
                try:
                    self._answer.append(self._ask())
                except Exception as error:
                    self._error = error
                    raise
            return self._answer[0]


def _is_not_found(error: ClientError) -> bool:
    """Tell by AWS's words: its code for what is missing is that of whatever else it does not accept."""
    words = error.response.get("Error", {}).get("Message", "")
    return error_code(error) == "ValidationException" and "Could not find" in words


def _is_missing_package(error: ClientError) -> bool:
    """Tell it from other input that AWS does not accept, by words that it documents nowhere."""
    words = error.response.get("Error", {}).get("Message", "")
    return error_code(error) == "ValidationException" and bool(re.search("does not exist|[Nn]ot find|not found", words))


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
