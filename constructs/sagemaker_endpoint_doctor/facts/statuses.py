"""What an endpoint's status tells.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
"""

SERVING = frozenset({"InService", "Updating", "SystemUpdating", "RollingBack"})
"""The statuses in which requests are answered."""
