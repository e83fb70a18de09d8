"""The rotation period of a KMS key.

moto forgets RotationPeriodInDays. AWS keeps it, 365 days where none is given, and answers it while rotation
is enabled.
https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
"""

import json

from moto.kms.responses import KmsResponse

from .patching import Handler, Resource, wrap

_DEFAULT_DAYS = 365


def fill() -> None:
    wrap(KmsResponse, "enable_key_rotation", _enable)
    wrap(KmsResponse, "get_key_rotation_status", _get_status)


def _enable(moto: Handler, self: KmsResponse) -> str:
    answer: str = moto(self)
    key: Resource = self.kms_backend.describe_key(self._get_param("KeyId"))
    key.rotation_period_in_days = self._get_param("RotationPeriodInDays", _DEFAULT_DAYS)
    return answer


def _get_status(moto: Handler, self: KmsResponse) -> str:
    status = json.loads(moto(self))
    if status["KeyRotationEnabled"]:
        key: Resource = self.kms_backend.describe_key(self._get_param("KeyId"))
        status["RotationPeriodInDays"] = key.rotation_period_in_days
    return json.dumps(status)
