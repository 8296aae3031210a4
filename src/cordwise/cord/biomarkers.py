"""Markers of injury in cerebrospinal fluid and blood, as they follow from the tissue.

Neurofilament light is set free by axons that are lost, GFAP and S100b by grey and white matter, at impact and later;
each is then lost from the fluid at a rate of its own.  IL-6 follows the cytokine mix, which is made and lost within
hours.  No row gives a marker in units of both fluids and the cord, so that 1 is the peak of a severe human lesion.
Numbers: `data/biomarkers.csv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.base.tables import packaged_values
from cordwise.cord.tissue import TissueVisits, simulate_tissue

MARKERS = ("nfl", "gfap", "s100", "il6")
_FIRST_DAYS, _LAST_DAY, _GRID_DAYS = (0.02, 0.04, 0.07), 365.0, 60
_EARLY = 0.1  # from this day on the days of the grid lie ever further apart


@dataclass(frozen=True, slots=True)
class Biomarkers:
    """Markers on each day, without error of measurement; 1 is the peak of a severe human lesion.

    Attributes
    ----------
    days
        Days after injury.
    nfl, gfap, s100, il6
        Neurofilament light; glial fibrillary acidic protein; S100b; interleukin 6.
    """

    days: Float[ndarray, " time"]
    nfl: Float[ndarray, "patient time"]
    gfap: Float[ndarray, "patient time"]
    s100: Float[ndarray, "patient time"]
    il6: Float[ndarray, "patient time"]


def marker_numbers() -> Mapping[str, float]:
    """Return the numbers of the markers by name."""
    return packaged_values("cordwise.cord", "biomarkers")


def marker_days(asked: Float[ndarray, " day"]) -> Float[ndarray, " time"]:
    """Return the days on which the tissue has to be read for markers on the days asked for, which are among them."""
    grid = np.concatenate([[0.0], _FIRST_DAYS, np.geomspace(_EARLY, _LAST_DAY, _GRID_DAYS)])
    return np.union1d(grid[grid <= np.max(asked)], asked)


def biomarkers(visits: TissueVisits, numbers: Mapping[str, float] | None = None) -> Biomarkers:
    """Return the markers of patients on the days of their visits, of which the first is day 0.

    Between two days tissue counts as lost at a constant rate, for which the fluid is solved exactly.
    """
    chosen = marker_numbers() if numbers is None else numbers
    found, unit = _raw(visits, chosen), _severe_peak(tuple(chosen.items()))
    return Biomarkers(visits.days, **{name: found[name] / unit[name] for name in MARKERS})


def measured(
    marker: Float[ndarray, "patient time"], log_sd: float, deviates: Float[ndarray, "patient time"]
) -> Float[ndarray, "patient time"]:
    """Return what an assay finds of a marker: a lognormal error around it, from standard normal deviates."""
    return marker * np.exp(log_sd * deviates)


def in_fluid(
    set_free: Float[ndarray, "patient time"], days: Float[ndarray, " time"], loss: float
) -> Float[ndarray, "patient time"]:
    """Return what is in the fluid of what has been set free up to each day; what day 0 shows came at the impact."""
    lengths = np.diff(days)
    rates, stays = np.diff(set_free, axis=1) / lengths, np.exp(-loss * lengths)
    added = rates * (-np.expm1(-loss * lengths) / loss if loss > 0 else lengths)
    found = np.empty_like(set_free)
    found[:, 0] = set_free[:, 0]
    for day in range(lengths.size):
        found[:, day + 1] = found[:, day] * stays[day] + added[:, day]
    return found


def _raw(visits: TissueVisits, numbers: Mapping[str, float]) -> dict[str, Float[ndarray, "patient time"]]:
    """Return the markers in mm of cord."""
    if visits.days[0] != 0:
        raise InputError(
            [Fault("visits.days", "day 0 first, as much is set free by the impact", f"{visits.days[0]:g}")]
        )
    grey, white = visits.grey_lost_mm, visits.axons_lost_mm
    return {
        "nfl": in_fluid(white, visits.days, numbers["nfl_loss"]),
        "gfap": in_fluid(grey + numbers["gfap_white"] * white, visits.days, numbers["gfap_loss"]),
        "s100": in_fluid(grey + numbers["s100_white"] * white, visits.days, numbers["s100_loss"]),
        "il6": visits.inflammation_mm,
    }


@cache
def _severe_peak(numbers: tuple[tuple[str, float], ...]) -> Mapping[str, float]:
    """Return the highest value of each marker in a severe human lesion, in mm of cord."""
    given = dict(numbers)
    days = marker_days(np.array([_LAST_DAY]))
    severe = simulate_tissue(np.array([given["severe_severity"]]), np.array([given["severe_width"]]), days)
    return {name: float(values.max()) for name, values in _raw(severe, given).items()}
