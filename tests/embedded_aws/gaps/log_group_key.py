"""AssociateKmsKey and DisassociateKmsKey, which moto lacks: a log group that exists gets a key, or another, or none.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DisassociateKmsKey.html
"""

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse

from .patching import add


def fill() -> None:
    add(LogsResponse, "associate_kms_key", _associate)
    add(LogsResponse, "disassociate_kms_key", _associate)


def _associate(self: LogsResponse) -> str:
    name = self._get_param("logGroupName")
    if name not in self.logs_backend.groups:
        raise ResourceNotFoundException
    self.logs_backend.groups[name].kms_key_id = self._get_param("kmsKeyId")
    return ""
