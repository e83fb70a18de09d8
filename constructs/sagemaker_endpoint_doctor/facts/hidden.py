"""What the endpoint runs that neither its models nor its configuration tell of."""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.subject import Subject


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
                package = container.get("ModelPackageName", "a model package")
                yield f"{name} is made from {package}, whose image and data are not looked at"
