"""Text on its way out: to a terminal, to a log, to a program that shows it. Whatever is printed goes through here."""

import re

# What stands before the host of a URL, a password that holds a slash included.
# https://datatracker.ietf.org/doc/html/rfc3986#section-3.2.1
_USERINFO = re.compile(r"(?<=://)([^\s/@:]*:\S*|[^\s/]*)@")
# Python's words for a header with a line break in it: the access key, or the session token itself.
_HEADER = re.compile(r"""(?<=Invalid header value )b?('([^'\\]|\\.)*'|"([^"\\]|\\.)*")""")


def printable(text: str) -> str:
    r"""Write what a terminal would obey, or not show, as its escape: ``\x1b``; leave out passwords and credentials."""
    shown = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
    return _HEADER.sub("***", _USERINFO.sub("***@", shown))
