"""What a construct is called with, for `help()` and `inspect`."""

import inspect


class InitSignature:
    """A class's ``__signature__``: that of its ``__init__``, which the metaclass of jsii's classes hides.

    It is worked out when it is asked for, of the class that is asked.
    """

    def __get__(self, instance: object, owner: type) -> inspect.Signature:
        init = inspect.signature(owner.__init__)  # type: ignore[misc] # asked of the class that it is of
        _, *called_with = init.parameters.values()
        return init.replace(parameters=called_with)
