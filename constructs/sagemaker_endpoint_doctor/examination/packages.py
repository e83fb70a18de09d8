"""What a model package holds, in the words in which a model states its containers.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageContainerDefinition.html
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import (
        ContainerDefinitionOutputTypeDef,
        DescribeModelPackageOutputTypeDef,
        ModelPackageContainerDefinitionOutputTypeDef,
    )


def is_of_marketplace(package: "DescribeModelPackageOutputTypeDef", account_id: str) -> bool:
    """Tell whether it is a seller's of AWS Marketplace: of another account, and no version in a group.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-mkt-model-pkg-model.html
    """
    return "ModelPackageGroupName" not in package and package["ModelPackageArn"].split(":")[4] != account_id


def containers(
    package: "DescribeModelPackageOutputTypeDef", stated: "ContainerDefinitionOutputTypeDef"
) -> "list[ContainerDefinitionOutputTypeDef]":
    """Give the containers of a package for a model that states it, and perhaps which of its specifications."""
    name = stated.get("InferenceSpecificationName")
    named = [each for each in package.get("AdditionalInferenceSpecifications", []) if name and each["Name"] == name]
    specification = named[0] if named else package.get("InferenceSpecification")
    return [_container(each, stated) for each in specification.get("Containers", [])] if specification else []


def _container(
    held: "ModelPackageContainerDefinitionOutputTypeDef", stated: "ContainerDefinitionOutputTypeDef"
) -> "ContainerDefinitionOutputTypeDef":
    container: ContainerDefinitionOutputTypeDef = {
        "Environment": {**held.get("Environment", {}), **stated.get("Environment", {})}
    }
    if "Image" in held:
        container["Image"] = held["Image"]
    if "ModelDataSource" in held:
        container["ModelDataSource"] = held["ModelDataSource"]
    elif "ModelDataUrl" in held:
        container["ModelDataUrl"] = held["ModelDataUrl"]
    return container
