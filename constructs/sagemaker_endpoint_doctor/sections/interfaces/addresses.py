"""Whether the subnets have addresses for new instances."""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import instances
from sagemaker_endpoint_doctor.facts.subnets import existing_subnets
from sagemaker_endpoint_doctor.text.words import counted, listed
from sagemaker_endpoint_runbook import commands

_NOTHING_RUNS = ("Failed", "OutOfService")


def addresses(subject: Subject) -> Iterator[Finding]:
    """Free addresses for as many new instances as run now: an update runs old and new ones side by side."""
    ids = subject.subnet_ids()
    if not ids:
        return
    subnets = existing_subnets(subject)
    command = commands.filled(commands.DESCRIBE_SUBNETS, subnets=",".join(ids))
    gone = [name for name in ids if name not in subnets]
    if gone:
        yield problem(
            f"{listed(gone)}: the model names it, and it does not exist",
            why="SageMaker cannot put new instances there.",
            next=f"Correct the subnets of the model, then {subject.deploy}.",
            command=command,
        )
    free = {name: subnet["AvailableIpAddressCount"] for name, subnet in subnets.items()}
    has_failed = subject.endpoint()["EndpointStatus"] in _NOTHING_RUNS
    yield from _free(free, needed=instances.running_or_initial(subject), has_failed=has_failed, command=command)


def _free(free: dict[str, int], *, needed: int, has_failed: bool, command: str) -> Iterator[Finding]:
    """Judge the addresses that are free: a rolling update needs a few at a time, and one under way holds its own."""
    total = sum(free.values())
    full = [name for name, number in free.items() if number == 0]
    if total < needed:
        rows = ", ".join(f"{number} in {name}" for name, number in free.items()) or "there is no subnet"
        yield (problem if has_failed or not total else warning)(
            f"{counted(total, 'free address')} for {counted(needed, 'new instance')}: {rows}",
            why="An update, unless it is a rolling one, starts as many new instances as run now before it ends the old "
            "ones, and each needs an address.",
            next="Delete what is not needed in these subnets, such as orphaned network interfaces, or give the "
            "endpoint further subnets.",
            command=command,
        )
    elif full:
        yield warning(
            f"no free address in {listed(full)}, {total} in the endpoint's other subnets",
            why="New instances fit into the other subnets only, which may lie in one availability zone.",
            next="Delete what is not needed there, or give the endpoint a further subnet in that zone.",
            command=command,
        )
    else:
        yield ok(
            f"{counted(total, 'free address')} in {counted(len(free), 'subnet')}; an update needs {needed} for a while"
        )
