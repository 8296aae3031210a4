"""Changes by an experiment, as the engine wants them: stretches of time with changed numbers, and jumps of fields."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.changes import INPUT_OF, Action, Change
from cordwise.cord.fields import FIELDS, SHARES
from cordwise.cord.forcing import LEVERS
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.patient_numbers import GAINS, INFUSIONS, INPUTS, NUMBERS, PARAMETERS
from cordwise.cord.product import Graft

FACTOR, OFFSET = range(2)
KEEP, ADD, CEILING = range(3)


@dataclass(frozen=True, slots=True)
class Segments:
    """Days on which a stretch begins, and the factor and the offset of every number in it."""

    days: Float[ndarray, " segment"]
    changed: Float[ndarray, "segment 2 number"]


@dataclass(frozen=True, slots=True)
class Jump:
    """A day on which each field keeps a share of itself, is raised in proportion to the injury, up to a ceiling.

    Cells that settle in the cord on that day come on top.
    """

    day: float
    fields: Float[ndarray, "field 3"]
    graft: Graft | None = None


def segments_of(changes: Sequence[Change]) -> Segments:
    """Return the stretches between the days on which a change begins or ends; changes act in the order given."""
    days = sorted({0.0, *(day for change in changes for day in (change.from_day, change.to_day) if np.isfinite(day))})
    changed = np.zeros((len(days), 2, NUMBERS))
    changed[:, FACTOR] = 1.0
    for number, day in enumerate(days):
        for change in changes:
            if change.from_day <= day < change.to_day:
                _apply(change, changed[number])
    return Segments(np.array(days), changed)


def settling(day: float, graft: Graft | None = None) -> Jump:
    """Return a jump that leaves every field as it is, but for the cells that settle."""
    fields = np.array([[1.0, 0.0, 1.0 if name in SHARES else np.inf] for name in FIELDS])
    return Jump(day, fields, graft)


def jumps_of(changes: Sequence[Change], grafts: Sequence[Graft], end: float) -> tuple[Jump, ...]:
    """Return the jumps before the end: of fields that are depleted or added to, and of cells that settle."""
    jumps = [
        _jump(change) for change in changes if change.target in FIELDS and change.action in (Action.DEPLETE, Action.ADD)
    ]
    jumps += [settling(graft.day, graft) for graft in grafts]
    return tuple(sorted((jump for jump in jumps if jump.day < end), key=lambda jump: jump.day))


def _jump(change: Change) -> Jump:
    jump, field = settling(change.from_day), FIELDS.index(change.target)
    if change.action == Action.DEPLETE:
        jump.fields[field, KEEP] = 1 - change.amount
    else:
        jump.fields[field, ADD] = change.amount
    return jump


def _apply(change: Change, numbers: Float[ndarray, "2 number"]) -> None:
    """Apply one change to the factor and the offset of the number that it acts on."""
    place = _place(change)
    if change.action in (Action.DEPLETE, Action.BLOCK, Action.SCALE):
        numbers[:, place] *= change.amount if change.action == Action.SCALE else 1 - change.amount
    elif change.action == Action.INFUSE or change.target not in FIELDS:
        numbers[OFFSET, place] += change.amount


def _place(change: Change) -> int:
    """Return the number that a change acts on while it lasts."""
    if change.target in FIELDS:
        return (INFUSIONS if change.action == Action.INFUSE else GAINS) + FIELDS.index(change.target)
    if change.target in TissueParameters._fields:
        return PARAMETERS + TissueParameters._fields.index(change.target)
    return INPUTS + LEVERS.index(INPUT_OF[change.target])
