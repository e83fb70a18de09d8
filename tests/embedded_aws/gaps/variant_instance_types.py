"""The instance types of a production variant.

moto knows those of about 2020. AWS's own list is in its service model, which botocore carries.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html

moto also lets a KmsKeyId be combined with any of them. "If you specify a value for KmsKeyId when using any
nitro-based instances with local storage, the call to CreateEndpointConfig fails."
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
"""

from moto.core.utils import get_service_model
from moto.sagemaker.exceptions import AWSValidationException
from moto.sagemaker.models import FakeEndpointConfig
from moto.sagemaker.responses import SageMakerResponse

from .patching import Answer, Handler, wrap

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html
LOCAL_STORAGE_FAMILIES = frozenset(
    [
        *("c5d", "c6gd", "m5d", "m6gd", "r5d", "r6gd", "r7gd"),
        *("g4dn", "g5", "g6", "g6e", "g7", "g7e", "p4d", "p4de", "p5", "p5e", "p5en"),
        *("p6-b200", "p6-b300", "p6e-gb200", "dl1", "trn1", "trn1n", "trn2"),
    ]
)


def fill() -> None:
    wrap(FakeEndpointConfig, "validate_instance_type", _validate_instance_type)
    wrap(SageMakerResponse, "create_endpoint_config", _create_endpoint_config)


def known_instance_types() -> list[str]:
    known: list[str] = get_service_model("sagemaker").shape_for("ProductionVariantInstanceType").metadata["enum"]
    return known


def _validate_instance_type(_: Handler, self: FakeEndpointConfig, instance_type: str) -> None:
    del self
    known = known_instance_types()
    if instance_type not in known:
        raise AWSValidationException(
            f"1 validation error detected: Value '{instance_type}' at"
            " 'productionVariants.1.member.instanceType' failed to satisfy constraint: Member must satisfy"
            f" enum value set: [{', '.join(known)}]"
        )


def _create_endpoint_config(moto: Handler, self: SageMakerResponse) -> Answer:
    if "KmsKeyId" in self.params:
        for variant in self.params["ProductionVariants"]:
            _refuse_local_storage(variant.get("InstanceType", ""))
    return moto(self)


def _refuse_local_storage(instance_type: str) -> None:
    family = instance_type.removeprefix("ml.").partition(".")[0]
    if family in LOCAL_STORAGE_FAMILIES:
        # AWS documents that the call fails, not its words.
        raise AWSValidationException(
            f"KmsKeyId cannot be used with instance type {instance_type}: its storage is local to the"
            " instance and encrypted by a hardware module."
        )
