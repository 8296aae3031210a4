"""How much of the year's gain is there early: the time course of arm recovery in tetraplegia."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cordwise.cohort.check import PopulationCheck
from cordwise.cohort.observation import is_home
from cordwise.isncsci import AIS, level_index

_MEASURE, _FIRST_DAY, _LAST_DAY = "uems", 14.0, 365.0
_DAYS = (28.0, 84.0, 183.0)


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


def gain_shares(found: PopulationCheck) -> tuple[GainShare, ...]:
    """Return the shares for the days of EMSCI's visits, from a check that holds its UEMS rows of C1-T1."""
    predicted = {grade: _shares(found, found.predicted, grade) for grade in _grades()}
    published = {grade: _shares(found, found.observed, grade) for grade in _grades()}
    return tuple(
        GainShare(
            day,
            {grade: shares[place] for grade, shares in predicted.items()},
            {grade: shares[place] for grade, shares in published.items()},
        )
        for place, day in enumerate(_DAYS)
    )


def _grades() -> Iterator[str]:
    return (grade.name for grade in (AIS.A, AIS.B, AIS.C, AIS.D))


def _shares(found: PopulationCheck, values: np.ndarray, grade: str) -> Sequence[float]:
    curve = {
        target.followup_day: float(value)
        for target, value in zip(found.targets, values, strict=True)
        if is_home(target)
        and (target.measure, target.baseline_ais) == (_MEASURE, grade)
        and target.level_last <= level_index("T1")
    }
    gain = curve[_LAST_DAY] - curve[_FIRST_DAY]
    return [(curve[day] - curve[_FIRST_DAY]) / gain for day in _DAYS]
