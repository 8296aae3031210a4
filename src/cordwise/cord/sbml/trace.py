"""The model's own functions called with symbols: the formulas of one cell, named after where they come from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from types import FunctionType
from typing import Any

from cordwise.cord import response
from cordwise.cord.forcing import Forcing
from cordwise.cord.injury import impact
from cordwise.cord.kinetics import Rates, Site, State, kinetics
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.plain_arithmetic import plain
from cordwise.cord.sbml.expression import ON_SYMBOLS, Expression, called, symbol


@dataclass(frozen=True, slots=True)
class CellFormulas:
    """The formulas of one cell: quantities by name in the order of their use, and production and loss of each field."""

    named: Mapping[str, str]
    rates: Rates


def on_symbols(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of the model that takes symbols and gives formulas."""
    return plain(function, replaced=ON_SYMBOLS)


def symbolic_parameters() -> TissueParameters:
    """Return the parameter set in which each number is the symbol of its name."""
    return TissueParameters(*(symbol(name) for name in TissueParameters._fields))


def shape_definitions() -> Mapping[str, tuple[tuple[str, ...], str]]:
    """Return the shapes in which a tissue answers a stimulus: by name, their arguments and formula."""
    shapes = (response.saturation, response.square_saturation, response.above)
    return {shape.__name__: _defined(shape) for shape in shapes}


def _defined(shape: Callable[..., Any]) -> tuple[tuple[str, ...], str]:
    arguments = tuple(signature(plain(shape)).parameters)
    return arguments, str(on_symbols(shape)(*(symbol(name) for name in arguments)))


def cell_formulas(cell: int, forcing: Forcing, p: TissueParameters) -> CellFormulas:
    """Return the formulas of one cell of the axis."""
    named: dict[str, str] = {}

    def named_after(function: FunctionType) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            if function.__module__ == response.__name__:
                return called(function.__name__, arguments)
            found = function(*arguments, **options)
            if not isinstance(found, Expression) or found.text.isidentifier():
                return found
            name = f"{function.__name__}_{cell}"
            return symbol(name) if named.setdefault(name, found.text) == found.text else found

        return call

    state = State(*(symbol(f"{name}_{cell}") for name in State._fields))
    trace = plain(kinetics, replaced=ON_SYMBOLS, wrap=named_after)
    site = Site(*(symbol(f"{name}_{cell}") for name in Site._fields))
    return CellFormulas(named, trace(state, site, forcing, p))


def impact_formulas(cell: int, p: TissueParameters) -> Mapping[str, str]:
    """Return by name the formulas of what the blow leaves in one cell of the axis."""
    return {name: str(value) for name, value in on_symbols(impact)(symbol(f"injury_{cell}"), p)._asdict().items()}
