"""The queue of an asynchronous endpoint: what waits in it, and for how long.

https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import CannotCheckError
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.text.times import lasting, seconds
from sagemaker_endpoint_doctor.text.words import counted
from sagemaker_endpoint_runbook import commands

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

_LATELY = timedelta(minutes=15)  # that the metrics of the last minutes come late in
_STARTING = timedelta(minutes=30)  # that instances may take to come, and their containers to start
_LONG = timedelta(hours=1)
_KEPT = timedelta(hours=6)  # https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-troubleshooting.html
_METRICS = {"size": "ApproximateBacklogSize", "age": "ApproximateAgeOfOldestRequest"}


def backlog(subject: Subject) -> Iterator[Finding]:
    """Whether requests wait, and whether anything is there to answer them."""
    if not subject.is_asynchronous():
        return
    newest = _newest(subject)
    size, age = round(newest.get("size", 0)), timedelta(seconds=newest.get("age", 0))
    if not size:
        yield ok("no request waits in the queue")
        return
    runs = any(each.get("CurrentInstanceCount") for each in subject.deployed_variants())
    seen = f"{counted(size, 'request')} in the queue, the oldest for {lasting(age)}"
    command = commands.filled(
        commands.GET_BACKLOG,
        queue=subject.endpoint()["EndpointName"],
        start=seconds(subject.now - _KEPT),
        period="60",
    )
    if not runs and age > _STARTING:
        yield problem(
            f"{seen}, and no instance runs",
            why=f"Nothing answers them, and what has waited for {lasting(_KEPT)} is dropped.",
            next="Let it scale from no instance: a policy on HasBacklogWithoutCapacity does, one on the backlog for "
            "each instance does not. If it has one, see its alarm and the account's quota for the instance type.",
            command=command,
        )
    elif runs and age > _LONG:
        yield warning(
            seen,
            why=f"More comes than is answered, and what has waited for {lasting(_KEPT)} is dropped.",
            next="Raise the maximum of its scaling or max_concurrent_invocations_per_instance. Requests that fail are "
            "tried again, and make the others wait.",
            see={"logs": "Section Logs tells what goes wrong in the containers."},
            command=command,
        )
    else:
        yield ok(seen + ("" if runs else "; the first instance is still to come"))


def _newest(subject: Subject) -> dict[str, float]:
    """Give the newest value of each metric; none where AWS has none."""
    queries = list(_queries(subject))
    pages = subject.aws.cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=queries,
        StartTime=subject.now - _LATELY,
        EndTime=subject.now,
        ScanBy="TimestampDescending",
    )
    newest: dict[str, float] = {}
    for page in pages:
        for result in page["MetricDataResults"]:
            if result["StatusCode"] not in ("Complete", "PartialData"):
                raise CannotCheckError(f"CloudWatch does not give {_METRICS[result['Id']]}: {result['StatusCode']}")
            if result["Values"]:
                newest.setdefault(result["Id"], result["Values"][0])
    return newest


def _queries(subject: Subject) -> "Iterator[MetricDataQueryTypeDef]":
    for name, metric in _METRICS.items():
        yield {
            "Id": name,
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/SageMaker",
                    "MetricName": metric,
                    "Dimensions": [{"Name": "EndpointName", "Value": subject.endpoint()["EndpointName"]}],
                },
                "Period": 60,
                "Stat": "Maximum",
            },
        }
