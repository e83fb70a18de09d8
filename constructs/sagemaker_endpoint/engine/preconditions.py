"""What synthesis did not know, as preconditions: Terraform holds it to the same rules, in the same words.

A resource carries those of its own inputs, which it depends on already: another could wait in a circle. It is none of
a data source, whose reading Terraform would put off until it applies:
https://developer.hashicorp.com/terraform/language/expressions/custom-conditions
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from sagemaker_endpoint.rules.checks import Deferred, deferred
from sagemaker_endpoint.rules.conditions import (
    IPV4,
    NETWORKS,
    AnyOf,
    AreDistinct,
    Condition,
    Every,
    Group,
    HasBytes,
    HasCharacters,
    HasMembers,
    IsAtLeast,
    IsBoolean,
    IsMultiple,
    IsNetwork,
    IsNone,
    IsOneOf,
    IsWithin,
    Keys,
    Matches,
    Not,
    Values,
)

from .bindings import Precondition, Token
from .expressions import expression, refers, unless_sensitive


def preconditions(known_later: Iterable[Deferred]) -> list[Precondition]:
    """Write what is deferred as preconditions."""
    return [
        Precondition(
            condition=f"${{{_referring(written(_asked(each)))}}}", error_message=f"{each.sentence}{_got(each)}."
        )
        for each in known_later
    ]


def _referring(condition: str) -> str:
    # Terraform refuses a condition that refers to nothing, as one on a constant written as an expression.
    return condition if refers(condition) else f'({condition}) && path.module != ""'


def _asked(each: Deferred) -> Condition:
    return each.condition if each.none is None else AnyOf([each.none, each.condition])


def written(condition: Condition) -> str:  # noqa: PLR0911, PLR0912 - an expression for each kind
    """Write a condition as an expression, to stand inside ``${...}``; what cannot be evaluated does not meet it."""
    match condition:
        case AnyOf(conditions):
            return f"({' || '.join(map(written, conditions))})"
        case Not(other):
            return f"!{written(other)}"
        case IsNone(value, blank):
            return (
                f'try({_value(value)} == null || {_value(value)} == "", false)'
                if blank
                else f"({_value(value)} == null)"
            )
        case Matches(value, pattern):
            return f"can(regex({_pattern(pattern)}, {_value(value)}))"
        case HasCharacters(_, least, most):
            least_and_most = f"{_size(condition)} >= {least}", f"{_size(condition)} <= {most}"
            return f"try({' && '.join(least_and_most[: 1 if most is None else 2])}, false)"
        case HasBytes(_, most):
            return f"try({_size(condition)} <= {most}, false)"
        case HasMembers(_, limit):
            return f"try({_size(condition)} >= {limit.minimum} && {_size(condition)} <= {limit.maximum}, false)"
        case AreDistinct(values, ignoring_case):
            members = f"[for each in {_value(values)} : {'lower(each)' if ignoring_case else 'each'}]"
            return f"try(length(distinct({members})) == length({_value(values)}), false)"
        case Every(values, each):
            return f"try(alltrue([for each in {_value(values)} : {written(each('${each}'))}]), false)"
        case IsWithin(value, limit, whole):
            # Where a number is wanted Terraform takes a text of one, as a variable without a type is by -var.
            number = f"tonumber({_value(value)})"
            bounds = [f"{number} >= {limit.minimum}"]
            bounds += [] if limit.maximum is None else [f"{number} <= {limit.maximum}"]
            bounds += [f"floor({number}) == {number}"] if whole else []
            return f"try({' && '.join(bounds)}, false)"
        case IsAtLeast(value, other):
            return f"try({_value(value)} >= {_value(other)}, false)"
        case IsOneOf(value, options):
            # Equal by Terraform's own conversion: what is wanted as a text may be a number, and the other way round.
            texts = [each if isinstance(each, Group) else _text(each) for each in options]
            return f"try(contains({_value(texts)}, tostring({_value(value)})), false)"
        case IsMultiple(value, of):
            return f"try(tonumber({_value(value)}) % {of} == 0, false)"
        case IsBoolean(value):
            return f"can(tobool({_value(value)}))"
        case IsNetwork(value, version):
            return _is_network(_value(value), version)


def _text(option: object) -> str:
    return option if isinstance(option, str) else json.dumps(option)


def _is_network(value: str, version: int) -> str:
    # cidrhost spells an address in its one way, so the given address is spelled so too.
    address = f'cidrhost(format("%s/{32 if version == IPV4 else 128}", split("/", {value})[0]), 0)'
    spelled = f"can(regex({_pattern(NETWORKS[version])}, {value}))"
    return f"try({spelled} && cidrhost({value}, 0) == {address}, false)"


def _value(value: object) -> str:  # noqa: PLR0911 - an expression for each kind of value
    match value:
        case Keys(mapping):
            return f"keys({_value(mapping)})"
        case Values(mapping):
            return f"values({_value(mapping)})"
        case Group(text, pattern, index):
            return f'try(tostring(regex({_pattern(pattern)}, {_value(text)})[{index}]), "")'
        case str():
            return expression(value)
        case _ if deferred(value):
            return expression(Token.as_string(value))
        case Mapping():
            raise TypeError(value)
        case Sequence():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return json.dumps(value)


def _pattern(pattern: str) -> str:
    r"""Write a pattern as RE2 reads it, to match all of a text.

    RE2 writes code points in braces, and its \w knows ASCII's letters and digits alone. It stands in brackets here.
    """
    points = re.sub(r"\\u([0-9a-f]{4})", r"\\x{\1}", pattern)
    return expression(f"^(?:{points.replace(chr(92) + 'w', chr(92) + 'p{L}' + chr(92) + 'p{N}_')})$")


def _size(condition: HasCharacters | HasBytes | HasMembers) -> str:
    match condition:
        case HasCharacters(value):
            # `length` counts what a reader takes for one character, which may be several.
            return f'length(regexall("(?s).", {_value(value)}))'
        case HasMembers(value):
            return f"length({_value(value)})"
        case HasBytes(values):
            # Terraform counts no bytes: but every three of them are four characters in base 64.
            bytes_ = 'floor(length(replace(base64encode(each), "=", "")) * 3 / 4)'
            return f"sum(concat([0], [for each in flatten([{', '.join(map(_value, values))}]) : {bytes_}]))"


def _got(each: Deferred) -> str:
    """Give the end of the message; Terraform evaluates it even where all is well, and takes no null in it.

    It would warn of each sensitive value in it, at every plan, and withhold the message, the input's name too. Sizes
    and the keys of mappings are not sensitive, of any value.
    """
    condition = each.condition
    match condition:
        case HasMembers() | HasBytes():
            return f", got {_open(_size(condition))}"
        case HasCharacters() if each.got is not None:
            return f", got {_open(_size(condition))}: {_shown(each.got)}"
        case Every(Values(mapping), meets):
            wrong = f"[for key, each in {_value(mapping)} : key if !{written(meets('${each}'))}]"
            return f", got another for {_open(_joined(wrong))}"
        case Every(values, meets):
            wrong = _joined(f"[for each in {_value(values)} : each if !{written(meets('${each}'))}]")
            return f", got {_open(wrong)}" if isinstance(values, Keys) else f", got ${{{unless_sensitive(wrong)}}}"
        case AreDistinct(Keys(mapping)):
            return f", got {_open(_joined(f'keys({_value(mapping)})'))}"
        case _:
            return "" if each.got is None else f", got {_shown(each.got)}"


def _joined(names: str) -> str:
    return f'join(", ", {names})'


def _open(value: str) -> str:
    return f'${{try(nonsensitive({value}), {value}, "none")}}'


def _shown(value: object) -> str:
    known = _value(value)
    text = f'{known} == null ? "null" : try(tostring({known}), jsonencode({known}))'
    return f"${{{unless_sensitive(text, quoted=True)}}}"
