"""Whether the models' data can be reached in S3, and read by the role."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from sagemaker_endpoint_doctor.aws.errors import error_code, explained, is_denied
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import gone, resource_policies, s3_urls
from sagemaker_endpoint_doctor.facts.hidden import hidden
from sagemaker_endpoint_doctor.facts.model_data import ModelData
from sagemaker_endpoint_doctor.facts.needs import MISTAKEN
from sagemaker_endpoint_doctor.facts.roles import name_of
from sagemaker_endpoint_doctor.text.words import listed
from sagemaker_endpoint_runbook import commands

from botocore.exceptions import ClientError

from .archives import archived
from .buckets import Bucket, bucket, buckets, client, data, first_object, is_own, roles_of
from .data_keys import decryption
from .denials import Denial, denials
from .destinations import by_bucket, by_key, written_bucket, written_key
from .vpc_endpoints import endpoint_policies

T = TypeVar("T")


def urls(subject: Subject) -> Iterator[Finding]:
    """Tell whether there is data at all, and at places that can be looked at."""
    given, elsewhere = subject.model_data_urls(), list(hidden(subject))
    for each in elsewhere:
        yield unknown(each, next="Look at the data that it names as the runbook shows under S3 access.")
    if not given and not elsewhere:
        yield ok("the models load no data from S3")
    for url in given:
        if not s3_urls.parse(url):
            yield unknown(f"{url} is neither s3://, a bucket and a key nor an HTTPS URL of S3")


def regions(subject: Subject) -> Iterator[Finding]:
    """Tell whether the buckets exist, in the endpoint's region."""
    names = dict.fromkeys(place.bucket for place in data(subject))
    yield from _each(names, partial(_region, subject))


def objects(subject: Subject) -> Iterator[Finding]:
    """Tell whether the data is there."""
    yield from _each(data(subject), partial(_object, subject))


def policies(subject: Subject) -> Iterator[Finding]:
    """Tell what the buckets' own policies deny to the roles."""
    yield from _each(data(subject), partial(_policy, subject))


def public_access(subject: Subject) -> Iterator[Finding]:
    """Tell whether the buckets are kept from becoming public."""
    yield from _each(buckets(subject), partial(_public_access, subject))


def encryption(subject: Subject) -> Iterator[Finding]:
    """Tell whether the roles may decrypt the data."""
    yield from _each(data(subject), partial(decryption, subject))


def written_buckets(subject: Subject) -> Iterator[Finding]:
    """Tell whether the buckets exist that the endpoint writes to."""
    yield from _each(by_bucket(subject), partial(written_bucket, subject))


def written_keys(subject: Subject) -> Iterator[Finding]:
    """Tell whether the keys can be used with which it encrypts what it writes."""
    yield from _each(by_key(subject), partial(written_key, subject))


CHECKS = (
    urls,
    regions,
    objects,
    policies,
    endpoint_policies,
    public_access,
    encryption,
    written_buckets,
    written_keys,
    gone.models,
)


def _each(places: Iterable[T], check: Callable[[T], Iterator[Finding]]) -> Iterator[Finding]:
    """Check each of several buckets or objects: what one of them lacks does not keep the others from it."""
    for each in places:
        yield from _one(each, check)


