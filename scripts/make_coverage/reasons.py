"""Why no input gives what the provider has."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the settings of requests that match two patterns cannot be stated, and the page that says so."""

    operations: str
    settings: str
    sentence: str
    page: str = ""
    refused_by_aws: bool = False


_VARIANTS: Final = r"(Shadow)?ProductionVariants\[\]\."
_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg"
_SCALING_API: Final = "https://docs.aws.amazon.com/autoscaling/application/APIReference"
_SCALING_GUIDE: Final = "https://docs.aws.amazon.com/autoscaling/application/userguide"
OF_NEWER_PROVIDERS: Final = (
    Reason(
        "CreateEndpointConfig",
        rf"{_VARIANTS}CapacityReservationConfig\..*",
        "given by `CapacityReservationConfig` on cdktn: AWS provider 6.54 and later have it",
    ),
)
"""What the provider here does not have, and which input gives it where there is a newer one."""
WHY_NOT: Final = (
    Reason(
        "CreateEndpointConfig",
        rf"{_VARIANTS}AcceleratorType",
        "Elastic Inference is closed",
        page=f"{_API}/API_ProductionVariant.html",
        refused_by_aws=True,
    ),
    Reason(
        "CreateEndpointConfig",
        rf"{_VARIANTS}ManagedInstanceScaling\..*",
        "refused of endpoints without inference components, which the provider does not have",
        page="https://github.com/hashicorp/terraform-provider-aws/pull/45926",
        refused_by_aws=True,
    ),
    Reason(
        "CreateEndpointConfig",
        r"ShadowProductionVariants\[\]\.ServerlessConfig\..*",
        "shadow variants run on instances",
        page=f"{_GUIDE}/model-deploy-feature-matrix.html",
        refused_by_aws=True,
    ),
    Reason(
        "CreateEndpointConfig",
        "ExecutionRoleArn",
        "the role of inference components; models bring their own",
        page=f"{_GUIDE}/realtime-endpoints-deploy-models.html",
    ),
    Reason(
        "RegisterScalableTarget",
        "RoleARN",
        "AWS has a service-linked role for it",
        page=f"{_SCALING_GUIDE}/application-auto-scaling-service-linked-roles.html",
    ),
    Reason(
        "RegisterScalableTarget",
        r"SuspendedState\..*",
        "for incidents, by the AWS CLI: an apply leaves it as it is",
        page=f"{_SCALING_GUIDE}/application-auto-scaling-suspend-resume-scaling.html",
    ),
    Reason(
        "PutScalingPolicy",
        r"PredictiveScalingPolicyConfiguration\..*",
        "of Amazon ECS alone",
        page=f"{_SCALING_GUIDE}/aas-predictive-scaling-limitations.html",
        refused_by_aws=True,
    ),
    Reason(
        "PutScalingPolicy",
        r".*PredefinedMetricSpecification\.ResourceLabel",
        "of load balancers alone",
        page=f"{_SCALING_API}/API_PredefinedMetricSpecification.html",
        refused_by_aws=True,
    ),
)
