"""Places in Amazon S3 as inputs name them, ``s3://bucket/prefix``, and what a policy says of them."""

from collections.abc import Iterator, Sequence

from sagemaker_endpoint.access.statements import Statement
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.engine.preconditions import written
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import Matches

BUCKET = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
# A key with * or ? would be a pattern in the role's policy, $ begins a variable there, the rest ends quotes in the
# runbook.
CHARACTER = r"[^*?\"$`\\\x00-\x1f\x7f]"
# Where something is written: what SageMaker adds to it begins with a slash, or with the slash in its end.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html
DESTINATION = limits.Text(min_length=1, max_length=512, pattern=f"s3://{BUCKET}(?:/{CHARACTER}*)?")
DESTINATION_EXAMPLE = "s3://predictions/sentiment"


def objects_arn(uri: str, partition: str) -> str:
    """Give the ARN of all objects below a `DESTINATION`, here or in Terraform."""
    if not checks.deferred(uri):
        return f"arn:{partition}:s3:::{uri.removeprefix('s3://').removesuffix('/')}/*"
    return _objects_arn(expression(uri), partition)


def _objects_arn(uri: str, partition: str) -> str:
    return f'arn:{partition}:s3:::${{trimsuffix(trimprefix({uri}, "s3://"), "/")}}/*'


def write_statements(
    sid: str, uris: Sequence[str], account: Account, *, actions: Sequence[str] = ("s3:PutObject",)
) -> Iterator[Statement]:
    """Yield what writes objects below each `DESTINATION`, and nowhere else.

    One that Terraform alone knows may be null there, for which there is no statement.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    """
    uris = list(dict.fromkeys(uris))
    known = [uri for uri in uris if not checks.deferred(uri)]
    if known:
        resources = list(dict.fromkeys(objects_arn(uri, account.partition) for uri in known))
        yield Statement(sid=sid, actions=[*actions], resources=resources)
    # One that a precondition refuses is in no policy.
    deferred = [
        f'${{{written(Matches(uri, DESTINATION.pattern or ""))} ? {expression(uri)} : ""}}'
        for uri in uris
        if checks.deferred(uri)
    ]
    if deferred:
        yield Statement(
            for_each=deferred,
            actions=[*actions],
            resources=[_objects_arn("statement.value", account.partition)],
        )
