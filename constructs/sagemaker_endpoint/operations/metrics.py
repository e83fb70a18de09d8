"""The metrics that the endpoint's containers write."""

from sagemaker_endpoint.access.statements import Condition, Statement


def statements() -> list[Statement]:
    """Let the role write metrics in SageMaker's namespaces; PutMetricData knows no resource.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    """
    namespaces = ["AWS/SageMaker", "/aws/sagemaker/*"]
    return [
        Statement(
            sid="PutMetrics",
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],
            conditions=[Condition(test="StringLike", variable="cloudwatch:namespace", values=namespaces)],
        )
    ]
