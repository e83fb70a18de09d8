"""What becomes of asynchronous requests, for whose answer no caller waits.

https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import metrics
from sagemaker_endpoint_doctor.facts.metrics import SUM
from sagemaker_endpoint_doctor.text.times import seconds, span
from sagemaker_endpoint_doctor.text.words import counted
from sagemaker_endpoint_runbook import commands

_ROLE = {"role": "Section Role tells what the role may not."}


@dataclass(frozen=True, slots=True)
class _Failure:
    """A way in which requests fail: what is lost, and what to do."""

    lost: str
    why: str
    next: str
    see: Mapping[str, str]


_FAILURES: Mapping[str, _Failure] = {
    "RequestDownloadFailures": _Failure(
        "could not be loaded from S3",
        "They were never answered: SageMaker loads each request from the place that its caller names.",
        "The execution role needs s3:GetObject on what callers name as InputLocation, and kms:Decrypt of its key; the "
        "object must be there, and the bucket's policy allow it.",
        _ROLE,
    ),
    "ResponseUploadFailures": _Failure(
        "were answered, but the answer could not be written to S3",
        "These answers are lost.",
        "The execution role needs s3:PutObject on S3OutputPath and S3FailurePath, and the use of the key; the buckets "
        "must be there, and their policies allow it.",
        {**_ROLE, "s3": "Section S3 tells what is wrong with the bucket or the key."},
    ),
    "NotificationFailures": _Failure(
        "were answered, but nobody could be told",
        "Who waits for a message of the topic waits in vain; the answers lie in S3.",
        "The execution role needs sns:Publish on the topics and the use of their keys, and the topics' policies must "
        "not deny it.",
        _ROLE,
    ),
    "ExpiredRequests": _Failure(
        "waited in the queue for longer than they may",
        "They were dropped without an answer.",
        "More instances or a policy that scales on the backlog take requests sooner; RequestTTLSeconds of a call "
        "grants up to six hours.",
        {},
    ),
    "InvocationFailures": _Failure(
        "failed in the container",
        "They have no answer: what is known of each lies under S3FailurePath, if there is one.",
        "Look what these requests have in common; InvocationTimeoutSeconds of a call grants up to an hour.",
        {"logs": "Section Logs tells what goes wrong in the containers."},
    ),
}


def asynchronous(subject: Subject) -> Iterator[Finding]:
    """Whether asynchronous requests fail."""
    if not subject.is_asynchronous():
        return
    names = [each["VariantName"] for each in subject.deployed_variants()]
    found = metrics.of_variants(subject, names, {name: (name, SUM) for name in _FAILURES}, subject.now)
    complaints = [each for name in names for each in _complaints(subject, name, found[name])]
    yield from complaints or [ok(f"no asynchronous request failed in {span(subject.since)}")]


def _complaints(subject: Subject, variant: str, failed: Mapping[str, float]) -> Sequence[Finding]:
    return [
        problem(
            f"{counted(round(failed[metric]), 'request')} to {variant} {failure.lost} in {span(subject.since)}",
            why=failure.why,
            next=failure.next,
            see=failure.see,
            command=commands.filled(
                commands.GET_ASYNCHRONOUS_FAILURES,
                metric=metric,
                endpoint=subject.names.endpoint_name,
                variant=variant,
                start=seconds(subject.now - subject.since),
            ),
        )
        for metric, failure in _FAILURES.items()
        if failed[metric]
    ]
