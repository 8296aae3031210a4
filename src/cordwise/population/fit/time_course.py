"""How much of the year's gain is there early: the time course of arm recovery in tetraplegia."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.evidence import Target
from cordwise.isncsci import level_index
from cordwise.population.observation import is_home

_MEASURE = "uems"
FIRST_DAY, LAST_DAY = 14.0, 365.0
GAIN_DAYS = (28.0, 84.0, 183.0)


@dataclass(frozen=True, slots=True)
class GainShare:
    """The share of the gain from week 2 to a year that is there by a day; published values span the four grades."""

    day: float
    predicted: dict[str, float]
    published: dict[str, float]

    @property
    def is_inside(self) -> bool:
        """Say whether the prediction of every grade lies in the range of the published ones."""
        low, high = min(self.published.values()), max(self.published.values())
        return all(low <= share <= high for share in self.predicted.values())

    def __str__(self) -> str:
        """Return the line that a table prints."""
        low, high = min(self.published.values()), max(self.published.values())
        grades = ", ".join(f"{grade} {100 * share:.0f} %" for grade, share in self.predicted.items())
        verdict = "all inside" if self.is_inside else "not all inside"
        return f"day {self.day:g}: {grades} (published {100 * low:.0f} to {100 * high:.0f} %; {verdict})"


def gain_shares(
    targets: Sequence[Target], predicted: Float[ndarray, " target"], observed: Float[ndarray, " target"]
) -> tuple[GainShare, ...]:
    """Return the shares for the days of EMSCI's visits, from targets that hold its UEMS rows of C1-T1."""
    predicted_shares = shares_of_gain(targets, predicted)
    published_shares = shares_of_gain(targets, observed)
    return tuple(
        GainShare(
            day,
            {grade: float(shares[place]) for grade, shares in predicted_shares.items()},
            {grade: float(shares[place]) for grade, shares in published_shares.items()},
        )
        for place, day in enumerate(GAIN_DAYS)
    )


def shares_of_gain(targets: Sequence[Target], values: Float[ndarray, " target"]) -> dict[str, Float[ndarray, " day"]]:
    """Return, for each grade whose rows are all there, the shares of the year's gain on the days of EMSCI's visits."""
    return {
        grade: np.array([values[places[day]] - values[places[FIRST_DAY]] for day in GAIN_DAYS])
        / (values[places[LAST_DAY]] - values[places[FIRST_DAY]])
        for grade, places in places_of_gain(targets).items()
    }


def places_of_gain(targets: Sequence[Target]) -> dict[str, dict[float, int]]:
    """Return where the rows of arm recovery in tetraplegia stand, by grade and day; a grade needs all its visits."""
    places: dict[str, dict[float, int]] = {}
    for place, target in enumerate(targets):
        if is_home(target) and target.measure == _MEASURE and target.level_last <= level_index("T1"):
            places.setdefault(target.baseline_ais, {})[target.followup_day] = place
    return {grade: days for grade, days in places.items() if {FIRST_DAY, *GAIN_DAYS, LAST_DAY} <= days.keys()}
