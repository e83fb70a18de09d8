"""Model packages of AWS Marketplace: which these are, and what SageMaker hosts them with."""

from collections.abc import Iterator

from sagemaker_endpoint.rules import checks
from sagemaker_endpoint.rules.conditions import AnyOf, Condition, Group, IsOneOf, Matches, Not

from .model import Model

_WITHOUT_VERSION = "arn:[^:]+:sagemaker:[^:]+:([0-9]{12}):model-package/[^/]+"


def is_of_elsewhere(model_package_name: str, account_id: str) -> Condition:
    """Ask that a package is none of AWS Marketplace, which are other accounts' and no versions.

    Terraform alone knows the account. https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-models.html
    """
    own = IsOneOf(account_id, [Group(model_package_name, _WITHOUT_VERSION, 0)])
    return AnyOf([Not(Matches(model_package_name, _WITHOUT_VERSION)), own])


def problems(at: str, model: Model, account_id: str, *, serverless: bool) -> Iterator[checks.Finding]:
    """Yield what SageMaker does not host a package of AWS Marketplace with.

    https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-deploy-feature-matrix.html
    """
    for path, container in model.named_containers(at):
        name = container.model_package_name
        if name is None:
            continue
        of_elsewhere = is_of_elsewhere(name, account_id)
        if model.containers is not None:
            yield from checks.rule(
                f"{path}.model_package_name must not be of AWS Marketplace with {at}.containers: SageMaker hosts what "
                "is bought there in a model of one container alone",
                of_elsewhere,
                name,
            )
        elif serverless:
            yield from checks.rule(
                f"{path}.model_package_name must not be of AWS Marketplace with a ServerlessProductionVariant: "
                "SageMaker hosts what is bought there on instances alone",
                of_elsewhere,
                name,
            )
        else:
            yield from checks.rule(
                f"{at}.enable_network_isolation must be True with a model_package_name of AWS Marketplace, whose "
                "containers SageMaker cuts off from the network",
                AnyOf([IsOneOf(model.enable_network_isolation, [True]), of_elsewhere]),
                name,
            )
