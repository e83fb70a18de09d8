"""Text from AWS on its way to a terminal."""


def printable(text: str) -> str:
    r"""Write what a terminal would obey, or not show, as its escape: ``\x1b``."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
