"""The Terraform resources inside an endpoint, for what no input states."""

from collections.abc import Mapping

from .engine import bindings
from .engine.bindings import (
    CloudwatchLogGroup,
    CloudwatchMetricAlarm,
    IamPolicy,
    IamRole,
    KmsAlias,
    KmsKey,
    NullResource,
    SagemakerEndpoint,
    SagemakerEndpointConfiguration,
    SagemakerModel,
    SecurityGroup,
    SnsTopic,
    VpcSecurityGroupEgressRule,
)
from .parts import EndpointParts


class EndpointResources:
    """The Terraform resources that a `SageMakerEndpoint` makes: its `resources`.

    Each is the provider's own class, with ``add_override`` and ``fqn``, for a setting that no input states or a
    reference to another attribute. Which overrides are safe stands in docs/overrides.md. Left out are attachments and
    topic policies, which say nothing of their own, and the ``terraform_data`` in which Terraform keeps notes.
    https://developer.hashicorp.com/terraform/cdktf/concepts/resources#escape-hatch
    """

    def __init__(self, parts: EndpointParts) -> None:
        self._parts = parts

    @property
    def endpoint(self) -> SagemakerEndpoint:
        """The ``aws_sagemaker_endpoint``."""
        return self._parts.endpoint

    @property
    def configuration(self) -> SagemakerEndpointConfiguration:
        """The ``aws_sagemaker_endpoint_configuration``."""
        return self._parts.configuration.configuration

    @property
    def models(self) -> Mapping[str, SagemakerModel]:
        """The ``aws_sagemaker_model`` of each variant by its name; variants with the same `Model` share one."""
        return self._parts.models

    @property
    def execution_role(self) -> IamRole | None:
        """The ``aws_iam_role`` of the instances; None with an existing one."""
        return self._parts.role.role

    @property
    def execution_role_policies(self) -> Mapping[str, IamPolicy]:
        """The ``aws_iam_policy`` of that role, ``Artifacts`` and ``Runtime``; empty with an existing role."""
        return self._parts.role.own_policies

    @property
    def invoke_policy(self) -> IamPolicy:
        """The ``aws_iam_policy`` to attach to callers."""
        return self._parts.invoke_policy.policy

    @property
    def upload_policy(self) -> IamPolicy | None:
        """The ``aws_iam_policy`` to upload payloads; None until ``grant_invoke(..., upload_input=True)``."""
        return self._parts.invoke_policy.upload_policy

    @property
    def security_group(self) -> SecurityGroup | None:
        """The ``aws_security_group`` of the network interfaces; None with existing ones and without a network."""
        return self._parts.network.security_group

    @property
    def egress_rules(self) -> Mapping[str, VpcSecurityGroupEgressRule]:
        """The ``aws_vpc_security_group_egress_rule`` of that group by the names in `PrivateNetwork.egress`."""
        return self._parts.network.security_group_rules

    @property
    def release(self) -> NullResource | None:
        """The ``null_resource`` that releases network interfaces on destroy; None where nothing is released."""
        return None if self._parts.interfaces is None else self._parts.interfaces.release

    @property
    def mark(self) -> NullResource | None:
        """The ``null_resource`` that marks network interfaces after each update; None where nothing is marked."""
        return None if self._parts.interfaces is None else self._parts.interfaces.marking

    @property
    def key(self) -> KmsKey | None:
        """The ``aws_kms_key``; None with an existing one."""
        return self._parts.encryption.key

    @property
    def key_alias(self) -> KmsAlias | None:
        """The ``aws_kms_alias`` of that key; None with an existing one."""
        return self._parts.encryption.alias

    @property
    def log_group(self) -> CloudwatchLogGroup:
        """The ``aws_cloudwatch_log_group``."""
        return self._parts.logs.log_group

    @property
    def topics(self) -> Mapping[str, SnsTopic]:
        """The ``aws_sns_topic`` made for an asynchronous endpoint, ``success`` and ``error``."""
        return self._parts.topics.own

    @property
    def alarms(self) -> Mapping[str, CloudwatchMetricAlarm]:
        """The ``aws_cloudwatch_metric_alarm`` of `Alarms` by name, such as ``ServerErrors-AllTraffic``."""
        return {} if self._parts.alarms is None else self._parts.alarms.made

    @property
    def rollback_alarm(self) -> CloudwatchMetricAlarm | None:
        """The ``aws_cloudwatch_metric_alarm`` that never rings; None where the endpoint names other alarms."""
        return self._parts.rollback.guard

    @property
    def dashboard(self) -> "bindings.CloudwatchDashboard | None":
        """The ``aws_cloudwatch_dashboard``; None without one."""
        return None if self._parts.dashboard is None else self._parts.dashboard.dashboard

    @property
    def scalable_targets(self) -> Mapping[str, "bindings.AppautoscalingTarget"]:
        """The ``aws_appautoscaling_target`` of each variant that is scaled, by the variant's name."""
        return {name: each.target for name, each in self._parts.scaled.items()}

    @property
    def scaling_policies(self) -> Mapping[str, Mapping[str, "bindings.AppautoscalingPolicy"]]:
        """The ``aws_appautoscaling_policy`` by the variant's name, then by the policy's."""
        return {name: each.policies for name, each in self._parts.scaled.items()}

    @property
    def scaling_alarms(self) -> Mapping[str, Mapping[str, CloudwatchMetricAlarm]]:
        """The ``aws_cloudwatch_metric_alarm`` of step scaling by the variant's name, then by the policy's."""
        return {name: each.alarms for name, each in self._parts.scaled.items()}

    @property
    def scheduled_actions(self) -> Mapping[str, Mapping[str, "bindings.AppautoscalingScheduledAction"]]:
        """The ``aws_appautoscaling_scheduled_action`` by the variant's name, then by the action's."""
        return {name: each.scheduled_actions for name, each in self._parts.scaled.items()}
