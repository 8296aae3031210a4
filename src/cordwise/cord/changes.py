"""Changes made to an animal or a patient from outside: deplete, block, scale, add to or infuse one thing."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from cordwise.base.errors import Fault
from cordwise.cord.fields import FIELDS
from cordwise.cord.forcing import LEVERS, Forcing
from cordwise.cord.parameters import TissueParameters


class Action(StrEnum):
    """What is done to a field, a rate or an input.

    A *field* (`fields.FIELDS`) is depleted at once by a share and its production lowered by that share while the change
    lasts; blocked: its production lowered by a share; scaled: its production multiplied; added to: raised once, by an
    amount that follows the injury along the cord; infused: raised by an amount each day, everywhere.

    A *rate* (any `TissueParameters` name but `length_scale`) or an *input* (`INPUT_OF`) is blocked: lowered by a share;
    scaled: multiplied; added to: raised by an amount; while the change lasts.

    Border, matrix and the other `fields.SHARES` saturate: a production that is scaled or infused fills up what is
    missing.  Changes of the impact act when they last from day 0.
    """

    DEPLETE = "deplete"
    BLOCK = "block"
    SCALE = "scale"
    ADD = "add"
    INFUSE = "infuse"


SHARES = frozenset({Action.DEPLETE, Action.BLOCK})
_ALSO_A_FIELD = {"border": "border_formation", "matrix": "matrix_inhibition"}
INPUT_OF = {_ALSO_A_FIELD.get(name, name): name for name in LEVERS}
"""Inputs by the name that a change targets: the build-up of the border and the action of the matrix are not fields."""
FOR_FIELDS_ONLY = frozenset({Action.DEPLETE, Action.INFUSE})
AT_REST_ZERO = frozenset(name for name, lever in INPUT_OF.items() if Forcing._field_defaults[lever] == 0)
"""Inputs that are 0 while nothing raises them, so that a share or a multiple of them is 0 as well."""
MAY_BE_LOWERED = frozenset({"arterial"})
"""Inputs that may be added to by an amount below 0."""
_FIXED = frozenset({"length_scale"})  # sets the axis, so that it cannot change on the way


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what it acts on, how and how much, and from which day to which."""

    target: str
    action: Action
    amount: float
    from_day: float
    to_day: float


def change_faults(change: Change, where: str) -> Iterator[Fault]:
    """Yield every fault of a change."""
    known = {*FIELDS, *TissueParameters._fields, *INPUT_OF} - _FIXED
    if change.target not in known:
        yield Fault(f"{where}.target", "a field, a rate or an input of the tissue model", repr(change.target))
    elif change.action in FOR_FIELDS_ONLY and change.target not in FIELDS:
        yield Fault(f"{where}.action", "block, scale or add, for what is not a field", repr(str(change.action)))
    lowers = change.target in MAY_BE_LOWERED and change.action == Action.ADD
    if not (isfinite(change.amount) and (change.amount >= 0 or lowers)):
        yield Fault(f"{where}.amount", "a finite number, 0 or above", str(change.amount))
    elif change.action in SHARES and change.amount > 1:
        yield Fault(f"{where}.amount", "a share from 0 to 1", str(change.amount))
    if not 0 <= change.from_day < change.to_day:
        yield Fault(f"{where}.to_day", "a day after from_day, which is 0 or later", str(change.to_day))
