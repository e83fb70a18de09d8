"""Why an examination does not even begin."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sagemaker_endpoint_doctor.text.words import shortened

_LONGEST = 1500  # characters of a message: AWS and Terraform write more


class UsageError(Exception):
    """What was asked for makes no sense; the message names the input and what it may be."""


class CannotStartError(Exception):
    """Something is missing that every check needs; the message says what, and what to do.

    Attributes:
        known: What is known all the same, by its key in the document for machines.
    """

    def __init__(self, message: str, **known: str) -> None:
        super().__init__(shortened(message, _LONGEST))
        self.known: Mapping[str, str] = known


@contextmanager
def knowing(**known: str) -> Iterator[None]:
    """Let what is known by now go with an error."""
    try:
        yield
    except CannotStartError as error:
        error.known = {**known, **error.known}
        raise
