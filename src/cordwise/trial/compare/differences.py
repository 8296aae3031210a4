"""How far designs differ, with the Monte Carlo error of each difference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.stats.monte_carlo import MonteCarloEstimate, mean
from cordwise.trial.compare.simulate import SimulatedDesign, draws_are_shared
from cordwise.trial.decide.stopping import Stops

ErrorKind = Literal["paired", "independent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignDifference:
    """One design minus the first, in one scenario.

    Attributes
    ----------
    scenario, design, against
        The scenario, and the labels of both designs.
    error
        Paired: both simulate the same patients in the same order, and the error is that of the difference of each
        replicate. Independent: the errors of both are added as variances.
    reject_rate, expected_n, expected_duration_days
        Differences of the share of trials that reject, of mean patients and of mean days.
    mcse, expected_n_mcse, expected_duration_mcse
        Their Monte Carlo standard errors.
    """

    scenario: str
    design: str
    against: str
    error: ErrorKind
    reject_rate: float
    mcse: float
    expected_n: float
    expected_n_mcse: float
    expected_duration_days: float
    expected_duration_mcse: float


def differences(designs: Sequence[SimulatedDesign]) -> Iterator[DesignDifference]:
    """Yield every design after the first against the first, in each scenario that both have."""
    first = designs[0]
    for other in designs[1:]:
        for name in (each.scenario.name for each in first.findings.scenarios):
            before, after = first.scenario(name), other.scenario(name)
            if before and after:
                yield _difference(name, first, other, before.stops, after.stops)


def _difference(
    name: str, first: SimulatedDesign, other: SimulatedDesign, before: Stops, after: Stops
) -> DesignDifference:
    error: ErrorKind = "paired" if draws_are_shared(first, other) else "independent"
    rejects = _minus(after.any_success, before.any_success, error)
    enrolled = _minus(after.enrolled, before.enrolled, error)
    day = _minus(after.day, before.day, error)
    return DesignDifference(
        scenario=name,
        design=other.label,
        against=first.label,
        error=error,
        reject_rate=rejects.value,
        mcse=rejects.mcse,
        expected_n=enrolled.value,
        expected_n_mcse=enrolled.mcse,
        expected_duration_days=day.value,
        expected_duration_mcse=day.mcse,
    )


def _minus(after: ndarray, before: ndarray, error: ErrorKind) -> MonteCarloEstimate:
    one: Float[ndarray, " replicate"] = np.asarray(before, float)
    two: Float[ndarray, " replicate"] = np.asarray(after, float)
    if error == "paired":
        return mean(two - one)
    first, second = mean(one), mean(two)
    return MonteCarloEstimate(second.value - first.value, float(np.hypot(first.mcse, second.mcse)))
