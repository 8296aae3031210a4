"""Values that the rules of the design file have made sure of, taken as such."""

from typing import TypeVar

from cordwise.base.errors import Fault, InputError

Value = TypeVar("Value")


def stated(value: Value | None, key: str) -> Value:
    """Return a value that a checked design has.

    Raises
    ------
    InputError
        It is not there: the design was put together without its checks.
    """
    if value is None:
        raise InputError([Fault(key, "a value", "nothing", "Check the design with `check_design`.")])
    return value
