"""Places in Amazon S3 as inputs name them, and what a policy says of them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from sagemaker_endpoint.access.statements import Condition, Statement
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.engine.preconditions import written
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import Matches

_SUFFIX = f"(?:{'|'.join(limits.DNS_SUFFIXES)})".replace(".", "[.]")
# Named by S3 or by HTTPS with the bucket in the path or in the host:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html, the old global host and its dash too
_S3_HOST = rf"s3(?:-fips)?(?:[.]dualstack)?(?:[.-]({limits.REGION.pattern}))?[.]{_SUFFIX}"
_BUCKET = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
# A key with * or ? would be a pattern in the role's policy, $ begins a variable there, % is decoded in a URL, the rest
# ends quotes in the runbook.
_CHARACTER = r"[^*?\"$`\\\x00-\x1f\x7f]"
_LAST = _CHARACTER.replace("[^", "[^/")
REGIONAL_URL = rf"https://(?:{_BUCKET}[.])?s3(?:-fips)?(?:[.]dualstack)?[.-]({limits.REGION.pattern})[.]{_SUFFIX}/.*"


def _named(key: str) -> str:
    """Give the pattern of the URIs of objects with such keys."""
    in_url = key.replace("[^", "[^%")
    return rf"s3://{_BUCKET}/{key}|https://(?:{_S3_HOST}/{_BUCKET}|{_BUCKET}[.]{_S3_HOST})/{in_url}"


# One gzip-compressed tar archive; one object; all objects below a prefix, which is blank for those of a whole bucket.
ARCHIVE = _named(rf"{_CHARACTER}*{_LAST}\.tar\.gz")
OBJECT = _named(f"{_CHARACTER}*{_LAST}")
PREFIX = _named(f"(?:{_CHARACTER}*/)?")
# Where something is written: what SageMaker adds to it begins with a slash, or with the slash in its end.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html
DESTINATION = limits.Text(min_length=1, max_length=512, pattern=f"s3://{_BUCKET}(?:/{_CHARACTER}*)?")
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
    uris = distinct(uris)
    known = [uri for uri in uris if not checks.deferred(uri)]
    if known:
        resources = distinct(objects_arn(uri, account.partition) for uri in known)
        yield Statement(sid=sid, actions=[*actions], resources=resources)
    # One that a precondition refuses is in no policy.
    deferred = [accepted(uri, DESTINATION.pattern or "") for uri in uris if checks.deferred(uri)]
    if deferred:
        yield Statement(
            for_each=deferred,
            actions=[*actions],
            resources=[_objects_arn("statement.value", account.partition)],
        )


def place(uri: str, pattern: str, *, prefix: bool = False) -> str:
    """Give a URI as ``s3://bucket/key``, here or in Terraform, where one that is refused is blank.

    `prefix`: one that ends in a slash stands for all objects below it, ``s3://bucket/prefix/*``.
    """
    in_path, in_host = f"https://{_S3_HOST}/", f"https://({_BUCKET})[.]{_S3_HOST}/"
    if not checks.deferred(uri):
        known = re.sub(f"^{in_host}", r"s3://\1/", re.sub(f"^{in_path}", "s3://", uri))
        return re.sub("/$", "/*", known) if prefix else known
    known = f'replace({expression(uri)}, {expression(f"/^{in_path}/")}, "s3://")'
    known = f'replace({known}, {expression(f"/^{in_host}/")}, "s3://$1/")'
    if prefix:
        known = f'replace({known}, "/[/]$/", "/*")'
    return accepted(uri, pattern, known)


def accepted(text: str, pattern: str, given: str | None = None) -> str:
    """Give a text that Terraform alone knows, or what is made of it, and a blank one in place of what is refused.

    A value that is known only when all is applied may come into a policy before a precondition refuses it.
    """
    return f'${{{written(Matches(text, pattern))} ? {expression(text) if given is None else given} : ""}}'


def read_statements(sid: str, places: Sequence[str], account: Account) -> Iterator[Statement]:
    """Yield what reads each `place`, and lists it: SageMaker looks for what it fetches.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
    """
    paths = [each.removeprefix("s3://") for each in places if not checks.deferred(each)]
    if paths:
        objects = [f"arn:{account.partition}:s3:::{path}" for path in paths]
        yield Statement(sid=f"Read{sid}", actions=["s3:GetObject"], resources=objects)
    for index, bucket in enumerate(distinct(path.partition("/")[0] for path in paths)):
        keys = [path.partition("/")[2] for path in paths if path.startswith(f"{bucket}/")]
        yield Statement(
            sid=f"List{sid}{index}",
            actions=["s3:ListBucket"],
            resources=[f"arn:{account.partition}:s3:::{bucket}"],
            conditions=[Condition(test="StringLike", variable="s3:prefix", values=keys)],
        )
    deferred = [each for each in places if checks.deferred(each)]
    if deferred:
        yield from _deferred_read_statements(deferred, account)


def _deferred_read_statements(places: Sequence[str], account: Account) -> Iterator[Statement]:
    """Yield the same for places that Terraform alone knows; one that is null there gets no statement."""
    bucket_and_key = 'regex("^s3://([^/]+)/(.*)$", statement.value)'
    yield Statement(
        for_each=places,
        actions=["s3:GetObject"],
        resources=[f'arn:{account.partition}:s3:::${{trimprefix(statement.value, "s3://")}}'],
    )
    key = f"${{{bucket_and_key}[1]}}"
    yield Statement(
        for_each=places,
        actions=["s3:ListBucket"],
        resources=[f"arn:{account.partition}:s3:::${{{bucket_and_key}[0]}}"],
        conditions=[Condition(test="StringLike", variable="s3:prefix", values=[key])],
    )


def distinct(values: Iterable[str]) -> list[str]:
    """Give each value once."""
    return list(dict.fromkeys(values))


def no_archive(url: str) -> str:
    """Say why a URL is none of a model's archive in Amazon S3."""
    if not url.startswith(("s3://", "https://")):
        return ", which begins neither with s3:// nor with https://"
    if not url.endswith(".tar.gz"):
        return ", which does not end in .tar.gz, the one kind of archive that SageMaker takes"
    if re.search(r"[*?\"$`\\]", url) or ("%" in url and not url.startswith("s3://")):
        return ', which holds a character that is not taken as it is everywhere: * ? " $ ` \\, or % in an HTTPS URL'
    return ", which is not of a bucket in Amazon S3" if url.isprintable() else ""
