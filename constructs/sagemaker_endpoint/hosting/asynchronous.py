"""What an asynchronous endpoint reads and writes, and whom it tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sagemaker_endpoint.access.key import chosen_key, key_arn_problems, use_statement
from sagemaker_endpoint.access.statements import Condition, Statement
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import (
    Construct,
    SagemakerEndpointConfigurationAsyncInferenceConfig,
    SagemakerEndpointConfigurationAsyncInferenceConfigClientConfig,
    SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfig,
    SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfig,
    SnsTopic,
    TerraformResource,
)
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import Every, Matches, Not

from .notifications import Topics, make_topic
from .s3_uri import DESTINATION, DESTINATION_EXAMPLE, accepted, objects_arn, write_statements

_TOPIC = limits.Text(min_length=1, max_length=limits.SNS_TOPIC_ARN.max_length, pattern=limits.SNS_TOPIC_ARN.pattern)
_TOPIC_EXAMPLE = "arn:aws:sns:eu-west-1:111122223333:predictions"
_SUCCESS, _ERROR = limits.ASYNC_NOTIFICATION_TOPICS
_INCLUDED = limits.Text(min_length=1, max_length=None, pattern="|".join(limits.ASYNC_NOTIFICATION_TOPICS))
_WRITE = ["s3:AbortMultipartUpload", "s3:PutObject"]
_ENCRYPT = ["kms:Decrypt", "kms:GenerateDataKey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsyncInferenceConfig(checks.Inputs):
    """Makes the endpoint asynchronous: requests wait in a queue, their payloads and answers lie in Amazon S3.

    It then answers InvokeEndpointAsync alone, and has one variant.

    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceConfig.html

    Attributes:
        s3_output_path: Where answers are written, ``s3://bucket/prefix``, at most 512 characters.
        s3_failure_path: Where the failures are written, of the same form. Default: nowhere.
        s3_input_path: The prefix that holds the payloads, of the same form, which the role may then read and list;
            `grant_invoke` lets callers upload there on request. Default none: requests from anywhere need a policy of
            yours (``execution_role.additional_policy_arns``).
        s3_input_kms_key_arn: The ARN of the key that payloads below `s3_input_path` are encrypted with, if it is not
            the endpoint's: the role may decrypt with it, and callers who upload encrypt. Default none.
        success_topic: The ARN of the Amazon SNS topic that is told of each answer. If it is encrypted with a key of
            yours, the role must be let use that (``kms:GenerateDataKey*``, ``kms:Decrypt``) by a policy of yours.
            SageMaker sends a test to it when the endpoint is made or updated. Default none.
            https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint.html
        error_topic: The same for each failure. Default none.
        create_success_topic: Whether to make the topic for answers: encrypted with the endpoint's key, and closed to
            what is not sent by TLS. Default False.
        create_error_topic: The same for failures. Default False.
        include_inference_response_in: Which notifications carry the answer, of at most 128 KB:
            ``SUCCESS_NOTIFICATION_TOPIC``, ``ERROR_NOTIFICATION_TOPIC`` or both, each with its topic. Default none.
            https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceNotificationConfig.html
        max_concurrent_invocations_per_instance: How many requests SageMaker sends to a container at once, 1 to 1,000.
            Default: SageMaker's choice.
        kms_key_arn: The ARN of another key to encrypt answers and failures with than the endpoint's. That key's policy
            must let the account's IAM policies, or the role, use it. Default: the endpoint's key.
    """

    s3_output_path: str
    s3_failure_path: str | None = None
    s3_input_path: str | None = None
    s3_input_kms_key_arn: str | None = None
    success_topic: str | None = None
    error_topic: str | None = None
    create_success_topic: bool = False
    create_error_topic: bool = False
    include_inference_response_in: Sequence[str] = ()
    max_concurrent_invocations_per_instance: float | None = None
    kms_key_arn: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        for name, uri in (
            ("s3_output_path", self.s3_output_path),
            ("s3_failure_path", self.s3_failure_path),
            ("s3_input_path", self.s3_input_path),
        ):
            optional = name != "s3_output_path"
            yield from checks.text(f"{at}.{name}", uri, DESTINATION, example=DESTINATION_EXAMPLE, optional=optional)
        for name, arn in (("s3_input_kms_key_arn", self.s3_input_kms_key_arn), ("kms_key_arn", self.kms_key_arn)):
            if arn is not None:
                yield from key_arn_problems(f"{at}.{name}", arn)
        if self.s3_input_kms_key_arn is not None and self.s3_input_path is None:
            yield f"{at}.s3_input_kms_key_arn must not be given without s3_input_path, whose objects it encrypts"
        yield from self._topic_problems(at)
        # One that Terraform alone knows may not be null there: the block around it would be empty.
        if self.max_concurrent_invocations_per_instance is not None:
            yield from checks.number(
                f"{at}.max_concurrent_invocations_per_instance",
                self.max_concurrent_invocations_per_instance,
                limits.MAX_CONCURRENT_INVOCATIONS_PER_INSTANCE,
            )

    def _topic_problems(self, at: str) -> Iterator[checks.Finding]:
        for name, arn, create in (
            ("success_topic", self.success_topic, self.create_success_topic),
            ("error_topic", self.error_topic, self.create_error_topic),
        ):
            yield from checks.known_flag(f"{at}.create_{name}", create)
            if arn is not None:
                yield from checks.text(f"{at}.{name}", arn, _TOPIC, example=_TOPIC_EXAMPLE, hint=checks.looks_like)
                if create is True:
                    yield f"{at}.create_{name} must not be True with {name}: the one that is given is told"
        included, name = self.include_inference_response_in, f"{at}.include_inference_response_in"
        if included in ((), []):
            return
        found = [*checks.texts(name, included, limits.ASYNC_NOTIFICATION_TOPIC_COUNT, _INCLUDED, example=_SUCCESS)]
        yield from found
        if any(isinstance(each, str) for each in found):
            return
        for topic, each, is_there in (
            (_SUCCESS, "success_topic", self.success_topic is not None or self.create_success_topic),
            (_ERROR, "error_topic", self.error_topic is not None or self.create_error_topic),
        ):
            sentence = f"{name} must not hold {topic!r} without {each} or create_{each}: no such topic is told"
            if is_there:
                continue
            if checks.deferred(included):
                others = Every(included, lambda one, topic=topic: Not(Matches(one, topic)))  # type: ignore[misc] # mypy infers no default's type
                yield from checks.rule(sentence, others)
            else:
                for one in included:
                    yield from checks.rule(sentence, Not(Matches(one, topic)))


def instance_type_problems(variants: object) -> Iterator[checks.Finding]:
    """Yield each variant whose instances serve no asynchronous endpoint.

    https://docs.aws.amazon.com/sagemaker/latest/dg/model-deploy-feature-matrix.html
    """
    if isinstance(variants, str | bytes) or not isinstance(variants, Sequence):
        return
    for index, variant in enumerate(variants):
        instance_type = getattr(variant, "instance_type", None)
        if isinstance(instance_type, str):
            yield from checks.rule(
                f"async_inference_config must not be given with an ml.inf1 type as production_variants[{index}]"
                ".instance_type: SageMaker serves no asynchronous endpoint on those",
                Not(Matches(instance_type, "ml[.]inf1[.].*")),
                instance_type,
            )


def notification_topics(
    scope: Construct, identity: Identity, config: AsyncInferenceConfig | None, kms_key_arn: str
) -> Topics:
    """Make the topics that are asked for, and name those that are given."""
    if config is None:
        return Topics()
    arns = {"success": config.success_topic, "error": config.error_topic}
    own: dict[str, SnsTopic] = {}
    made: list[TerraformResource] = []
    for what, create in (("success", config.create_success_topic), ("error", config.create_error_topic)):
        if create:
            own[what], policy = make_topic(
                scope,
                f"{what.capitalize()}Topic",
                identity,
                what=what,
                kms_key_arn=kms_key_arn,
            )
            arns[what] = own[what].arn
            made += [own[what], policy]
    return Topics(success_topic_arn=arns["success"], error_topic_arn=arns["error"], own=own, made=tuple(made))


def statements(
    config: AsyncInferenceConfig | None, account: Account, kms_key_arn: str, topics: Topics
) -> Iterator[Statement]:
    """Yield what the role needs to read payloads, write answers and tell of them.

    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html, both actions for large objects
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
    """
    if config is None:
        return
    outputs = [config.s3_output_path, *([] if config.s3_failure_path is None else [config.s3_failure_path])]
    yield from write_statements("WriteAnswers", outputs, account, actions=_WRITE)
    key = chosen_key(config.kms_key_arn, kms_key_arn)
    yield use_statement("EncryptAnswers", _ENCRYPT, [key])
    if config.s3_input_path is not None:
        yield from _read(config.s3_input_path, account)
    if config.s3_input_kms_key_arn is not None:
        yield use_statement("DecryptPayloads", ["kms:Decrypt"], [config.s3_input_kms_key_arn])
    if topics.arns:
        yield Statement(sid="PublishNotifications", actions=["sns:Publish"], resources=topics.arns)
    if topics.made:
        yield use_statement("EncryptNotifications", ["kms:Decrypt", "kms:GenerateDataKey*"], [kms_key_arn])


def upload_statements(config: AsyncInferenceConfig | None, account: Account) -> list[Statement]:
    """Give what a caller needs to put payloads below the input path, none without one.

    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-invoke-endpoint.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    if config is None or config.s3_input_path is None:
        return []
    found = [*write_statements("UploadPayloads", [config.s3_input_path], account, actions=_WRITE)]
    if config.s3_input_kms_key_arn is not None:
        found.append(use_statement("EncryptPayloads", _ENCRYPT, [config.s3_input_kms_key_arn]))
    return found


