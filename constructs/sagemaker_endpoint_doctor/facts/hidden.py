"""What the endpoint runs that neither its models nor its configuration tell of."""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.aws.errors import is_denied
from sagemaker_endpoint_doctor.aws.reads import permission
from sagemaker_endpoint_doctor.examination.subject import Subject

from botocore.exceptions import ClientError


def hidden(subject: Subject) -> Iterator[str]:
    """Say of each variant and container whose image and data are stated elsewhere, where that is.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
    """
    for variant in subject.variants():
        if "ModelName" not in variant:
            yield (
                f"{variant['VariantName']} has no model of its own: what its inference components run and load is not "
                "looked at"
            )
    for name in subject.models():
        for container in subject.containers(name):
            if "Image" not in container:
                package = container.get("ModelPackageName")
                made_from = package or "a model package"
                why = _why(subject, package) if package else ""
                yield f"{name} is made from {made_from}, whose image and data are not looked at{why}"


def _why(subject: Subject, package: str) -> str:
    try:
        found = subject.model_package(package)
    except ClientError as error:
        if is_denied(error):
            return f": needs {permission(error.operation_name)}"
        raise
    return ": a seller of AWS Marketplace keeps them" if found else ": there is no such package"
