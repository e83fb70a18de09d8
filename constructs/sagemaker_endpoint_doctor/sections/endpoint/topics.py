"""The topics that an asynchronous endpoint tells of answers and errors.

https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint.html
"""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import destinations, keys
from sagemaker_endpoint_doctor.facts.destinations import Topic
from sagemaker_endpoint_runbook import commands

_UNTOLD = (
    "Nobody is told of answers and errors, and the endpoint can be neither updated nor scaled: SageMaker sends a test "
    "to each topic first."
)


def topics(subject: Subject) -> Iterator[Finding]:
    """Whether each is there, and its key can be used."""
    for arn in destinations.topic_arns(subject):
        found = destinations.topic(subject, arn)
        if found:
            yield from _judged(subject, found)
            continue
        yield problem(
            f"there is no topic {arn}",
            why=_UNTOLD,
            next=f"Make the topic anew, or correct the notifications, then {subject.deploy}.",
            command=commands.filled(commands.GET_TOPIC_ATTRIBUTES, topic=arn),
        )


def _judged(subject: Subject, topic: Topic) -> Iterator[Finding]:
    if not topic.key_id:
        yield ok(f"the topic {topic.arn} is there")
        return
    key = keys.describe(subject, topic.key_id)
    if keys.is_usable(key):
        yield ok(f"the topic {topic.arn} is there, encrypted with {topic.key_id}, which is enabled")
        return
    yield problem(
        f"the topic {topic.arn} is encrypted with {topic.key_id}, which is {keys.state(key)}",
        why=_UNTOLD,
        next="In KMS, cancel its deletion if it is to be deleted, and enable it. If it is gone already, give the topic "
        "another.",
        command=commands.filled(commands.DESCRIBE_KEY, kms_key=topic.key_id),
    )
