"""The one door to the engine, CDKTF or cdktn, and to its provider bindings: no other module imports them.

Both have the same API, which is HashiCorp's CDKTF and its maintained fork; the engine is what is installed. Where both
are, it is CDKTF, unless ``SAGEMAKER_ENDPOINT_ENGINE=cdktn`` says otherwise when this package is imported.
"""

import os
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from . import fastload

SWITCH: Final = "SAGEMAKER_ENDPOINT_ENGINE"
_CDKTF, _CDKTN = "cdktf", "cdktn"


def _bindings(engine: str, provider: str) -> str | None:
    """Find a provider's package of bindings."""
    names = [f"cdktn_provider_{provider}"]
    if engine == _CDKTF:
        # The last releases for CDKTF have cdktn's name: cdktn-provider-aws 21.23 and 22. All later ones bring cdktn.
        names = [f"cdktf_cdktf_provider_{provider}", *([] if find_spec(_CDKTN) else names)]
    return next(filter(find_spec, names), None)


def _choose() -> tuple[str, str, str]:
    """Give the engine and its packages of bindings, of AWS and of null.

    Raises:
        ImportError: No engine is installed with its bindings, or not the one that is asked for.
    """
    wanted = os.environ.get(SWITCH, "").strip().lower()
    if wanted not in ("", _CDKTF, _CDKTN):
        raise ImportError(f"{SWITCH} must be {_CDKTF} or {_CDKTN}, got {wanted!r}")
    asked = [wanted] if wanted else [_CDKTF, _CDKTN]
    for engine in asked:
        aws, null = (_bindings(engine, provider) for provider in ("aws", "null"))
        if find_spec(engine) and aws and null:
            return engine, aws, null
    commands = " or ".join(f'pip install "cdktf-sagemaker-endpoint[{engine}]"' for engine in asked)
    raise ImportError(f"{' or '.join(asked)} is not installed with its bindings for aws and null: {commands} mends it")


ENGINE, _AWS, _NULL = _choose()
CDKTN: Final = ENGINE == _CDKTN
"""Type checkers read CDKTF's types unless told: mypy's ``always_true = ["CDKTN"]``, pyright's ``defineConstant``."""
AWS_BINDINGS: Final = _AWS.replace("_", "-")

fastload.install()
with fastload.node_preload():
    # Node starts here.
    _engine = import_module(ENGINE)
    from constructs import Construct, IConstruct, IValidation
    from jsii import implements

