"""AWS's own policies, read for the one partition that is used.

To find out whose a key is, moto looks into the partitions of China, of GovCloud and all others. Each would read the
1,600 policies again, a second and a half in all.
"""

from moto.iam.models import IAMBackend

from .patching import Answer, Handler, wrap

_PARTITION = "aws"


def fill() -> None:
    wrap(IAMBackend, "_init_aws_policies", _read)


def _read(moto: Handler, backend: IAMBackend) -> Answer:
    return moto(backend) if backend.region_name == _PARTITION else []
