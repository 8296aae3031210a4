"""Partial cuts of the cord: which fibres of which side a named part holds, and what is left of a tract on a day.

A side is that of the body which a tract serves.  Cuts at one level add up; at another level they are a place of their
own, and a fibre passes when it does so at every place.  A block leaves the fibres alive and stops what they carry.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.assumptions import Assumption
from cordwise.base.tables import Row
from cordwise.cord.parameters import Species
from cordwise.experiment.tables import plain, table

TRACTS = ("corticospinal", "dorsolateral", "ventrolateral", "rest", "dorsal_column", "spinothalamic")
SIDES = ("right", "left")
Side = Literal["left", "right", "both"]
CutKind = Literal["cut", "block"]


@dataclass(frozen=True, slots=True)
class Cut:
    """A named part cut, or its conduction blocked, from a day on; without a level at the lesion."""

    part: str
    side: Side = "both"
    share: float = 1.0
    day: float = 0.0
    kind: CutKind = "cut"
    level: str = ""


@cache
def part_names() -> dict[str, str]:
    """Return the part of each name and alias."""
    names: dict[str, str] = {}
    for row in table("cuts"):
        names |= {name: row["part"] for name in (row["part"], *row["aliases"].split(";")) if name}
    return names


def find_part(name: str) -> str | None:
    """Return the part of a name, or None."""
    return part_names().get(plain(name))


def sides_differ(cuts: Sequence[Cut]) -> bool:
    """Tell whether some cut is on one side only."""
    return any(cut.side != "both" for cut in cuts)


def levels_of(cuts: Sequence[Cut]) -> tuple[str, ...]:
    """Return the levels of the cuts; that of the lesion is the empty one and comes first."""
    return ("", *sorted({cut.level for cut in cuts} - {""}))


def fibres_left(
    cuts: Sequence[Cut], level: str, days: Float[ndarray, " time"], species: Species
) -> Float[ndarray, "tract side time"]:
    """Return the share of every tract that the cuts at one level have left on each day."""
    gone = np.zeros((len(TRACTS), len(SIDES), len(days)))
    for cut in cuts:
        if cut.level != level:
            continue
        for row in _rows(cut.part, species):
            for at in _body_sides(cut.side, row["side"]):
                gone[TRACTS.index(row["tract"]), at] += (days >= cut.day) * cut.share * float(row["share"])
    return np.maximum(1 - gone, 0.0)


def cut_assumptions(cuts: Sequence[Cut], species: Species) -> Iterator[Assumption]:
    """Yield what a cut takes by judgement, as a result lists it."""
    for part in dict.fromkeys(cut.part for cut in cuts):
        for row in _rows(part, species):
            if row["status"] == "judgement":
                what = f"cut {part}: {row['meaning']} ({row['tract']}, {row['side']} side)"
                yield Assumption(
                    what=what, value=float(row["share"]), unit="share", source=row["source"], status=row["status"]
                )


def _rows(part: str, species: Species) -> Iterator[Row]:
    return (row for row in table("cuts") if row["part"] == part and row["species"] in ("both", species))


def _body_sides(side: Side, which: str) -> tuple[int, ...]:
    """Return the sides of the body that a part on a side of the cord serves."""
    if side == "both":
        return tuple(range(len(SIDES)))
    own = SIDES.index(side)
    return (own,) if which == "same" else (1 - own,)