def _one(each: T, check: Callable[[T], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check(each)
    except Exception as error:
        yield unknown(f"{each}: {explained(error)}")


def _region(subject: Subject, name: str) -> Iterator[Finding]:
    """Compare the regions: the data must lie in the endpoint's.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
    """
    found, wanted = bucket(subject, name), subject.names.region
    command = commands.filled(commands.HEAD_BUCKET, bucket=name)
    if not found:
        yield problem(
            f"there is no bucket {name}",
            why="An instance that starts finds no model data: the endpoint cannot be updated, scaled or healed.",
            next=f"Make the bucket and put the data there; or correct model_data_url, then {subject.deploy}.",
            command=command,
        )
        return
    if found.region not in (None, wanted):
        yield problem(
            f"the bucket {name} is in {found.region}, the endpoint in {wanted}",
            why="SageMaker wants the model data in a bucket of the endpoint's own region.",
            next=f"Copy the data to a bucket in {wanted}, correct model_data_url, then {subject.deploy}.",
            command=command,
        )
    if not found.is_shown:
        yield unknown(f"{name} exists, and you may not look into it: needs s3:ListBucket", command=command)
    elif found.region is None:
        yield unknown(f"AWS does not tell in which region the bucket {name} is", command=command)
    elif found.region == wanted:
        yield ok(f"the bucket {name} is in {wanted}, as the endpoint")


def _object(subject: Subject, place: ModelData) -> Iterator[Finding]:
    """Look for the object, or for any whose key begins so.

    AWS denies what does not exist to those who may not list the bucket:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    template = commands.LIST_OBJECTS if place.is_prefix else commands.HEAD_OBJECT
    command = commands.filled(template, bucket=place.bucket, key=place.key)
    found = bucket(subject, place.bucket)
    if not found:
        return  # said by `regions`
    try:
        first = first_object(subject, found, place)
    except ClientError as error:
        if not is_denied(error):
            raise
        needed = "s3:ListBucket" if place.is_prefix else "s3:GetObject, or s3:ListBucket to see whether it exists"
        yield unknown(
            f"{place}: you are denied to look, which says nothing of the role: needs {needed}",
            next="Look with credentials that may read the bucket.",
            command=command,
        )
        return
    if first is None and not place.is_loaded_at_start:
        yield warning(
            f"{place}: no model lies there yet",
            why="Its models are loaded when they are asked for: until one lies there, every request fails.",
            next="Put a model there, as an archive of its own. If there should be some, look for a typo in the prefix.",
            command=command,
        )
        return
    if first is None:
        yield problem(
            f"{place}: nothing lies there",
            why="An instance that starts finds no model data: the endpoint cannot be updated, scaled or healed.",
            next=f"Put the data there, or correct model_data_url, then {subject.deploy}. Look for a typo in the key.",
            command=command,
        )
        return
    complaints = list(archived(subject, found, place, first, command))
    yield from complaints or [ok(f"{place} is there")]


def _policy(subject: Subject, place: ModelData) -> Iterator[Finding]:
    found = bucket(subject, place.bucket)
    command = commands.filled(commands.GET_BUCKET_POLICY, bucket=place.bucket)
    role_arns = roles_of(subject, place)
    if not found or not role_arns:
        return  # said by `regions`; or data of a model package
    if found.is_shown and not is_own(subject, found):
        roles = listed(map(name_of, role_arns))
        yield unknown(
            f"the bucket {place.bucket} is another account's, which alone can read its policy",
            next=f"Ask its owner whether the policy allows the role {roles} s3:GetObject on {place.key} and "
            "s3:ListBucket: the role's own policies are only half of it.",
            command=command,
        )
        return
    for role_arn in role_arns:
        policy = resource_policies.find(subject, f"arn:{role_arn.split(':')[1]}:s3:::{place.bucket}")
        found_denials = list(denials(subject, policy, place, role_arn)) if policy else []
        if not policy:
            yield ok(f"the bucket {place.bucket} has no policy that could deny anything")
        elif not found_denials:
            yield ok(f"the bucket policy of {place.bucket} denies nothing to {name_of(role_arn)}")
        for each in found_denials:
            yield _denied(each, place, name_of(role_arn), command)


def _denied(denial: Denial, place: ModelData, role: str, command: str) -> Finding:
    conditions = f" ({denial.conditions})" if denial.conditions else ""
    next_ = f"Except the role {role} from {denial.sid} in the bucket policy, or meet its conditions."
    if denial.keys:
        return warning(
            f"{denial.sid} in the bucket policy of {place.bucket} may deny {role} {denial.action}{conditions}",
            why=f"Whether it does hangs on {listed(denial.keys)}, which is not known here; a Deny goes before every "
            "Allow.",
            next=next_,
            command=command,
        )
    seen = f"{denial.sid} in the bucket policy of {place.bucket} denies {role} {denial.action}{conditions}"
    if denial.action == "s3:ListBucket" and not place.is_prefix:
        return warning(seen, why=f"Without it {MISTAKEN}.", next=next_, command=command)
    return problem(
        seen,
        why="A Deny goes before every Allow, so SageMaker cannot load the model's data with the role.",
        next=next_,
        command=command,
    )


def _public_access(subject: Subject, found: Bucket) -> Iterator[Finding]:
    """Look at the bucket's own block; the account's may forbid as much, and takes another permission to see.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    if found.is_shown and not is_own(subject, found):
        return  # its owner's to see, and to block
    try:
        answer = client(subject, found).get_public_access_block(Bucket=found.name)
        block = answer["PublicAccessBlockConfiguration"]
    except ClientError as error:
        if error_code(error) != "NoSuchPublicAccessBlockConfiguration":
            raise
        block = {}
    is_on = {
        "BlockPublicAcls": block.get("BlockPublicAcls"),
        "IgnorePublicAcls": block.get("IgnorePublicAcls"),
        "BlockPublicPolicy": block.get("BlockPublicPolicy"),
        "RestrictPublicBuckets": block.get("RestrictPublicBuckets"),
    }
    off = [name for name, value in is_on.items() if not value]
    if off:
        yield warning(
            f"public access to {found.name} is not blocked altogether: {listed(off)} off",
            why="A policy or an ACL can make the model's data public, unless the account's own settings, which are not "
            "looked at here, forbid it.",
            next="Turn all four settings of Block Public Access on for the bucket.",
            command=commands.filled(commands.GET_PUBLIC_ACCESS_BLOCK, bucket=found.name),
        )
    else:
        yield ok(f"public access to {found.name} is blocked")
