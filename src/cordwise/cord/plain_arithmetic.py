"""Compiled functions of the model as the plain Python that they were written as, and all that they call with them."""

from collections.abc import Callable, Mapping
from dis import get_instructions
from types import FunctionType
from typing import Any

Wrap = Callable[[FunctionType], Callable[..., Any]]


def plain(
    function: Callable[..., Any], *, replaced: Mapping[str, Any] | None = None, wrap: Wrap | None = None
) -> Callable[..., Any]:
    """Return a function of the model that runs uncompiled on whatever numbers it is given.

    Parameters
    ----------
    function
        A compiled or plain function of the model.
    replaced
        What stands for names that the function and those it calls look up, for example `min` on symbols.
    wrap
        Called with the plain form of each function; what it returns is called in its place.

    """
    return _Plain(dict(replaced or {}), wrap or (lambda same: same)).of(function)


class _Plain:
    def __init__(self, replaced: dict[str, Any], wrap: Wrap) -> None:
        self._replaced, self._wrap = replaced, wrap
        self._made: dict[FunctionType, Callable[..., Any]] = {}

    def of(self, function: Callable[..., Any]) -> Callable[..., Any]:
        source = _source(function)
        if source not in self._made:
            used = {name: source.__globals__[name] for name in _globals_of(source) if name in source.__globals__}
            called = {name: self.of(value) for name, value in used.items() if _belongs_to_the_model(value)}
            names = {**source.__globals__, **called, **self._replaced}
            copy = FunctionType(source.__code__, names, source.__name__, source.__defaults__, source.__closure__)
            self._made[source] = self._wrap(copy)
        return self._made[source]


def _source(function: Callable[..., Any]) -> FunctionType:
    source = getattr(function, "py_func", function)
    if not isinstance(source, FunctionType):
        raise TypeError(f"{function} is not a function of the model")
    return source


def _globals_of(function: FunctionType) -> set[str]:
    return {step.argval for step in get_instructions(function) if step.opname == "LOAD_GLOBAL"}


def _belongs_to_the_model(value: object) -> bool:
    source = getattr(value, "py_func", value)
    return isinstance(source, FunctionType) and source.__module__.startswith("cordwise.")
