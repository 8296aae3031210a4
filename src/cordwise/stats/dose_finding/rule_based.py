"""The 3+3 design: rule, and its characteristics exactly, by recursion over the doses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.stats.dose_finding.dose_history import STOP, DoseHistory

COHORT = 3  # the design's name


@dataclass(frozen=True, slots=True)
class ThreePlusThreeCharacteristics:
    """Exact operating characteristics of the 3+3 design.

    Attributes
    ----------
    selected
        Chance that no dose is selected, then that each dose is.
    patients, toxicities
        Mean numbers at each dose.
    """

    selected: tuple[float, ...]
    patients: tuple[float, ...]
    toxicities: tuple[float, ...]

    @property
    def expected_patients(self) -> float:
        """Return the mean number of patients."""
        return sum(self.patients)


def three_plus_three(rates: Sequence[float] | Float[ndarray, " dose"]) -> ThreePlusThreeCharacteristics:
    """Return the exact characteristics for true toxicity rates.

    0 of 3 rises; 1 of 3 adds three; 1 of 6 rises; 2 or more stop, and the dose below is selected, without another look
    at it.

    Notes
    -----
    Source: Storer 1989, Biometrics 45:925.

    Examples
    --------
    >>> found = three_plus_three([0.1, 0.3])
    >>> [round(chance, 3) for chance in found.selected], round(found.expected_patients, 2)
    ([0.094, 0.458, 0.448], 7.65)
    """
    reached, selected, patients, toxicities = 1.0, [], [], []
    for rate in map(float, rates):
        none, one = (1 - rate) ** COHORT, COHORT * rate * (1 - rate) ** (COHORT - 1)
        passed = none + one * none
        selected.append(reached * (1 - passed))
        patients.append(reached * COHORT * (1 + one))
        toxicities.append(rate * patients[-1])
        reached *= passed
    return ThreePlusThreeCharacteristics((*selected, reached), tuple(patients), tuple(toxicities))


@dataclass(frozen=True, slots=True)
class ThreePlusThree:
    """The 3+3 design with cohorts of three, for `simulate_escalation`."""

    waits: bool = True

    def next_dose(self, history: DoseHistory) -> Int[ndarray, " replicate"]:
        """Return the next cohort's dose, or STOP once a dose fails or the highest has passed."""
        rows, top = np.arange(len(history.dose)), history.patients.shape[1] - 1
        count, toxic = history.patients[rows, history.dose], history.toxicities[rows, history.dose]
        passed = (toxic == 0) | ((toxic == 1) & (count > COHORT))
        expands = (toxic == 1) & (count == COHORT)
        following = np.where(passed, history.dose + 1, history.dose)
        return np.where((passed | expands) & (following <= top), following, STOP)

    def selected(self, history: DoseHistory) -> Int[ndarray, " replicate"]:
        """Return the highest dose that passed."""
        count, toxic = history.patients, history.toxicities
        passed = ((count == COHORT) & (toxic == 0)) | ((count > COHORT) & (toxic <= 1))
        return passed.sum(axis=1) - 1
