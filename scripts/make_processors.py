"""Write processors.py of constructs/sagemaker_endpoint/rules: how many vCPUs and GPUs each instance type has.

The numbers are what EC2's DescribeInstanceTypes answers, as moto has recorded it; run this after `make limits` has
brought further instance types: `python scripts/make_processors.py`. moto is needed here and in the tests alone.
"""

import textwrap
from pathlib import Path
from typing import Any, Final

from sagemaker_endpoint.rules import limits

import moto
from moto.ec2.models.instance_types import INSTANCE_TYPES as EC2_TYPES

PROCESSORS: Final = Path(__file__).parents[1] / "constructs" / "sagemaker_endpoint" / "rules" / "processors.py"

# vCPUs and GPUs of those that moto has no answer about.
# https://docs.aws.amazon.com/ec2/latest/instancetypes/pg.html and .../ac.html
DOCUMENTED: Final = {
    "p2.xlarge": (4, 1),
    "p2.8xlarge": (32, 8),
    "p2.16xlarge": (64, 16),
    "p3.2xlarge": (8, 1),
    "p3.8xlarge": (32, 4),
    "p3.16xlarge": (64, 8),
    "dl1.24xlarge": (96, 0),
    "p6e-gb200.36xlarge": (144, 4),
}

HEADER: Final = '''\
"""How many vCPUs and GPUs an instance has: CloudWatch's utilization of an endpoint is a sum over them.

Written by scripts/make_processors.py from EC2's answers as moto {version} has recorded them. Do not edit.
https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
"""

from typing import Final

# By their number, the instance types that have so many, without "ml.".
'''
FOOTER: Final = """

def _by_type(by_number: dict[int, str]) -> dict[str, int]:
    return {f"ml.{name}": number for number, names in by_number.items() for name in names.split()}


VCPUS: Final = _by_type(_VCPUS)
GPUS: Final = _by_type(_GPUS)
"""


def processors(name: str) -> tuple[int, int]:
    """Return an instance type's vCPUs and GPUs."""
    if name in DOCUMENTED:
        return DOCUMENTED[name]
    answer: dict[str, Any] = EC2_TYPES[name]
    gpus = answer.get("GpuInfo", {}).get("Gpus", [])
    return answer["VCpuInfo"]["DefaultVCpus"], sum(each["Count"] for each in gpus)


def table(name: str, numbers: dict[str, int]) -> str:
    """Return the lines of one constant."""
    lines = [f"{name}: Final = {{"]
    for number in sorted(set(numbers.values())):
        names = " ".join(each for each, its in numbers.items() if its == number)
        # A space ends each line but the last, at which the texts are put together.
        parts = textwrap.wrap(names, width=105, break_on_hyphens=False)
        if len(parts) == 1:
            lines.append(f'    {number}: "{parts[0]}",')
            continue
        indented = [*(f'        "{each} "' for each in parts[:-1]), f'        "{parts[-1]}"']
        lines += [f"    {number}: (", *indented, "    ),"]
    return "\n".join([*lines, "}"])


def generate() -> str:
    """Return the text of processors.py."""
    found = {name: processors(name) for name in (each.removeprefix("ml.") for each in limits.INSTANCE_TYPES)}
    vcpus = table("_VCPUS", {name: vcpus for name, (vcpus, _) in found.items()})
    gpus = table("_GPUS", {name: gpus for name, (_, gpus) in found.items() if gpus})
    return f"{HEADER.format(version=moto.__version__)}{vcpus}\n{gpus}\n{FOOTER}"


if __name__ == "__main__":
    PROCESSORS.write_text(generate(), encoding="utf-8")
    print(f"{PROCESSORS.name}: written from moto {moto.__version__}")
