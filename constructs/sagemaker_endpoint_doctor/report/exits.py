"""What the command's exit code tells."""

from collections.abc import Mapping
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes, which are a promise to scripts."""

    HEALTHY = 0
    PROBLEMS = 1
    USAGE = 2
    CANNOT_CHECK = 3
    INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it
    UNREAD = 141  # the same with SIGPIPE


MEANINGS: Mapping[Exit, str] = {
    Exit.HEALTHY: "everything was checked, and there is no problem",
    Exit.PROBLEMS: "there are problems",
    Exit.USAGE: "the command line makes no sense",
    Exit.CANNOT_CHECK: "no problem was seen, but not everything could be checked",
    Exit.INTERRUPTED: "interrupted",
    Exit.UNREAD: "the output was closed before its end",
}
