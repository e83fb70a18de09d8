"""The metrics of the endpoint's variants.

https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import CannotCheckError
from sagemaker_endpoint_doctor.examination.subject import Subject

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

MAXIMUM, SAMPLE_COUNT, SUM = "Maximum", "SampleCount", "Sum"


def of_variants(
    subject: Subject, variants: Sequence[str], metrics: Mapping[str, tuple[str, str]], end: datetime
) -> Mapping[str, Mapping[str, float]]:
    """Give each variant's metrics over the span that ends then: the sum of each or, of a maximum, the greatest.

    Args:
        subject: The endpoint.
        variants: The names of the variants.
        metrics: By a name of one's own, AWS's name of each metric and the statistic.
        end: The end of the span.

    Raises:
        CannotCheckError: CloudWatch does not give all of it.
    """
    queries = list(_queries(subject, variants, metrics))
    pages = subject.aws.cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=queries, StartTime=end - subject.since, EndTime=end
    )
    values: dict[str, list[float]] = {}
    last: dict[str, str] = {}
    for page in pages:
        for result in page["MetricDataResults"]:
            last[result["Id"]] = result["StatusCode"]
            values.setdefault(result["Id"], []).extend(result["Values"])
    for query in queries:
        status = last.get(query["Id"], "no answer")
        if status != "Complete":  # PartialData has a next page, or was cut off
            metric = query["MetricStat"]["Metric"]["MetricName"]
            raise CannotCheckError(f"CloudWatch does not give all of {metric}: {status}")
    return {
        variant: {
            name: max(found, default=0) if statistic == MAXIMUM else sum(found)
            for name, (_, statistic) in metrics.items()
            for found in [values.get(f"{name}_{number}", [])]
        }
        for number, variant in enumerate(variants)
    }


def _queries(
    subject: Subject, variants: Sequence[str], metrics: Mapping[str, tuple[str, str]]
) -> "Iterator[MetricDataQueryTypeDef]":
    for number, variant in enumerate(variants):
        for name, (metric, statistic) in metrics.items():
            yield {
                "Id": f"{name}_{number}",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/SageMaker",
                        "MetricName": metric,
                        "Dimensions": [
                            {"Name": "EndpointName", "Value": subject.names.endpoint_name},
                            {"Name": "VariantName", "Value": variant},
                        ],
                    },
                    "Period": _period(subject.since),
                    "Stat": statistic,
                },
            }


def _period(since: timedelta) -> int:
    """Give seconds for which CloudWatch still has values: minutes for 15 days, five for 63, hours for 15 months.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
    """
    day = timedelta(days=1)
    if since <= day:
        return 60
    return 300 if since + day < timedelta(days=63) else 3600
