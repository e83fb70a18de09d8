"""Python expressions: values, and calls with keyword arguments, broken into lines where they are long."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_WIDTH = 120
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a class: its name, and its arguments without those that are None."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    positional: Sequence[str] = ()

    @property
    def stated(self) -> dict[str, object]:
        """The arguments that are stated."""
        return {name: value for name, value in self.arguments.items() if value is not None}


def names(value: object) -> Iterator[str]:
    """Yield the name of each class that is called."""
    if isinstance(value, Call):
        yield value.name
        for each in value.stated.values():
            yield from names(each)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from names(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from names(each)


def written(value: object, *, before: int = 0, level: int = 0) -> str:
    """Write an expression that begins behind `before` characters of a line at an indentation level."""
    flat = _flat(value)
    start, end, parts = _parts(value)
    if before + len(flat) < _WIDTH or not parts:
        return flat
    inner = _INDENT * (level + 1)
    lines = [
        f"{inner}{prefix}{written(each, before=len(inner) + len(prefix), level=level + 1)}," for prefix, each in parts
    ]
    return "\n".join([start, *lines, f"{_INDENT * level}{end}"])


def _flat(value: object) -> str:
    start, end, parts = _parts(value)
    return start + ", ".join(f"{prefix}{_flat(each)}" for prefix, each in parts) + end


def _parts(value: object) -> tuple[str, str, list[tuple[str, object]]]:
    """Give the opening, the closing, and each part behind what stands before it."""
    match value:
        case Call():
            positional: list[tuple[str, object]] = [("", _Raw(each)) for each in value.positional]
            return f"{value.name}(", ")", [*positional, *((f"{name}=", each) for name, each in value.stated.items())]
        case Mapping():
            return "{", "}", [(f"{_text(str(key))}: ", each) for key, each in value.items()]
        case list() | tuple():
            return "[", "]", [("", each) for each in value]
        case str():
            return _text(value), "", []
    return repr(value), "", []


@dataclass(frozen=True, slots=True)
class _Raw:
    text: str

    def __repr__(self) -> str:
        return self.text


def _text(value: str) -> str:
    """Write a text as ruff does, in double quotes unless it has some, and so that Terraform reads it as it is.

    https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
    """
    plain = repr(value.replace("${", "$${").replace("%{", "%%{"))
    return f'"{plain[1:-1]}"' if plain[0] == "'" and '"' not in value else plain
