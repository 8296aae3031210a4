"""How far designs differ, each difference with its errors.

Replicate r of every design happens in the same parameter set and draws from the same group of its people, so that the
difference of each replicate is free of much that both share.  Designs with the same entry criteria enrol the same
people, as far as their sizes go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from cordwise.stats.nested_means import NestedMean, Nesting, nested_mean
from cordwise.trial.analyse.simulated_value import known
from cordwise.trial.compare.simulate import SimulatedDesign
from cordwise.trial.decide.stopping import Stops


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignDifference:
    """One design minus the first, in one scenario.

    Attributes
    ----------
    scenario, design, against
        The scenario, and the labels of both designs.
    reject_rate, mcse, total_error, low95, high95
        Difference of the share of trials that reject: error of the simulation, the same with the parameters, and where
        the difference lies in 95 % of the parameter sets, widened by the error of the simulation.
    sets_low95, sets_high95
        Where it lies in 95 % of the sets, without the noise of the simulation.
    expected_n, expected_duration_days
        Differences of mean patients and of mean days, with their errors.
    """

    scenario: str
    design: str
    against: str
    reject_rate: float
    mcse: float
    total_error: float | None
    low95: float
    high95: float
    sets_low95: float | None
    sets_high95: float | None
    expected_n: float
    expected_n_mcse: float
    expected_n_total_error: float | None
    expected_duration_days: float
    expected_duration_mcse: float
    expected_duration_total_error: float | None


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
    nesting = first.findings.result.nesting
    rejects = _minus(after.any_success, before.any_success, nesting)
    enrolled = _minus(after.enrolled, before.enrolled, nesting)
    day = _minus(after.day, before.day, nesting)
    return DesignDifference(
        scenario=name,
        design=other.label,
        against=first.label,
        reject_rate=rejects.value,
        mcse=rejects.mcse,
        total_error=known(rejects.total_error),
        low95=rejects.interval95[0],
        high95=rejects.interval95[1],
        sets_low95=known(rejects.sets_low95),
        sets_high95=known(rejects.sets_high95),
        expected_n=enrolled.value,
        expected_n_mcse=enrolled.mcse,
        expected_n_total_error=known(enrolled.total_error),
        expected_duration_days=day.value,
        expected_duration_mcse=day.mcse,
        expected_duration_total_error=known(day.total_error),
    )


def _minus(after: ndarray, before: ndarray, nesting: Nesting) -> NestedMean:
    return nested_mean(np.asarray(after, float) - np.asarray(before, float), nesting)
