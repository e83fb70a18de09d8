"""How an update goes, as the AWS provider has it: a block for each kind of deployment."""

from sagemaker_endpoint.engine.bindings import (
    SagemakerEndpointDeploymentConfig,
    SagemakerEndpointDeploymentConfigAutoRollbackConfiguration,
    SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicy,
    SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfiguration,
    SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySize,
    SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSize,
    SagemakerEndpointDeploymentConfigRollingUpdatePolicy,
    SagemakerEndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSize,
    SagemakerEndpointDeploymentConfigRollingUpdatePolicyRollbackMaximumBatchSize,
)

from .deployment_config import ALL_AT_ONCE, CANARY, LINEAR, AllAtOnce, Canary, Deployment, Linear, Rolling


def deployment_config(
    deployment: Deployment, auto_rollback: SagemakerEndpointDeploymentConfigAutoRollbackConfiguration
) -> SagemakerEndpointDeploymentConfig:
    """Write the block: one of the two policies, and the alarms."""
    return SagemakerEndpointDeploymentConfig(
        auto_rollback_configuration=auto_rollback,
        blue_green_update_policy=None if isinstance(deployment, Rolling) else _blue_green(deployment),
        rolling_update_policy=_rolling(deployment) if isinstance(deployment, Rolling) else None,
    )


def _blue_green(deployment: AllAtOnce | Canary | Linear) -> SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicy:
    canary = SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySize
    step = SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSize
    canary_size, linear_step_size = None, None
    match deployment:
        case AllAtOnce():
            type_ = ALL_AT_ONCE
        case Canary(canary_size=size):
            type_, canary_size = CANARY, canary(type=size.type, value=size.value)
        case Linear(linear_step_size=size):
            type_, linear_step_size = LINEAR, step(type=size.type, value=size.value)
    return SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicy(
        traffic_routing_configuration=SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfiguration(
            type=type_,
            wait_interval_in_seconds=deployment.wait_interval_in_seconds,
            canary_size=canary_size,
            linear_step_size=linear_step_size,
        ),
        termination_wait_in_seconds=deployment.termination_wait_in_seconds,
        maximum_execution_timeout_in_seconds=deployment.maximum_execution_timeout_in_seconds,
    )


def _rolling(deployment: Rolling) -> SagemakerEndpointDeploymentConfigRollingUpdatePolicy:
    batch, back = deployment.maximum_batch_size, deployment.rollback_maximum_batch_size
    maximum = SagemakerEndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSize
    rollback = SagemakerEndpointDeploymentConfigRollingUpdatePolicyRollbackMaximumBatchSize
    return SagemakerEndpointDeploymentConfigRollingUpdatePolicy(
        maximum_batch_size=maximum(type=batch.type, value=batch.value),
        rollback_maximum_batch_size=None if back is None else rollback(type=back.type, value=back.value),
        wait_interval_in_seconds=deployment.wait_interval_in_seconds,
        maximum_execution_timeout_in_seconds=deployment.maximum_execution_timeout_in_seconds,
    )