if TYPE_CHECKING:
    if not CDKTN:
        from cdktf import (
            Annotations,
            App,
            Aspects,
            AssetType,
            DefaultTokenResolver,
            IAspect,
            IResolvable,
            IResolveContext,
            LocalExecProvisioner,
            Postcondition,
            Precondition,
            StringConcat,
            TerraformAsset,
            TerraformDataSource,
            TerraformElement,
            TerraformModule,
            TerraformProvider,
            TerraformResource,
            TerraformStack,
            Token,
            Tokenization,
        )
        from cdktf_cdktf_provider_aws import sagemaker_endpoint_configuration, sagemaker_model
        from cdktf_cdktf_provider_aws.appautoscaling_policy import (
            AppautoscalingPolicy,
            AppautoscalingPolicyStepScalingPolicyConfiguration,
            AppautoscalingPolicyStepScalingPolicyConfigurationStepAdjustment,
            AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
            AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification,
            AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensions,
            AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetrics,
            AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStat,
            AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetric,
            AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetricDimensions,
            AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
        )
        from cdktf_cdktf_provider_aws.appautoscaling_scheduled_action import (
            AppautoscalingScheduledAction,
            AppautoscalingScheduledActionScalableTargetAction,
        )
        from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
        from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
        from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
        from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
        from cdktf_cdktf_provider_aws.data_aws_iam_policy_document import (
            DataAwsIamPolicyDocument,
            DataAwsIamPolicyDocumentStatement,
            DataAwsIamPolicyDocumentStatementCondition,
            DataAwsIamPolicyDocumentStatementPrincipals,
        )
        from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
        from cdktf_cdktf_provider_aws.iam_role import IamRole
        from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
        from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
        from cdktf_cdktf_provider_aws.kms_key import KmsKey
        from cdktf_cdktf_provider_aws.sagemaker_endpoint import (
            SagemakerEndpoint,
            SagemakerEndpointDeploymentConfig,
            SagemakerEndpointDeploymentConfigAutoRollbackConfiguration,
            SagemakerEndpointDeploymentConfigAutoRollbackConfigurationAlarms,
            SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicy,
            SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfiguration,
            SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySize,
            SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSize,
            SagemakerEndpointDeploymentConfigRollingUpdatePolicy,
            SagemakerEndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSize,
            SagemakerEndpointDeploymentConfigRollingUpdatePolicyRollbackMaximumBatchSize,
        )
        from cdktf_cdktf_provider_aws.sagemaker_endpoint_configuration import (
            SagemakerEndpointConfiguration,
            SagemakerEndpointConfigurationAsyncInferenceConfig,
            SagemakerEndpointConfigurationAsyncInferenceConfigClientConfig,
            SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfig,
            SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfig,
            SagemakerEndpointConfigurationDataCaptureConfig,
            SagemakerEndpointConfigurationDataCaptureConfigCaptureContentTypeHeader,
            SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions,
            SagemakerEndpointConfigurationProductionVariants,
            SagemakerEndpointConfigurationProductionVariantsCoreDumpConfig,
            SagemakerEndpointConfigurationProductionVariantsRoutingConfig,
            SagemakerEndpointConfigurationProductionVariantsServerlessConfig,
            SagemakerEndpointConfigurationShadowProductionVariants,
            SagemakerEndpointConfigurationShadowProductionVariantsCoreDumpConfig,
            SagemakerEndpointConfigurationShadowProductionVariantsRoutingConfig,
        )
        from cdktf_cdktf_provider_aws.sagemaker_model import (
            SagemakerModel,
            SagemakerModelContainer,
            SagemakerModelContainerImageConfig,
            SagemakerModelContainerImageConfigRepositoryAuthConfig,
            SagemakerModelContainerModelDataSource,
            SagemakerModelContainerModelDataSourceS3DataSource,
            SagemakerModelContainerModelDataSourceS3DataSourceModelAccessConfig,
            SagemakerModelContainerMultiModelConfig,
            SagemakerModelInferenceExecutionConfig,
            SagemakerModelPrimaryContainer,
            SagemakerModelPrimaryContainerImageConfig,
            SagemakerModelPrimaryContainerImageConfigRepositoryAuthConfig,
            SagemakerModelPrimaryContainerModelDataSource,
            SagemakerModelPrimaryContainerModelDataSourceS3DataSource,
            SagemakerModelPrimaryContainerModelDataSourceS3DataSourceModelAccessConfig,
            SagemakerModelPrimaryContainerMultiModelConfig,
            SagemakerModelVpcConfig,
        )
        from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupTimeouts
        from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
        from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
        from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
        from cdktf_cdktf_provider_null.resource import Resource as NullResource
    else:
        try:  # by this it is a fallback to pyright, which takes the last of two plain imports where nobody has told it
            raise ImportError  # noqa: TRY301 - nothing runs here, only type checkers read it
        except ImportError:
            from cdktn import (
                Annotations,
                App,
                Aspects,
                AssetType,
                DefaultTokenResolver,
                IAspect,
                IResolvable,
                IResolveContext,
                LocalExecProvisioner,
                Postcondition,
                Precondition,
                StringConcat,
                TerraformAsset,
                TerraformDataSource,
                TerraformElement,
                TerraformModule,
                TerraformProvider,
                TerraformResource,
                TerraformStack,
                Token,
                Tokenization,
            )
            from cdktn_provider_aws import sagemaker_endpoint_configuration, sagemaker_model
            from cdktn_provider_aws.appautoscaling_policy import (
                AppautoscalingPolicy,
                AppautoscalingPolicyStepScalingPolicyConfiguration,
                AppautoscalingPolicyStepScalingPolicyConfigurationStepAdjustment,
                AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
                AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification,
                AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensions,
                AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetrics,
                AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStat,
                AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetric,
                AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetricDimensions,
                AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
            )
            from cdktn_provider_aws.appautoscaling_scheduled_action import (
                AppautoscalingScheduledAction,
                AppautoscalingScheduledActionScalableTargetAction,
            )
            from cdktn_provider_aws.appautoscaling_target import AppautoscalingTarget
            from cdktn_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
            from cdktn_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
            from cdktn_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
            from cdktn_provider_aws.data_aws_iam_policy_document import (
                DataAwsIamPolicyDocument,
                DataAwsIamPolicyDocumentStatement,
                DataAwsIamPolicyDocumentStatementCondition,
                DataAwsIamPolicyDocumentStatementPrincipals,
            )
            from cdktn_provider_aws.iam_policy import IamPolicy
            from cdktn_provider_aws.iam_role import IamRole
            from cdktn_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
            from cdktn_provider_aws.kms_alias import KmsAlias
            from cdktn_provider_aws.kms_key import KmsKey
            from cdktn_provider_aws.sagemaker_endpoint import (
                SagemakerEndpoint,
                SagemakerEndpointDeploymentConfig,
                SagemakerEndpointDeploymentConfigAutoRollbackConfiguration,
                SagemakerEndpointDeploymentConfigAutoRollbackConfigurationAlarms,
                SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicy,
                SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfiguration,
                SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySize,
                SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSize,
                SagemakerEndpointDeploymentConfigRollingUpdatePolicy,
                SagemakerEndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSize,
                SagemakerEndpointDeploymentConfigRollingUpdatePolicyRollbackMaximumBatchSize,
            )
            from cdktn_provider_aws.sagemaker_endpoint_configuration import (
                SagemakerEndpointConfiguration,
                SagemakerEndpointConfigurationAsyncInferenceConfig,
                SagemakerEndpointConfigurationAsyncInferenceConfigClientConfig,
                SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfig,
                SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfig,
                SagemakerEndpointConfigurationDataCaptureConfig,
                SagemakerEndpointConfigurationDataCaptureConfigCaptureContentTypeHeader,
                SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions,
                SagemakerEndpointConfigurationProductionVariants,
                SagemakerEndpointConfigurationProductionVariantsCoreDumpConfig,
                SagemakerEndpointConfigurationProductionVariantsRoutingConfig,
                SagemakerEndpointConfigurationProductionVariantsServerlessConfig,
                SagemakerEndpointConfigurationShadowProductionVariants,
                SagemakerEndpointConfigurationShadowProductionVariantsCoreDumpConfig,
                SagemakerEndpointConfigurationShadowProductionVariantsRoutingConfig,
            )
            from cdktn_provider_aws.sagemaker_model import (
                SagemakerModel,
                SagemakerModelContainer,
                SagemakerModelContainerImageConfig,
                SagemakerModelContainerImageConfigRepositoryAuthConfig,
                SagemakerModelContainerModelDataSource,
                SagemakerModelContainerModelDataSourceS3DataSource,
                SagemakerModelContainerModelDataSourceS3DataSourceModelAccessConfig,
                SagemakerModelContainerMultiModelConfig,
                SagemakerModelInferenceExecutionConfig,
                SagemakerModelPrimaryContainer,
                SagemakerModelPrimaryContainerImageConfig,
                SagemakerModelPrimaryContainerImageConfigRepositoryAuthConfig,
                SagemakerModelPrimaryContainerModelDataSource,
                SagemakerModelPrimaryContainerModelDataSourceS3DataSource,
                SagemakerModelPrimaryContainerModelDataSourceS3DataSourceModelAccessConfig,
                SagemakerModelPrimaryContainerMultiModelConfig,
                SagemakerModelVpcConfig,
            )
            from cdktn_provider_aws.security_group import SecurityGroup, SecurityGroupTimeouts
            from cdktn_provider_aws.sns_topic import SnsTopic
            from cdktn_provider_aws.sns_topic_policy import SnsTopicPolicy
            from cdktn_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
            from cdktn_provider_null.resource import Resource as NullResource