def _read(uri: str, account: Account) -> Iterator[Statement]:
    buckets = f"arn:{account.partition}:s3:::"
    if not checks.deferred(uri):
        bucket, _, prefix = uri.removeprefix("s3://").removesuffix("/").partition("/")
        yield Statement(sid="ReadPayloads", actions=["s3:GetObject"], resources=[objects_arn(uri, account.partition)])
        below = Condition(test="StringLike", variable="s3:prefix", values=[f"{prefix}/*"])
        yield Statement(
            sid="ListPayloads",
            actions=["s3:ListBucket"],
            resources=[f"{buckets}{bucket}"],
            conditions=[below] if prefix else [],
        )
        return
    # One that a precondition refuses, or that is null, is in no policy.
    path = f'trimsuffix(trimprefix({expression(uri)}, "s3://"), "/")'
    for_each = [accepted(uri, DESTINATION.pattern or "", path)]
    parts = 'regex("^([^/]+)(?:/(.*))?$", statement.value)'
    prefix = f'trimprefix("${{{parts}[1] == null ? "" : {parts}[1]}}/*", "/")'
    yield Statement(for_each=for_each, actions=["s3:GetObject"], resources=[f"{buckets}${{statement.value}}/*"])
    yield Statement(
        for_each=for_each,
        actions=["s3:ListBucket"],
        resources=[f"{buckets}${{{parts}[0]}}"],
        conditions=[Condition(test="StringLike", variable="s3:prefix", values=[f"${{{prefix}}}"])],
    )


def render(
    config: AsyncInferenceConfig, kms_key_arn: str, topics: Topics
) -> SagemakerEndpointConfigurationAsyncInferenceConfig:
    """Give the block."""
    client = SagemakerEndpointConfigurationAsyncInferenceConfigClientConfig
    output = SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfig
    notification = SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfig
    most = config.max_concurrent_invocations_per_instance
    return SagemakerEndpointConfigurationAsyncInferenceConfig(
        client_config=None if most is None else client(max_concurrent_invocations_per_instance=most),
        output_config=output(
            s3_output_path=config.s3_output_path,
            s3_failure_path=config.s3_failure_path,
            kms_key_id=chosen_key(config.kms_key_arn, kms_key_arn),
            notification_config=notification(
                success_topic=topics.success_topic_arn,
                error_topic=topics.error_topic_arn,
                include_inference_response_in=list(config.include_inference_response_in) or None,
            )
            if topics.arns
            else None,
        ),
    )
