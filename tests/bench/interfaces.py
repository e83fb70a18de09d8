"""What it costs to free a security group: time and API calls, for few interfaces and for many.

The interfaces are those that a deleted endpoint has left behind, the AWS CLI is the real one, and AWS is the embedded
one, which answers within milliseconds: from far away each call takes longer, and side by side gains more.
"""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.stage import HOUR
from tests.eni_cleanup.command_line import locked
from tests.eni_cleanup.scene import BASH, Scene, scene_of

COUNTS = (1, 10, 100, 300)

# What a script does that knows nothing of waiting, throttling or others' interfaces.
_ONE_BY_ONE = """
set -e
for id in $(aws ec2 describe-network-interfaces --filters Name=group-id,Values="$ENI_CLEANUP_SECURITY_GROUP_ID" \
    --query 'NetworkInterfaces[].NetworkInterfaceId' --output text); do
  aws ec2 delete-network-interface --network-interface-id "$id"
done
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What it took to free a group."""

    seconds: float
    calls: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """The cost of so many interfaces, in the two ways."""

    interfaces: int
    release: Cost
    one_by_one: Cost


def measure(aws: EmbeddedAws, interfaces: int) -> Row:
    """Free one group with `release`, and another one interface by interface."""
    return Row(
        interfaces=interfaces,
        release=_cost(aws, interfaces, "release", _release),
        one_by_one=_cost(aws, interfaces, "one-by-one", _one_by_one),
    )


def table(rows: list[Row]) -> str:
    """Write the rows in Markdown."""
    lines = [
        "| interfaces | `release` | API calls | one by one | API calls |",
        "|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        costs = f"{row.release.seconds:.1f} s | {row.release.calls} | {row.one_by_one.seconds:.1f} s"
        lines.append(f"| {row.interfaces} | {costs} | {row.one_by_one.calls} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print the table; a line as each number of interfaces is done."""
    rows = []
    with EmbeddedAws(transition_seconds=HOUR) as aws:
        for interfaces in COUNTS:
            rows.append(measure(aws, interfaces))
            print(f"{interfaces} interfaces done", flush=True)
    print(f"\nFreeing a security group, two looks a second apart included ({locked()}):\n\n{table(rows)}")


def _cost(aws: EmbeddedAws, interfaces: int, way: str, free: Callable[[Scene], None]) -> Cost:
    scene = scene_of(aws, f"{way}-{interfaces}", path=locked().folder)
    scene.deleted_endpoint(count=interfaces, subnets=2)
    start = time.perf_counter()
    free(scene)
    seconds = time.perf_counter() - start
    left = scene.ids()
    if left:
        raise RuntimeError(f"{way} left {len(left)} of {interfaces} interfaces behind")
    return Cost(seconds=seconds, calls=len(scene.calls()))


def _release(scene: Scene) -> None:
    outcome = scene.run("release", {"ENI_CLEANUP_SETTLE": "2"})
    if outcome.code != 0:
        raise RuntimeError(f"release ended with {outcome.code}:\n{outcome.log}")


def _one_by_one(scene: Scene) -> None:
    environment = scene.aws.full_environment() | scene.variables
    subprocess.run([BASH, "-c", _ONE_BY_ONE], env=environment, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
