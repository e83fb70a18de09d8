"""A production variant without a model: its inference components bring theirs.

moto wants a ModelName of each. AWS says that it is not required.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
"""

from typing import Any

from moto.sagemaker.models import SageMakerModelBackend

from .patching import Handler, wrap


def fill() -> None:
    wrap(SageMakerModelBackend, "validate_production_variants", _validate)


def _validate(moto: Handler, self: SageMakerModelBackend, production_variants: list[dict[str, Any]]) -> None:
    moto(self, [each for each in production_variants if "ModelName" in each])
