"""Where the endpoint writes in S3: the buckets, and the keys that it encrypts with."""

from collections import defaultdict
from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import destinations, keys
from sagemaker_endpoint_doctor.text.words import listed
from sagemaker_endpoint_runbook import commands

from .buckets import bucket


def by_bucket(subject: Subject) -> dict[str, list[str]]:
    """Name what is written to each bucket."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in destinations.all_of(subject):
        found[each.bucket].append(each.what)
    return found


def by_key(subject: Subject) -> dict[str, list[str]]:
    """Name what is encrypted with each key."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in destinations.all_of(subject):
        if each.key_id:
            found[each.key_id].append(each.what)
    return found


def written_bucket(subject: Subject, name: str) -> Iterator[Finding]:
    """Tell whether a bucket exists that the endpoint writes to, and in which region."""
    what = listed(by_bucket(subject)[name])
    found, wanted = bucket(subject, name), subject.names.region
    command = commands.filled(commands.HEAD_BUCKET, bucket=name)
    if not found:
        yield problem(
            f"there is no bucket {name}, to which {what} are written",
            why=f"They are lost: {what} are written nowhere else.",
            next=f"Make the bucket, or correct the destination, then {subject.deploy}.",
            command=command,
        )
    elif found.region not in (None, wanted):
        yield warning(
            f"the bucket {name}, to which {what} are written, is in {found.region}, the endpoint in {wanted}",
            why="What the endpoint is asked and answers leaves its region, and VPC endpoints for S3 lead to buckets of "
            "their own region alone.",
            next=f"If that is not meant, name a bucket in {wanted}, then {subject.deploy}.",
            command=command,
        )
    else:
        place = f", in {found.region}" if found.region else ""
        yield ok(f"the bucket {name}, to which {what} are written, exists{place}")


def written_key(subject: Subject, key_id: str) -> Iterator[Finding]:
    """Tell whether a key can be used with which the endpoint encrypts what it writes."""
    what = listed(by_key(subject)[key_id])
    key = keys.describe(subject, key_id)
    if keys.is_usable(key):
        yield ok(f"{what} are encrypted with {key_id}, which is enabled")
        return
    yield problem(
        f"{what} are encrypted with {key_id}, which is {keys.state(key)}",
        why="What cannot be encrypted is not written, so it is lost; what has been written cannot be read.",
        next="In KMS, cancel its deletion if it is to be deleted, and enable it. If it is gone already, name another "
        f"then {subject.deploy}.",
        command=commands.filled(commands.DESCRIBE_DATA_KEY, data_key=key_id),
    )
