"""The log streams of inference pipelines: one for each container.

https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

from collections.abc import Iterator, Sequence

from sagemaker_endpoint_doctor.aws.errors import UNANSWERED
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.text.words import listed
from sagemaker_endpoint_runbook import commands

_MOST = 500  # streams that are looked at, the newest first: ten calls


def pipelines(subject: Subject) -> Iterator[Finding]:
    """Whether each container of each pipeline that runs writes to a stream of its own."""
    expected = _expected(subject)
    if not expected:
        return
    found = _found(subject, {name: set(containers) for name, containers in expected.items()})
    for variant, containers in expected.items():
        missing = [each for each in containers if each not in found[variant]]
        if not missing:
            yield ok(f"{variant}: {listed(containers)} write to a log stream each")
            continue
        yield warning(
            f"{variant}: no log stream of its pipeline's {listed(missing)}",
            why="A request goes through all containers: what goes wrong in these is told nowhere.",
            next="If they write nothing by themselves, or no request comes, all is well. Otherwise the role must be "
            "allowed to write logs.",
            see={
                "role": "Section Role tells what it may not.",
                "endpoint": "Section Endpoint tells how requests fare.",
            },
            command=commands.filled(commands.DESCRIBE_LOG_STREAMS, log_group=subject.log_group_name),
        )


def _expected(subject: Subject) -> dict[str, Sequence[str]]:
    """Give the names of the containers of each variant that runs a pipeline, where AWS tells of it.

    Those that are called directly are left out: AWS does not say to which streams they write.
    """
    try:
        if not subject.exists() or subject.endpoint()["EndpointStatus"] != "InService":
            return {}
        running = {each["VariantName"] for each in subject.deployed_variants() if each.get("CurrentInstanceCount")}
        models = {each["VariantName"]: each["ModelName"] for each in subject.variants() if "ModelName" in each}
        return {
            variant: containers
            for variant, model in models.items()
            if variant in running and model not in subject.gone_models()
            if len(containers := _containers(subject, model)) > 1
        }
    except UNANSWERED:
        return {}  # the sections that are about it say so


def _containers(subject: Subject, model: str) -> Sequence[str]:
    """Name a model's containers; those without a name of their own go by their number."""
    if subject.model(model).get("InferenceExecutionConfig", {}).get("Mode") == "Direct":
        return []
    containers = subject.containers(model)
    return [each.get("ContainerHostname") or f"container-{number}" for number, each in enumerate(containers, start=1)]


def _found(subject: Subject, wanted: dict[str, set[str]]) -> dict[str, set[str]]:
    """Give the containers that have streams, by their variant; look no further than needed."""
    found: dict[str, set[str]] = {name: set() for name in wanted}
    pages = subject.aws.logs.get_paginator("describe_log_streams").paginate(
        logGroupName=subject.log_group_name,
        orderBy="LastEventTime",
        descending=True,
        PaginationConfig={"MaxItems": _MOST},
    )
    for page in pages:
        for stream in page["logStreams"]:
            variant, _, rest = stream["logStreamName"].partition("/")
            if variant in found:
                found[variant].add(rest.partition("/")[2])
        if all(wanted[name] <= found[name] for name in wanted):
            break
    return found
