"""What a change may act on, by any of its names, and the changes of the tissue model that this means."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cordwise.base.tables import Row
from cordwise.cord.changes import SHARES, Action, Change
from cordwise.cord.fields import FIELDS
from cordwise.cord.parameters import TissueParameters, tissue_parameter_rows
from cordwise.experiment.tables import closest_names, plain, setting, table

KINDS = ("field", "input", "rate")
_FIXED = frozenset({"length_scale"})  # a size of the animal, not a rate
_ACTION_NAMES = {
    "remove": Action.DEPLETE, "ablate": Action.DEPLETE, "kill": Action.DEPLETE, "eliminate": Action.DEPLETE,
    "depletion": Action.DEPLETE, "inhibit": Action.BLOCK, "reduce": Action.BLOCK, "lower": Action.BLOCK,
    "knockout": Action.BLOCK, "delete": Action.BLOCK, "suppress": Action.BLOCK, "multiply": Action.SCALE,
    "increase_by": Action.ADD, "inject": Action.ADD, "infusion": Action.INFUSE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangeTarget:
    """One thing a change may act on; `acts_on` are names of the tissue model, `weight` scales the amount."""

    name: str
    kind: str
    acts_on: tuple[str, ...]
    weight: float
    aliases: tuple[str, ...]
    unit: str
    meaning: str


@cache
def targets() -> tuple[ChangeTarget, ...]:
    """Return everything that a change may act on: fields, inputs, then rates."""
    named = tuple(_named(row) for row in table("targets"))
    parameters = {row.name: row for row in tissue_parameter_rows()}
    rates = tuple(
        ChangeTarget(name, "rate", (name,), 1.0, (), parameters[name].unit, parameters[name].meaning)
        for name in TissueParameters._fields
        if name not in _FIXED
    )
    return named + rates


def _named(row: Row) -> ChangeTarget:
    kind = row["kind"]
    unit = "1 = peak of a severe lesion" if kind == "field" else "factor"
    split = tuple(name for name in row["aliases"].split(";") if name)
    acts_on = tuple(name for name in row["acts_on"].split(";") if name)
    return ChangeTarget(
        row["name"], kind, acts_on, setting(row["weight"]) if row["weight"] else 1.0, split, unit, row["meaning"]
    )


def find_target(name: str, kind: str | None = None) -> ChangeTarget | None:
    """Return the target of a name, of the kind asked for where there is one; None when no target has the name."""
    wanted = plain(name)
    found = [target for target in targets() if wanted in (target.name, *target.aliases)]
    return next((target for target in found if target.kind == kind), found[0] if found else None)


def closest_targets(name: str) -> list[str]:
    """Return up to three names that look like a wrong one."""
    known = [each for target in targets() if target.kind != "refused" for each in (target.name, *target.aliases)]
    return closest_names(name, known)


def find_action(name: str) -> Action | None:
    """Return the action of a name, or None."""
    wanted = plain(name)
    return next((action for action in Action if action == wanted), _ACTION_NAMES.get(wanted))


def model_changes(
    target: ChangeTarget, action: Action, amount: float, from_day: float, to_day: float
) -> Iterator[Change]:
    """Yield the changes of the tissue model that one change of an experiment means."""
    for name in target.acts_on:
        how = action if name in FIELDS and target.kind == "field" else _AS_RATE.get(action, action)
        weighted = 1 + (amount - 1) * target.weight if how == Action.SCALE else amount * target.weight
        yield Change(name, how, weighted, from_day, to_day)


# A rate or an input holds no store: to deplete it is to block it, to infuse a mix is to raise it while that lasts.
_AS_RATE = {Action.DEPLETE: Action.BLOCK, Action.INFUSE: Action.ADD}


def default_amount(action: Action) -> float | None:
    """Return the amount meant when none is given: all of it, for what is depleted or blocked."""
    return 1.0 if action in SHARES else None
