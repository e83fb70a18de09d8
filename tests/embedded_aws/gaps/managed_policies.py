"""AWS's own policies, read once and for the one partition that is used.

To find out whose a key is, moto looks into the partitions of China, of GovCloud and all others, in each account. Each
time it would read the 1,600 policies again, a fifth of a second.
"""

import copy
import functools
import json

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from .patching import Handler, wrap

_PARTITION = "aws"


def fill() -> None:
    wrap(IAMBackend, "_init_aws_policies", _read)


def _read(_: Handler, backend: IAMBackend) -> list[AWSManagedPolicy]:
    if backend.region_name != _PARTITION:
        return []
    own = [copy.copy(each) for each in _policies()]  # each account counts its attachments
    for policy in own:
        policy.account_id = backend.account_id
    return own


@functools.cache
def _policies() -> list[AWSManagedPolicy]:
    read = json.loads(aws_managed_policies_data)
    return [AWSManagedPolicy.from_data(name, DEFAULT_ACCOUNT_ID, _PARTITION, data) for name, data in read.items()]
