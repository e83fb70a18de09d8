"""The KMS keys that the models' data is encrypted with."""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import keys, permissions
from sagemaker_endpoint_doctor.facts.model_data import ModelData
from sagemaker_endpoint_doctor.facts.policies import Request, Verdict
from sagemaker_endpoint_doctor.facts.roles import name_of
from sagemaker_endpoint_runbook import commands

from .buckets import bucket, first_object, roles_of

_NOT_LOADED = "SageMaker cannot load what it cannot decrypt: no instance can start."


def decryption(subject: Subject, place: ModelData) -> Iterator[Finding]:
    """Tell whether the key of the data is enabled, and whether the roles may decrypt with it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    found = bucket(subject, place.bucket)
    first = first_object(subject, found, place) if found else None
    if not first:
        return  # said by the checks before
    key_arn = first.get("SSEKMSKeyId")
    if not key_arn:
        yield ok(f"{place} takes no key of KMS to read")
    elif key_arn.split(":")[3] != subject.names.region:
        yield unknown(f"{place} is encrypted with {key_arn}, which is not looked at: it is of another region")
    else:
        yield from _key(subject, place, key_arn)


def _key(subject: Subject, place: ModelData, key_arn: str) -> Iterator[Finding]:
    command = commands.filled(commands.DESCRIBE_DATA_KEY, data_key=key_arn)
    key = keys.describe(subject, key_arn)
    if not keys.is_usable(key):
        yield problem(
            f"{place} is encrypted with {key_arn}, which is {key['KeyState'] if key else 'gone'}",
            why=_NOT_LOADED,
            next="Enable the key, or cancel its deletion; if it is gone, so is the data: put it there again.",
            command=command,
        )
    elif key and key.get("KeyManager") == "AWS":
        # https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
        yield ok(f"{place} is encrypted with S3's own key of the account, which every role of it may use through S3")
    else:
        for role_arn in roles_of(subject, place):
            yield _permission(subject, place, key_arn, role_arn)


def _permission(subject: Subject, place: ModelData, key_arn: str, role_arn: str) -> Finding:
    """Ask whether a role may decrypt, which S3 does for it.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    """
    suffix = "amazonaws.com.cn" if key_arn.split(":")[1] == "aws-cn" else "amazonaws.com"
    context = {
        "kms:CallerAccount": role_arn.split(":")[4],
        "kms:ViaService": f"s3.{key_arn.split(':')[3]}.{suffix}",
    }
    (answer,) = permissions.ask(subject, role_arn, [Request(action="kms:Decrypt", resource=key_arn, context=context)])
    role = name_of(role_arn)
    command = commands.filled(commands.GET_DATA_KEY_POLICY, data_key=key_arn)
    if answer.verdict is Verdict.ALLOWED:
        return ok(f"{role} may decrypt {place} with {key_arn}")
    if answer.is_refusal:
        return problem(
            f"{role} may not decrypt {place} with {key_arn}: {answer.cause}",
            why=_NOT_LOADED,
            next="Allow the role kms:Decrypt on the key: in an additional policy of the role, and in the key's own "
            "policy, which must let the account's policies govern the key or name the role.",
            command=command,
        )
    return unknown(
        f"whether {role} may decrypt {place} with {key_arn}: {answer.cause}",
        next="Read the key's policy and those of the role.",
        command=command,
    )
