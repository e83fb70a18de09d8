"""How a gap is filled: a function takes the place of one of moto's, and is handed moto's own."""

import functools
from collections.abc import Callable
from typing import Any

# moto's handlers answer in many forms, and its resources carry attributes that it does not declare.
Answer = Any
Handler = Callable[..., Answer]
Resource = Any


def wrap(owner: object, name: str, wrapper: Handler) -> None:
    """Let `wrapper(moto's own, …)` answer `owner.name(…)`."""
    moto: Handler = getattr(owner, name)

    @functools.wraps(moto)
    def answer(*arguments: object, **named: object) -> Answer:
        return wrapper(moto, *arguments, **named)

    setattr(owner, name, answer)


def add(owner: object, name: str, handler: Handler) -> None:
    """Give `owner` a method that moto lacks."""
    if hasattr(owner, name):
        raise AttributeError(f"moto has {name} on {owner} by now: wrap it, or drop the gap")

    def answer(*arguments: object, **named: object) -> Answer:  # moto looks for plain functions
        return handler(*arguments, **named)

    setattr(owner, name, answer)