else:
    # Each is imported when it is first asked for: a class that an endpoint does not use costs time.
    _MODULES = (
        "appautoscaling_policy",
        "appautoscaling_scheduled_action",
        "appautoscaling_target",
        "cloudwatch_dashboard",
        "cloudwatch_log_group",
        "cloudwatch_metric_alarm",
        "data_aws_iam_policy_document",
        "iam_policy",
        "iam_role",
        "iam_role_policy_attachment",
        "kms_alias",
        "kms_key",
        "sagemaker_endpoint",
        "sagemaker_endpoint_configuration",
        "sagemaker_model",
        "security_group",
        "sns_topic",
        "sns_topic_policy",
        "vpc_security_group_egress_rule",
    )

    def __getattr__(name: str) -> object:
        modules = [each for each in _MODULES if name.startswith(each.title().replace("_", "")) or name == each]
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if modules:
            found = import_module(f"{_AWS}.{max(modules, key=len)}")
            found = found if name in modules else getattr(found, name)
        elif name == "NullResource":
            found = import_module(f"{_NULL}.resource").Resource
        else:
            found = getattr(_engine, name)
        globals()[name] = found
        return found


def engine_problems(at: str, construct: object) -> Iterator[str]:
    """Yield what is wrong with a construct of the other engine's, in whose tree ours would fail inside of Node."""
    if not isinstance(construct, Construct):
        return
    if (_engines(construct) or _engines(construct.node.root)) - {ENGINE}:
        other = _CDKTF if CDKTN else _CDKTN
        yield (
            f"{at} must be of {ENGINE}, which sagemaker_endpoint uses here, but is of {other}: "
            f"set {SWITCH}={other} before sagemaker_endpoint is imported, or import all from {ENGINE}"
        )


def unknown_to_bindings(at: str, release: str) -> str:
    """Say of an input that the installed bindings do not know it, and which release of the AWS provider does."""
    return (
        f"{at} must not be given with the installed {AWS_BINDINGS}, whose AWS provider does not know it: "
        f"install a release of AWS provider {release}"
    )


