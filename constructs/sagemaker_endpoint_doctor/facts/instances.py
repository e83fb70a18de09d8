"""How many instances the endpoint has in the VPC: those of the variants whose model has a VpcConfig.

A variant without a model of its own has that of the configuration.
"""

from sagemaker_endpoint_doctor.aws.errors import CannotCheckError
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.text.words import listed


def running(subject: Subject) -> int:
    """Count those that run now.

    Raises:
        CannotCheckError: AWS does not tell.
    """
    inside = _initial_counts(subject)
    counts = {each["VariantName"]: each.get("CurrentInstanceCount") for each in subject.deployed_variants()}
    silent = [name for name, initial in inside.items() if initial and counts.get(name) is None]
    if silent and subject.endpoint()["EndpointStatus"] == "InService":
        raise CannotCheckError(f"AWS does not tell how many instances of {listed(silent)} run")
    return sum(counts.get(name) or 0 for name in inside)


def running_or_initial(subject: Subject) -> int:
    """Count those that run now or, while there are none, those that the configuration begins with."""
    return running(subject) or sum(_initial_counts(subject).values())


def _initial_counts(subject: Subject) -> dict[str, int]:
    models = subject.models()
    inside = {name for name, model in models.items() if model.get("VpcConfig")}
    own = bool(subject.configuration().get("VpcConfig"))
    return {
        each["VariantName"]: each.get("InitialInstanceCount", 0)  # a serverless variant has none
        for each in subject.variants()
        if (each["ModelName"] in inside if "ModelName" in each else own)
    }
