"""Formulas as text: symbols that the model's own functions can calculate with, and that write down what was done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Union

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
Operand = Union["Expression", float, int]


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula in infix notation; `binding` says how tightly its outermost operation binds."""

    text: str
    binding: int = _ATOM

    def __str__(self) -> str:
        """Return the formula."""
        return self.text

    def __add__(self, other: Operand) -> Operand:
        return self if _is(other, 0) else _joined(self, " + ", other, _SUM)

    def __radd__(self, other: Operand) -> Operand:
        return self if _is(other, 0) else _joined(other, " + ", self, _SUM)

    def __sub__(self, other: Operand) -> Operand:
        return self if _is(other, 0) else _joined(self, " - ", other, _SUM)

    def __rsub__(self, other: Operand) -> Operand:
        return -self if _is(other, 0) else _joined(other, " - ", self, _SUM)

    def __mul__(self, other: Operand) -> Operand:
        if _is(other, 0):
            return 0.0
        return self if _is(other, 1) else _joined(self, " * ", other, _PRODUCT)

    def __rmul__(self, other: Operand) -> Operand:
        if _is(other, 0):
            return 0.0
        return self if _is(other, 1) else _joined(other, " * ", self, _PRODUCT)

    def __truediv__(self, other: Operand) -> Operand:
        return self if _is(other, 1) else _joined(self, " / ", other, _PRODUCT)

    def __rtruediv__(self, other: Operand) -> Operand:
        return 0.0 if _is(other, 0) else _joined(other, " / ", self, _PRODUCT)

    def __pow__(self, other: Operand) -> "Expression":
        return Expression(f"{_in(self, _ATOM)}^{_in(other, _ATOM)}", _POWER)

    def __neg__(self) -> "Expression":
        return Expression(f"-{_in(self, _POWER)}", _PRODUCT)

    def __abs__(self) -> "Expression":
        return Expression(f"abs({self})")


def symbol(name: str) -> Any:  # noqa: ANN401 - stands where the model's functions expect a float
    """Return the symbol of a quantity by its name."""
    return Expression(name)


def called(function: str, arguments: Iterable[Operand]) -> Any:  # noqa: ANN401
    """Return the call of a function by its name."""
    return Expression(f"{function}({', '.join(map(str, arguments))})")


def least(first: Operand, second: Operand) -> Operand:
    """Return the smaller of two values."""
    return Expression(f"piecewise({first}, {first} < {second}, {second})")


def greatest(first: Operand, second: Operand) -> Operand:
    """Return the larger of two values."""
    return Expression(f"piecewise({first}, {first} > {second}, {second})")


def _function(name: str) -> Callable[[Operand], Expression]:
    return lambda argument: called(name, (argument,))


_NUMPY = SimpleNamespace(exp=_function("exp"), sqrt=_function("sqrt"), log=_function("ln"), zeros_like=lambda _: 0.0)
ON_SYMBOLS = {"min": least, "max": greatest, "np": _NUMPY}
"""What stands for functions of Python and NumPy when the model's functions calculate with symbols."""


def _is(value: Operand, number: int) -> bool:
    return not isinstance(value, Expression) and value == number


def _joined(left: Operand, operator: str, right: Operand, binding: int) -> Expression:
    not_associative = operator in (" - ", " / ")
    return Expression(f"{_in(left, binding)}{operator}{_in(right, binding + not_associative)}", binding)


def _in(value: Operand, binding: int) -> str:
    if isinstance(value, Expression):
        return value.text if value.binding >= binding else f"({value.text})"
    return repr(value) if value >= 0 else f"({value!r})"
