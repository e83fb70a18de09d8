"""By which inputs the library writes which arguments."""

import dataclasses
import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from sagemaker_endpoint import InputError, SageMakerEndpoint

from cdktf import TerraformStack, Testing, Token

from .aws import HOSTING, SCALING
from .error import CoverageError
from .programs import PROGRAMS, Inputs
from .provider import Argument, Tree, arguments

Written: TypeAlias = dict[Argument, list[Any]]
"""What stands in each argument, in every block that has it."""


def written(inputs: Inputs) -> Written:
    """Return what the library writes into SageMaker's resources, and scaling's, when it is given these inputs."""
    stack = TerraformStack(Testing.app(), "stack")
    SageMakerEndpoint(stack, "Endpoint", **inputs)
    resources: Mapping[str, Mapping[str, Any]] = json.loads(Testing.synth(stack))["resource"]
    found: Written = {}

    def take(tree: Tree, block: Mapping[str, Any], path: Argument) -> None:
        for name in tree.keys() & block.keys():
            within, value = tree[name], block[name]
            if within is None:
                found.setdefault((*path, name), []).append(_without_ids(value))
            else:
                for each in value if isinstance(value, list) else [value]:
                    take(within, each, (*path, name))

    for request in {request.module: request for request in (*HOSTING, *SCALING)}.values():
        for block in resources.get(request.resource, {}).values():
            take(arguments(request.module), block, (request.resource,))
    return found


def _without_ids(value: Any) -> Any:  # noqa: ANN401 - any value of JSON
    """Return a value whose references name no construct: an id that changes is no other argument."""
    return json.loads(re.sub(r"\b(aws_[a-z_]+)\.[\w-]+\.", r"\1.", json.dumps(value)))


@dataclass(frozen=True, slots=True)
class Change:
    """One input: its name as ``Model.image``, what is stated, and all inputs with something else, or else this."""

    name: str
    stated: object
    otherwise: Sequence[Any]


def changes(of: Any) -> Iterator[Change]:  # noqa: ANN401 - any input
    """Yield a change for each input that is stated, and for all of those inside it."""
    if isinstance(of, dict):
        kind, stated = "SageMakerEndpoint", of
        parameters = inspect.signature(SageMakerEndpoint.__init__).parameters
        defaults = {name: each.default for name, each in parameters.items() if each.default is not each.empty}
    else:
        kind, stated = type(of).__name__, {each.name: getattr(of, each.name) for each in dataclasses.fields(of)}
        defaults = {
            each.name: each.default if each.default_factory is dataclasses.MISSING else each.default_factory()
            for each in dataclasses.fields(of)
            if (each.default, each.default_factory) != (dataclasses.MISSING, dataclasses.MISSING)
        }
    for name, value in stated.items():
        if name in defaults and value == defaults[name]:
            continue
        inside = [*_inside(value)]
        for part, put in inside:
            for each in changes(part):
                yield Change(each.name, each.stated, [_with(of, name, put(other)) for other in each.otherwise])
        if inside and isinstance(value, Mapping):
            (key, part), *others = value.items()
            yield Change(f"{kind}.{name}", key, [_with(of, name, {"other": part, **dict(others)})])
        elif not inside:
            instead = [*([defaults[name]] if name in defaults else []), _other(value)]
            alone = [_with(of, name, other) for other in instead]
            # Some inputs mean something only beside another.
            optional = [each for each in stated if each in defaults and each != name]
            without = [_with(each, beside, defaults[beside]) for each in alone for beside in optional]
            yield Change(f"{kind}.{name}", value, [*alone, *without])


def _inside(value: Any) -> Iterator[tuple[Any, Callable[[object], object]]]:  # noqa: ANN401 - any input
    """Yield each part of an input that has inputs of its own, and how to put another in its place."""
    if dataclasses.is_dataclass(value):
        yield value, lambda other: other
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if dataclasses.is_dataclass(part):
                yield part, lambda other, key=key: {**value, key: other}  # type: ignore[misc] # mypy infers no default's type
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            if dataclasses.is_dataclass(part):
                yield part, lambda other, at=index: [*value[:at], other, *value[at + 1 :]]  # type: ignore[misc] # mypy infers no default's type


def _with(of: Any, name: str, value: object) -> Any:  # noqa: ANN401 - any input
    return {**of, name: value} if isinstance(of, dict) else dataclasses.replace(of, **{name: value})


def _other(value: object) -> object:
    match value:
        case bool():
            return not value
        case str():
            return "${var.other}"
        case int() | float():
            return Token.as_number("${var.other}")
        case list() | tuple():
            return ["${var.other}", *value[1:]]
        case dict():
            return {"OTHER": "${var.other}"}
        case _:
            raise CoverageError(f"no other value is known for {value!r}: extend _other()")


@dataclass(frozen=True, slots=True)
class Given:
    """What gives an argument: the inputs that stand in it as they are, and those that only have to do with it."""

    as_stated: dict[str, None] = dataclasses.field(default_factory=dict)
    from_these: dict[str, None] = dataclasses.field(default_factory=dict)


@cache
def given() -> Mapping[Argument, Given]:
    """Return by which inputs each argument is given. One that is written and that none changes, the library sets."""
    found: dict[Argument, Given] = {}
    for inputs in PROGRAMS:
        before = written(inputs)
        for argument in before:
            found.setdefault(argument, Given())
        for change in changes(inputs):
            after = _first_accepted(change)
            for argument, values in before.items():
                if values != after.get(argument):
                    stated = list(change.stated) if isinstance(change.stated, tuple) else change.stated
                    is_it = stated in values or stated == values
                    kind = found[argument].as_stated if is_it else found[argument].from_these
                    kind[change.name] = None
    return found


def _first_accepted(change: Change) -> Written:
    """Return what is written for the first of a change's inputs that AWS's rules allow."""
    problems: list[str] = []
    for inputs in change.otherwise:
        try:
            return written(inputs)
        except InputError as error:  # noqa: PERF203 - most often the first is accepted
            problems += error.problems
    raise CoverageError(f"{change.name} cannot be changed, not even with another input left out: {problems}")
