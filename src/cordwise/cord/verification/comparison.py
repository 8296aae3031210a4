"""Errors of a solution against a reference, in the same measure for the engine and for its peers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.self_check import relative_error


@dataclass(frozen=True, slots=True)
class ErrorSummary:
    """The 99th percentile and the largest of many errors."""

    error_p99: float
    error_max: float


Quantities = Mapping[str, Float[ndarray, " time"]]


def quantity_errors(found: Quantities, reference: Quantities) -> dict[str, Float[ndarray, " time"]]:
    """Return the error of every quantity of one patient at each visit, relative to its value or 5% of its peak."""
    return {name: relative_error(found[name], reference[name], None) for name in reference}


def field_errors(
    found: Float[ndarray, "time field cell"], reference: Float[ndarray, "time field cell"]
) -> Float[ndarray, "time field cell"]:
    """Return the error of every field, place and visit of one patient, relative to its value or 5% of its peak."""
    return relative_error(found, reference, (0, 2))


def summary(errors: Iterable[ndarray]) -> ErrorSummary:
    """Return the summary of all errors together."""
    together = np.concatenate([np.ravel(part) for part in errors])
    return ErrorSummary(float(np.quantile(together, 0.99)), float(together.max()))
