"""Filter patterns of CloudWatch Logs that are regular expressions: `%[Ee]rror|Traceback%`.

moto takes any pattern that it does not know as if there were none, and finds every line. AWS finds the lines
in which the expression matches somewhere, and refuses characters that it does not support: parentheses, say.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import re

from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogsBackend
from moto.logs.utils import EventMessageFilter, FilterPattern

from .patching import Answer, Handler, wrap

_LONGEST = 1024
_SUPPORTED = re.compile(r"[A-Za-z0-9\s_#=@/;,:\-^$?\[\]{}|\\*+.]*")


class RegexFilterPattern(FilterPattern):
    def matches(self, message: str) -> bool:
        return re.search(self.term, message) is not None


def fill() -> None:
    wrap(EventMessageFilter, "__init__", _init)
    wrap(LogsBackend, "filter_log_events", _filter)


def _init(moto: Handler, self: EventMessageFilter, pattern: str) -> None:
    moto(self, pattern)
    if _is_regex(pattern):
        self.filter_type = RegexFilterPattern(pattern[1:-1])


def _filter(moto: Handler, self: LogsBackend, *arguments: object, **named: object) -> Answer:
    for pattern in [each for each in (*arguments, *named.values()) if isinstance(each, str) and _is_regex(each)]:
        if len(pattern) > _LONGEST or not _SUPPORTED.fullmatch(pattern[1:-1]):
            raise InvalidParameterException(msg=f"Invalid filter pattern {pattern!r}")  # AWS's words are not known
    return moto(self, *arguments, **named)


def _is_regex(pattern: object) -> bool:
    return isinstance(pattern, str) and len(pattern) > 1 and pattern.startswith("%") and pattern.endswith("%")
