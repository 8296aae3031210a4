"""How registries differ: a few directions of the parameter table on which each has its own place around the mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.tables import packaged_table
from cordwise.evidence import Target
from cordwise.patient.parameters import (
    ParameterRow,
    PopulationParameters,
    from_working_scale,
    parameter_table,
    to_working_scale,
)


@dataclass(frozen=True, slots=True)
class Direction:
    """One way in which registries differ.

    Attributes
    ----------
    parameters, weights
        Parameters that move together, on the scale on which they are fitted, and how far each moves.
    spread
        Scale of the half-normal prior of the SD between registries.
    """

    name: str
    parameters: tuple[str, ...]
    weights: tuple[float, ...]
    spread: float
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry whose figures were fitted; those of one family share centres, so that they resemble each other."""

    name: str
    patterns: tuple[str, ...]
    family: str


@cache
def directions() -> tuple[Direction, ...]:
    """Return the directions, in the order of the table."""
    rows = list(packaged_table("cordwise.population", "directions"))
    found = []
    for name in dict.fromkeys(row["direction"] for row in rows):
        own = [row for row in rows if row["direction"] == name]
        found.append(
            Direction(
                name=name,
                parameters=tuple(row["parameter"] for row in own),
                weights=tuple(float(row["weight"]) for row in own),
                spread=float(own[0]["spread"]),
                unit=own[0]["unit"],
                meaning=own[0]["meaning"],
            )
        )
    return tuple(found)


@cache
def known_registries() -> tuple[Registry, ...]:
    """Return the registries that the population was fitted to."""
    rows = list(packaged_table("cordwise.population", "registries"))
    return tuple(
        Registry(name, tuple(row["source_pattern"] for row in rows if row["registry"] == name), family)
        for name, family in {row["registry"]: row["family"] for row in rows}.items()
    )


def registry_of(target: Target) -> str:
    """Return the registry that a figure comes from; that of a source nobody knows is called as the source is."""
    return fitted_registry(target.source) or target.source


def fitted_registry(source: str) -> str | None:
    """Return the registry that a source stands for, of those that the population was fitted to; None if of none."""
    known = (each.name for each in known_registries() if any(pattern in source for pattern in each.patterns))
    return next(known, None)


def known_name(given: str, names: Sequence[str]) -> str | None:
    """Return the name among some that was meant, whatever its case; None if none was."""
    return next((name for name in names if name.lower() == given.strip().lower()), None)


def moved_parameters() -> tuple[ParameterRow, ...]:
    """Return the rows of the parameter table that some direction moves."""
    moved = {name for direction in directions() for name in direction.parameters}
    return tuple(row for row in parameter_table() if row.name in moved)


def moves(rows: Sequence[ParameterRow]) -> Float[ndarray, "parameter direction"]:
    """Return how far a step of one along each direction moves each of the parameters, on their working scale."""
    names = [row.name for row in rows]
    found = np.zeros((len(names), len(directions())))
    for column, direction in enumerate(directions()):
        for name, weight in zip(direction.parameters, direction.weights, strict=True):
            if name in names:
                found[names.index(name), column] = weight
    return found


def of_registry(parameters: PopulationParameters, effects: Float[ndarray, " direction"]) -> PopulationParameters:
    """Return the parameters of a registry that lies `effects` off the mean of registries."""
    rows = moved_parameters()
    return from_working_scale(to_working_scale(parameters, rows) + moves(rows) @ effects, rows, parameters)
