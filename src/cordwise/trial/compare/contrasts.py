"""How far two designs part, with the Monte Carlo error of the difference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.stats.monte_carlo import MonteCarloEstimate, mean
from cordwise.trial.characteristics.findings import ScenarioFinding
from cordwise.trial.compare.entrants import Compared, draws_are_shared
from cordwise.trial.decide.stopping import Stops

How = Literal["paired", "independent"]


@dataclass(frozen=True, slots=True)
class Contrast:
    """One design minus the first, in one scenario.

    Paired: both simulate the same patients in the same order, and the error is that of the difference of each
    replicate. Independent: the errors of both are added as variances.
    """

    scenario: str
    label: str
    against: str
    how: How
    reject: MonteCarloEstimate
    enrolled: MonteCarloEstimate
    day: MonteCarloEstimate


def contrasts(compared: Sequence[Compared]) -> Iterator[Contrast]:
    """Yield every design after the first against the first, in each scenario that both have."""
    first = compared[0]
    for other in compared[1:]:
        for name in (each.scenario.name for each in first.findings.scenarios):
            pair = scenario_of(first, name), scenario_of(other, name)
            if pair[0] and pair[1]:
                yield _contrast(name, first, other, (pair[0].stops, pair[1].stops))


def scenario_of(compared: Compared, name: str) -> ScenarioFinding | None:
    """Return a design's scenario by name; None where the design lacks it."""
    return next((each for each in compared.findings.scenarios if each.scenario.name == name), None)


def _contrast(name: str, first: Compared, other: Compared, stops: tuple[Stops, Stops]) -> Contrast:
    how: How = "paired" if draws_are_shared(first, other) else "independent"
    measures = [(each.any_success, each.enrolled, each.day) for each in stops]
    differences = (
        _difference(np.asarray(before, float), np.asarray(after, float), how)
        for before, after in zip(*measures, strict=True)
    )
    return Contrast(name, other.label, first.label, how, *differences)


def _difference(
    before: Float[ndarray, " replicate"], after: Float[ndarray, " replicate"], how: How
) -> MonteCarloEstimate:
    if how == "paired":
        return mean(after - before)
    one, two = mean(before), mean(after)
    return MonteCarloEstimate(two.value - one.value, float(np.hypot(one.mcse, two.mcse)))
