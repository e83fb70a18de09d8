"""What an instance type tells by its name."""

import re

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html
NVME_FAMILIES = frozenset(
    [
        *("c5d", "c6gd", "m5d", "m6gd", "r5d", "r6gd", "r7gd"),
        *("g4dn", "g5", "g6", "g6e", "g7", "g7e", "p4d", "p4de", "p5", "p5e", "p5en"),
        *("p6-b200", "p6-b300", "p6e-gb200", "dl1", "trn1", "trn1n", "trn2"),
    ]
)
# Graviton: a g behind the generation, as in m7g or c6gn; GB200 and the like have Grace processors.
# https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
_ARM = re.compile(r"[a-z]+[0-9]+g[a-z]*|.*-gb[0-9]+")


def architecture(instance_type: str) -> str:
    """Give the processor architecture that an image must be built for, in Docker's words."""
    return "arm64" if _ARM.fullmatch(_family(instance_type)) else "amd64"


def has_local_storage(instance_type: str) -> bool:
    """Tell whether the model's data lies on NVMe drives of a fixed size, and not on a volume."""
    return _family(instance_type) in NVME_FAMILIES


def _family(instance_type: str) -> str:
    return instance_type.removeprefix("ml.").partition(".")[0]
