"""What an endpoint keeps of requests and answers: data capture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sagemaker_endpoint.access.key import chosen_key, key_arn_problems, use_statement
from sagemaker_endpoint.access.statements import Statement
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import (
    IResolvable,
    SagemakerEndpointConfiguration,
    SagemakerEndpointConfigurationDataCaptureConfig,
    SagemakerEndpointConfigurationDataCaptureConfigCaptureContentTypeHeader,
    SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions,
)
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.rules import checks, limits

from .s3_uri import DESTINATION, DESTINATION_EXAMPLE, write_statements

# AWS takes up to 32, of three modes; the provider takes two.
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_endpoint_configuration#capture_options-1
_OPTIONS = limits.Number(minimum=1, maximum=2)
_OPTION = limits.Text(min_length=1, max_length=None, pattern="|".join(limits.CAPTURE_MODES))
_CONTENT_TYPE = limits.Text(
    min_length=limits.CONTENT_TYPE.min_length,
    max_length=limits.CONTENT_TYPE.max_length,
    pattern=(limits.CONTENT_TYPE.pattern or "").replace("(", "(?:"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCaptureConfig(checks.Inputs):
    """Keeps a share of the requests and answers in Amazon S3, for a real-time endpoint on instances.

    https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html

    Attributes:
        destination_s3_uri: Where it is kept, ``s3://bucket/prefix``, at most 512 characters. SageMaker appends the
            names of endpoint and variant, and the date and hour.
        initial_sampling_percentage: The share of requests that is kept, 0 to 100 %. SageMaker stops keeping them
            where an instance's disk is nearly full.
        capture_options: One or two of ``Input``, ``Output`` and ``InputAndOutput``. Default the former two.
        csv_content_types: The content types to keep as CSV, 1 to 10, such as ``text/csv``. Default none: what is
            neither CSV nor JSON is kept in base 64.
        json_content_types: The content types to keep as JSON, 1 to 10, such as ``application/json``. Default none.
        kms_key_arn: The ARN of another key to encrypt it with than the endpoint's. That key's policy must let the
            account's IAM policies, or the role, use it. Default: the endpoint's key.
        enable_capture: Whether anything is kept at present. Default True. With False the rest stays stated.
    """

    destination_s3_uri: str
    initial_sampling_percentage: float
    capture_options: Sequence[str] = ("Input", "Output")
    csv_content_types: Sequence[str] = ()
    json_content_types: Sequence[str] = ()
    kms_key_arn: str | None = None
    enable_capture: bool | IResolvable = True

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        destination = f"{at}.destination_s3_uri"
        yield from checks.text(destination, self.destination_s3_uri, DESTINATION, example=DESTINATION_EXAMPLE)
        yield from checks.number(
            f"{at}.initial_sampling_percentage",
            self.initial_sampling_percentage,
            limits.INITIAL_SAMPLING_PERCENTAGE,
        )
        yield from checks.texts(f"{at}.capture_options", self.capture_options, _OPTIONS, _OPTION, example="Input")
        for name, types, example in (
            ("csv_content_types", self.csv_content_types, "text/csv"),
            ("json_content_types", self.json_content_types, "application/json"),
        ):
            if types not in ((), []):
                yield from checks.texts(
                    f"{at}.{name}", types, limits.CONTENT_TYPE_COUNT, _CONTENT_TYPE, example=example
                )
        if self.kms_key_arn is not None:
            yield from key_arn_problems(f"{at}.kms_key_arn", self.kms_key_arn)
        yield from checks.flag(f"{at}.enable_capture", self.enable_capture)


def statements(config: DataCaptureConfig | None, account: Account, kms_key_arn: str) -> Iterator[Statement]:
    """Yield what the role needs to write what is captured, encrypted; nothing while capture is off.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html, both actions for large objects
    """
    if config is None or config.enable_capture is False:
        return
    yield from write_statements("WriteCapturedData", [config.destination_s3_uri], account)
    key = chosen_key(config.kms_key_arn, kms_key_arn)
    yield use_statement("EncryptCapturedData", ["kms:Decrypt", "kms:GenerateDataKey"], [key])


def render(config: DataCaptureConfig, kms_key_arn: str) -> SagemakerEndpointConfigurationDataCaptureConfig:
    """Give the block. `enable_capture` is always in it: the provider takes false where it is left out."""
    option = SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions
    known = () if checks.deferred(config.capture_options) else config.capture_options
    types = {
        name: list(stated)
        for name, stated in (
            ("csv_content_types", config.csv_content_types),
            ("json_content_types", config.json_content_types),
        )
        if stated
    }
    header = SagemakerEndpointConfigurationDataCaptureConfigCaptureContentTypeHeader
    return SagemakerEndpointConfigurationDataCaptureConfig(
        destination_s3_uri=config.destination_s3_uri,
        initial_sampling_percentage=config.initial_sampling_percentage,
        capture_options=[option(capture_mode=mode) for mode in known],
        capture_content_type_header=header(**types) if types else None,
        enable_capture=config.enable_capture,
        kms_key_id=chosen_key(config.kms_key_arn, kms_key_arn),
    )


def complete(made: SagemakerEndpointConfiguration, config: DataCaptureConfig | None) -> None:
    """Write the options that Terraform alone knows as blocks that it makes."""
    if config is not None and checks.deferred(config.capture_options):
        dynamic = {
            "for_each": f"${{{expression(config.capture_options)}}}",
            "content": {"capture_mode": "${capture_options.value}"},
        }
        made.add_override("data_capture_config.capture_options", None)
        made.add_override("data_capture_config.dynamic.capture_options", [dynamic])