def _engines(construct: object) -> set[str]:
    """Tell the engine by a construct's class; what derives from `Construct` alone is of none."""
    return {class_.__module__.partition(".")[0] for class_ in type(construct).__mro__} & {_CDKTF, _CDKTN}


__all__ = [
    "Annotations",
    "App",
    "AppautoscalingPolicy",
    "AppautoscalingPolicyStepScalingPolicyConfiguration",
    "AppautoscalingPolicyStepScalingPolicyConfigurationStepAdjustment",
    "AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration",
    "AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification",
    "AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensions",
    "AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetrics",
    "AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStat",
    "AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetric",
    "AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetricDimensions",
    "AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification",
    "AppautoscalingScheduledAction",
    "AppautoscalingScheduledActionScalableTargetAction",
    "AppautoscalingTarget",
    "Aspects",
    "AssetType",
    "CloudwatchDashboard",
    "CloudwatchLogGroup",
    "CloudwatchMetricAlarm",
    "Construct",
    "DataAwsIamPolicyDocument",
    "DataAwsIamPolicyDocumentStatement",
    "DataAwsIamPolicyDocumentStatementCondition",
    "DataAwsIamPolicyDocumentStatementPrincipals",
    "DefaultTokenResolver",
    "IAspect",
    "IConstruct",
    "IResolvable",
    "IResolveContext",
    "IValidation",
    "IamPolicy",
    "IamRole",
    "IamRolePolicyAttachment",
    "KmsAlias",
    "KmsKey",
    "LocalExecProvisioner",
    "NullResource",
    "Postcondition",
    "Precondition",
    "SagemakerEndpoint",
    "SagemakerEndpointConfiguration",
    "SagemakerEndpointConfigurationAsyncInferenceConfig",
    "SagemakerEndpointConfigurationAsyncInferenceConfigClientConfig",
    "SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfig",
    "SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfig",
    "SagemakerEndpointConfigurationDataCaptureConfig",
    "SagemakerEndpointConfigurationDataCaptureConfigCaptureContentTypeHeader",
    "SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions",
    "SagemakerEndpointConfigurationProductionVariants",
    "SagemakerEndpointConfigurationProductionVariantsCoreDumpConfig",
    "SagemakerEndpointConfigurationProductionVariantsRoutingConfig",
    "SagemakerEndpointConfigurationProductionVariantsServerlessConfig",
    "SagemakerEndpointConfigurationShadowProductionVariants",
    "SagemakerEndpointConfigurationShadowProductionVariantsCoreDumpConfig",
    "SagemakerEndpointConfigurationShadowProductionVariantsRoutingConfig",
    "SagemakerEndpointDeploymentConfig",
    "SagemakerEndpointDeploymentConfigAutoRollbackConfiguration",
    "SagemakerEndpointDeploymentConfigAutoRollbackConfigurationAlarms",
    "SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicy",
    "SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfiguration",
    "SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySize",
    "SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSize",
    "SagemakerEndpointDeploymentConfigRollingUpdatePolicy",
    "SagemakerEndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSize",
    "SagemakerEndpointDeploymentConfigRollingUpdatePolicyRollbackMaximumBatchSize",
    "SagemakerModel",
    "SagemakerModelContainer",
    "SagemakerModelContainerImageConfig",
    "SagemakerModelContainerImageConfigRepositoryAuthConfig",
    "SagemakerModelContainerModelDataSource",
    "SagemakerModelContainerModelDataSourceS3DataSource",
    "SagemakerModelContainerModelDataSourceS3DataSourceModelAccessConfig",
    "SagemakerModelContainerMultiModelConfig",
    "SagemakerModelInferenceExecutionConfig",
    "SagemakerModelPrimaryContainer",
    "SagemakerModelPrimaryContainerImageConfig",
    "SagemakerModelPrimaryContainerImageConfigRepositoryAuthConfig",
    "SagemakerModelPrimaryContainerModelDataSource",
    "SagemakerModelPrimaryContainerModelDataSourceS3DataSource",
    "SagemakerModelPrimaryContainerModelDataSourceS3DataSourceModelAccessConfig",
    "SagemakerModelPrimaryContainerMultiModelConfig",
    "SagemakerModelVpcConfig",
    "SecurityGroup",
    "SecurityGroupTimeouts",
    "SnsTopic",
    "SnsTopicPolicy",
    "StringConcat",
    "TerraformAsset",
    "TerraformDataSource",
    "TerraformElement",
    "TerraformModule",
    "TerraformProvider",
    "TerraformResource",
    "TerraformStack",
    "Token",
    "Tokenization",
    "VpcSecurityGroupEgressRule",
    "engine_problems",
    "implements",
    "sagemaker_endpoint_configuration",
    "sagemaker_model",
    "unknown_to_bindings",
]
