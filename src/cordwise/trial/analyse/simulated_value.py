"""A simulated value as a result shows it: with its errors, and None for what does not exist."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from cordwise.stats.nested_means import NestedMean


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorParts:
    """What the error of a rate consists of, each part a standard error.

    Attributes
    ----------
    replicates
        Of the finite number of simulated trials.
    bank
        Of the simulated people from whom they draw.
    parameters, registry
        How far the rate differs with what all registries have in common, and between registries; which only more
        evidence makes smaller. None where the replicates are too few to tell anything; where sets are not told apart by
        registry, all is in `parameters`.
    resolution
        How large both together must be to be told from none.
    """

    replicates: float
    bank: float
    parameters: float | None
    registry: float | None
    resolution: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedValue:
    """A simulated rate or mean; None where it does not exist.

    `mcse` is the error of the simulation, replicates and people together, `total_error` that with the parameters.
    """

    value: float | None
    mcse: float | None
    total_error: float | None


def known(value: float) -> float | None:
    """Return a number as a float, None where it does not exist."""
    return float(value) if math.isfinite(value) else None


def simulated(found: NestedMean) -> SimulatedValue:
    """Return a simulated value with its errors."""
    return SimulatedValue(value=known(found.value), mcse=known(found.mcse), total_error=known(found.total_error))


def error_parts(found: NestedMean) -> ErrorParts:
    """Return what the error of a simulated value consists of."""
    return ErrorParts(
        replicates=found.replicates,
        bank=found.bank,
        parameters=known(found.parameters if np.isnan(found.common) else found.common),
        registry=_registry(found),
        resolution=known(found.resolution),
    )


def _registry(found: NestedMean) -> float | None:
    if np.isnan(found.common):
        return None
    return float(np.sqrt(max(found.parameters**2 - found.common**2, 0.0)))


def reject_rate_of(found: NestedMean) -> dict[str, Any]:
    """Return a reject rate with its errors and ranges, by the names that they have in every result."""
    low, high = found.interval95
    return {
        "reject_rate": found.value,
        "mcse": found.mcse,
        "total_error": known(found.total_error),
        "error": error_parts(found),
        "sets_low95": known(found.sets_low95),
        "sets_high95": known(found.sets_high95),
        "low95": low,
        "high95": high,
    }
