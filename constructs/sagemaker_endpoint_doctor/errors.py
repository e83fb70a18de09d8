"""Why an examination does not even begin."""


class UsageError(Exception):
    """What was asked for makes no sense; the message names the input and what it may be."""


class CannotStartError(Exception):
    """Something is missing that every check needs; the message says what, and what to do."""
