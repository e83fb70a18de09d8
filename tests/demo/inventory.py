"""What there is in an AWS account, of the kinds that an endpoint is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.client import BaseClient
from mypy_boto3_kms import KMSClient

Client = Callable[[str], Any]  # each service has a class of its own
"""Gives the boto3 client of a service."""


def take_inventory(client: Client) -> frozenset[str]:
    """List what is there, as `model sentiment-1`; what AWS makes by itself is left out.

    A KMS key that waits for its deletion does not count: AWS keeps it for 7 to 30 days.
    """
    return frozenset(
        [
            *_sagemaker(client("sagemaker")),
            *_iam(client("iam")),
            *_network(client("ec2")),
            *_logs(client("logs")),
            *_keys(client("kms")),
            *_topics(client("sns")),
            *_alarms_and_dashboards(client("cloudwatch")),
            *_scaling(client("application-autoscaling")),
        ]
    )


def keys_pending_deletion(client: Client) -> frozenset[str]:
    """List the keys that AWS deletes after their waiting period."""
    kms = client("kms")
    return frozenset(key for key in _key_ids(kms) if _key_state(kms, key) == "PendingDeletion")


def _pages(client: BaseClient, operation: str, key: str, **arguments: object) -> Iterator[Any]:
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]


def _sagemaker(sagemaker: BaseClient) -> Iterator[str]:
    for found in _pages(sagemaker, "list_endpoints", "Endpoints"):
        yield f"endpoint {found['EndpointName']}"
    for found in _pages(sagemaker, "list_endpoint_configs", "EndpointConfigs"):
        yield f"endpoint configuration {found['EndpointConfigName']}"
    for found in _pages(sagemaker, "list_models", "Models"):
        yield f"model {found['ModelName']}"


def _topics(sns: BaseClient) -> Iterator[str]:
    for topic in _pages(sns, "list_topics", "Topics"):
        yield f"topic {topic['TopicArn']}"


def _scaling(scaling: BaseClient) -> Iterator[str]:
    for target in _pages(scaling, "describe_scalable_targets", "ScalableTargets", ServiceNamespace="sagemaker"):
        yield f"scalable target {target['ResourceId']}"
    for policy in _pages(scaling, "describe_scaling_policies", "ScalingPolicies", ServiceNamespace="sagemaker"):
        yield f"scaling policy {policy['PolicyName']} of {policy['ResourceId']}"
    for action in _pages(scaling, "describe_scheduled_actions", "ScheduledActions", ServiceNamespace="sagemaker"):
        yield f"scheduled action {action['ScheduledActionName']} of {action['ResourceId']}"


def _alarms_and_dashboards(cloudwatch: BaseClient) -> Iterator[str]:
    for alarm in _pages(cloudwatch, "describe_alarms", "MetricAlarms"):
        yield f"alarm {alarm['AlarmName']}"
    for dashboard in _pages(cloudwatch, "list_dashboards", "DashboardEntries"):
        yield f"dashboard {dashboard['DashboardName']}"


def _iam(iam: BaseClient) -> Iterator[str]:
    for role in _pages(iam, "list_roles", "Roles"):
        yield f"role {role['RoleName']}"
        for policy in _pages(iam, "list_role_policies", "PolicyNames", RoleName=role["RoleName"]):
            yield f"policy {policy} of role {role['RoleName']}"
    for policy in _pages(iam, "list_policies", "Policies", Scope="Local"):
        yield f"policy {policy['PolicyName']}"


def _network(ec2: BaseClient) -> Iterator[str]:
    for group in _pages(ec2, "describe_security_groups", "SecurityGroups"):
        if group["GroupName"] != "default":
            yield f"security group {group['GroupName']}"
    for interface in _pages(ec2, "describe_network_interfaces", "NetworkInterfaces"):
        yield f"network interface {interface['NetworkInterfaceId']}"


def _logs(logs: BaseClient) -> Iterator[str]:
    for group in _pages(logs, "describe_log_groups", "logGroups"):
        yield f"log group {group['logGroupName']}"


def _keys(kms: KMSClient) -> Iterator[str]:
    for key in _key_ids(kms):
        if _key_state(kms, key) != "PendingDeletion":
            yield f"KMS key {key}"
    for alias in _pages(kms, "list_aliases", "Aliases"):
        if not alias["AliasName"].startswith("alias/aws/"):
            yield f"KMS alias {alias['AliasName']}"


def _key_ids(kms: BaseClient) -> Iterator[str]:
    for key in _pages(kms, "list_keys", "Keys"):
        yield key["KeyId"]


def _key_state(kms: KMSClient, key: str) -> str:
    return str(kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"])
