"""Endpoints that run no container while nobody calls them."""

from datetime import timedelta

from sagemaker_endpoint_doctor.aws.errors import UNANSWERED
from sagemaker_endpoint_doctor.examination.subject import Subject


def why_idle(subject: Subject, span: timedelta) -> str:
    """Say why no container has run over a span of time up to now; empty where one should have, or AWS does not tell.

    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
    """
    try:
        if not subject.exists():
            return ""
    except UNANSWERED:
        return ""
    variants = subject.deployed_variants()
    if variants and all("CurrentServerlessConfig" in each for each in variants):
        called = any(_requests(subject, each["VariantName"], span) for each in variants)
        return "" if called else "it is serverless and nobody called it: a container runs while requests come"
    if subject.is_asynchronous() and not any(each.get("CurrentInstanceCount") for each in variants):
        return "it is asynchronous and has no instance: the first comes with requests"
    return ""


def _requests(subject: Subject, variant: str, span: timedelta) -> float:
    """Count the requests to a serverless variant; an asynchronous one publishes no such metric."""
    answer = subject.aws.cloudwatch.get_metric_data(
        MetricDataQueries=[
            {
                "Id": "requests",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/SageMaker",
                        "MetricName": "Invocations",
                        "Dimensions": [
                            {"Name": "EndpointName", "Value": subject.endpoint()["EndpointName"]},
                            {"Name": "VariantName", "Value": variant},
                        ],
                    },
                    "Period": int(span.total_seconds()),
                    "Stat": "Sum",
                },
            }
        ],
        StartTime=subject.now - span,
        EndTime=subject.now,
    )
    return sum(value for result in answer["MetricDataResults"] for value in result["Values"])
