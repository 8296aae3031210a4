"""Rules of the arms and of the assumed truths about them."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter

from cordwise.base.errors import Fault
from cordwise.base.toml import place, shown
from cordwise.cord.product import process_faults
from cordwise.patient.file_types import ManufactureTable
from cordwise.trial.design.rules.raw import Raw, baseline_end, number, table, tables, text, treated_names, visits

NULL_SCENARIO = "null"
_ORDER = TypeAdapter(ManufactureTable)
_TREATMENT_KEYS = ("product", "route", "dose_cells", "day", "manufacture")
_DOSE_KEYS = ("route", "dose_cells", "day")
_EFFECT_KEYS = ("translation", "assumed_log_odds")


def controls(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that at most one control arm, without cells; at least one treated arm, with all that a dose needs."""
    arms = tables(raw, "arms")
    control_arms = [position for position, arm in arms if "control" in arm]
    if len(arms) > 1 and len(control_arms) != 1:
        advice = 'Give the control arm control = "placebo", "sham" or "standard_of_care".'
        yield Fault(place(path, ("arms",)), "one control arm", f"{len(control_arms)} control arms", advice)
    if len(arms) == 1 and control_arms:
        yield Fault(place(path, ("arms",)), "a treated arm", "a control arm alone", "Add an arm with a product.")
    for position, arm in arms:
        if position in control_arms:
            yield from _control_keys(arm, position, path)
        else:
            yield from _treated_keys(arm, position, path)


def _control_keys(arm: Raw, position: int, path: Path | str) -> Iterator[Fault]:
    for key in _TREATMENT_KEYS:
        if key in arm:
            where = place(path, ("arms", position, key))
            advice = "Remove this key, or remove control."
            yield Fault(where, "nothing in a control arm, a sham one included", shown(arm[key]), advice)


def _treated_keys(arm: Raw, position: int, path: Path | str) -> Iterator[Fault]:
    made = "manufacture" in arm
    for key in ("product",) if made else ("product", *_DOSE_KEYS):
        if key not in arm:
            yield Fault(place(path, ("arms", position, key)), "a value in a treated arm", "nothing", "Add this key.")
    for key in _DOSE_KEYS if made else ():
        if key in arm:
            expected = "nothing beside [arms.manufacture], which says it"
            yield Fault(place(path, ("arms", position, key)), expected, shown(arm[key]), "Remove this key.")
    if made and text(arm, "product") not in {None, "autologous_msc"}:
        where = place(path, ("arms", position, "product"))
        yield Fault(where, '"autologous_msc", which alone is grown to order', shown(arm["product"]))


def names(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that every arm, endpoint, scenario and event has a name of its own."""
    for key in ("arms", "endpoints", "scenarios", "intercurrent_events"):
        taken = {NULL_SCENARIO} if key == "scenarios" else set()
        for position, each in tables(raw, key):
            name = each.get("name")
            if isinstance(name, str) and name in taken:
                advice = "The null scenario is always added." if name == NULL_SCENARIO else ""
                yield Fault(place(path, (key, position, "name")), "a name of its own", f"{shown(name)} again", advice)
            elif isinstance(name, str):
                taken.add(name)


def dose_days(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that cells are given after the baseline window and before the first visit."""
    baseline, days = baseline_end(raw), visits(raw)
    for position, arm in tables(raw, "arms"):
        day, where = number(arm.get("day")), place(path, ("arms", position, "day"))
        if day is None:
            continue
        if baseline is not None and day < baseline:
            advice = "Cells are given after the baseline examination."
            yield Fault(where, f"a day from day {baseline:g} on, where the baseline window ends", f"{day:g}", advice)
        if days and day >= days[0]:
            yield Fault(where, f"a day before the first visit on day {days[0]:g}", f"{day:g}")


def orders(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that an autologous product obeys the rules of its process."""
    for position, arm in tables(raw, "arms"):
        try:
            order = _ORDER.validate_python(table(arm, "manufacture"))
        except ValueError:
            continue
        for fault in process_faults(order.process()):
            where = place(path, ("arms", position, *fault.where.split(".")))
            yield Fault(where, fault.expected, fault.found, fault.advice)


def effects(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that a scenario assumes one kind of effect, for arms that exist."""
    for position, scenario in tables(raw, "scenarios"):
        given = [key for key in _EFFECT_KEYS if key in scenario]
        if len(given) != 1:
            found = " and ".join(given) or "neither"
            advice = "Add one, or remove one; the scenario without effect is always added."
            yield Fault(place(path, ("scenarios", position)), f"one of {', '.join(_EFFECT_KEYS)}", found, advice)
        if ("onset_days" in scenario) != ("assumed_log_odds" in scenario):
            where = place(path, ("scenarios", position, "onset_days"))
            found = shown(scenario["onset_days"]) if "onset_days" in scenario else "nothing"
            yield Fault(where, "the days over which an assumed effect sets in, with assumed_log_odds only", found)
        yield from _effects_by_arm(raw, scenario, position, path)


def _effects_by_arm(raw: Raw, scenario: Raw, position: int, path: Path | str) -> Iterator[Fault]:
    by_arm, treated = table(scenario, "assumed_log_odds"), treated_names(raw)
    for name in by_arm:
        if name not in treated:
            where = place(path, ("scenarios", position, "assumed_log_odds"))
            yield Fault(where, f"treated arms: {', '.join(map(shown, treated))}", shown(name))


RULES = (controls, names, dose_days, orders, effects)
