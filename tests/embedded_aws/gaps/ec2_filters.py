"""How EC2's Describe calls filter: any of the values, with wildcards, against any of the resource's.

moto wants a list-valued attribute (`route.gateway-id`, `group-id`, `association.subnet-id`) to be a subset
or superset of the values given, and reads wildcards only where a single value is given.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html
"""

import functools
import re
from collections.abc import Iterable
from datetime import datetime

from moto.ec2 import utils
from moto.ec2.utils import format_timestamp

from .patching import Handler, Resource, wrap


def fill() -> None:
    wrap(utils, "is_filter_matching", _matches)


def _matches(_: Handler, resource: Resource, name: str, wanted: str | list[str]) -> bool:
    patterns = [wanted] if isinstance(wanted, str) else wanted
    values = [_text(each) for each in _each(resource.get_filter_value(name))]
    return any(like(pattern, value) for pattern in patterns for value in values)


def _each(value: object) -> Iterable[object]:
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Iterable):
        return (value,)
    return value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return str(format_timestamp(value))
    return str(value)


def like(pattern: str, value: str) -> bool:
    """Whether `value` is what `pattern` says, in which * stands for anything and ? for one character."""
    return _compiled(pattern).fullmatch(value) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
