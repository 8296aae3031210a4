"""What a simulated cord is like on one day, smooth along the cord: the numbers behind one drawn strip."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.interpolate import PchipInterpolator

from cordwise.patient.life.result import Course, Grid, PatientLife, World

SIDES = ("right", "left")
BUNDLES: dict[str, tuple[str, ...]] = {
    "touch": ("dorsal_column",),
    "movement": ("corticospinal", "other_descending"),
    "pain": ("spinothalamic",),
}
"""Bundles of fibres as drawn, from the middle of the cord outwards, and the tracts of the model that each holds."""
CROSSED = "pain"  # runs in the half of the cord opposite to the side of the body it serves
PLACES = 65
LEAST_LOSS = 1e-6
LEAST_VISIBLE_FIBRES = 0.02  # of all fibres: below this two drawings are said, and drawn, to be the same


@dataclass(frozen=True, slots=True)
class CordState:
    """One cord on one day; arrays run along `place_mm`, from rostral to caudal, 0 at the centre of the lesion.

    `fibres` holds, for each half of the **cord** and each bundle, the share of fibres still there at each place; the
    other arrays are amounts of the tissue model, `grey` the share of grey matter kept.
    """

    day: float
    place_mm: Float[ndarray, " place"]
    fibres: Mapping[str, Mapping[str, Float[ndarray, " place"]]]
    grey: Float[ndarray, " place"]
    swelling: Float[ndarray, " place"]
    inflammation: Float[ndarray, " place"]
    scar: Float[ndarray, " place"]
    cells: Float[ndarray, " place"]

    def passing(self, half: str | None = None) -> float:
        """Return the share of fibres that pass the whole lesion, in one half of the cord or both."""
        halves = SIDES if half is None else (half,)
        return float(np.mean([course.min() for name in halves for course in self.fibres[name].values()]))


def cord_state(life: PatientLife, world: World, day: float, reach_mm: float) -> CordState:
    """Return the cord of one world (`without`, `with`) on a day, between two stored days by interpolation."""
    places = np.linspace(-reach_mm, reach_mm, PLACES)
    fields = life.fields.of(world)
    field = {
        name: np.clip(along(life.axis_mm, at_day(life.days, fields[name], day), places), 0.0, None)
        for name in ("axon", "grey", "oedema", "inflammation", "border", "graft")
    }
    return CordState(
        day,
        places,
        _fibres(life, world, day, field["axon"]),
        np.clip(field["grey"], 0.0, 1.0),
        field["oedema"],
        field["inflammation"],
        field["border"],
        field["graft"],
    )


def _fibres(
    life: PatientLife, world: World, day: float, axon: Float[ndarray, " place"]
) -> dict[str, dict[str, Float[ndarray, " place"]]]:
    """Return fibres along the cord: the model's loss along it, scaled to what each tract loses at the lesion."""
    lost = 1.0 - np.clip(axon, 0.0, 1.0)
    shape = lost / max(float(lost.max()), LEAST_LOSS)
    return {
        half: {
            bundle: 1.0 - shape * (1.0 - share_passing(life, world, day, _side_served(half, bundle), bundle))
            for bundle in BUNDLES
        }
        for half in SIDES
    }


def share_passing(life: PatientLife, world: World, day: float, side: str, bundle: str) -> float:
    """Return the share of a bundle's fibres that pass the lesion, for one side of the body."""
    tracts = life.tracts.of(world)[side]
    return float(np.mean([at_day(life.days, tracts[name], day) for name in BUNDLES[bundle]]))


def _side_served(half: str, bundle: str) -> str:
    """Return the side of the body that a bundle in one half of the cord serves."""
    return SIDES[1 - SIDES.index(half)] if bundle == CROSSED else half


def at_day(days: Course, values: Course | Grid, day: float) -> Float[ndarray, "..."]:
    """Return what a course of values is on a day, by the line between the stored days beside it."""
    after = min(max(bisect_right(days, day), 1), len(days) - 1)
    share = np.clip((day - days[after - 1]) / (days[after] - days[after - 1]), 0.0, 1.0)
    return np.asarray((1.0 - share) * np.asarray(values[after - 1]) + share * np.asarray(values[after]))


def along(
    axis_mm: Sequence[float], values: Float[ndarray, " cell"], places: Float[ndarray, " place"]
) -> Float[ndarray, " place"]:
    """Return a field between the cells of the model, by cubics that never leave the range of their neighbours."""
    inside = np.clip(places, axis_mm[0], axis_mm[-1])
    return PchipInterpolator(axis_mm, values)(inside)
