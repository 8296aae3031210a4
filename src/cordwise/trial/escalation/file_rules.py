"""What no single value of an escalation file shows: rules between keys, checked on the raw tables.

A rule whose values are missing or of the wrong kind stays silent, because the schema has already spoken.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from cordwise.base.errors import Fault
from cordwise.base.toml import place, shown
from cordwise.trial.design.rules.raw import Raw, number, table, tables

_CRM_METHODS = ("crm", "tite_crm")
_CRM_KEYS = ("model", "guess", "halfwidth", "stop_cut")
_COHORT_OF_THREE = 3


def contradictions(raw: Raw, path: Path | str, *, halfwidth: float) -> Iterator[Fault]:
    """Yield every fault between the keys; `halfwidth` is the one a design without its own has."""
    for rule in (_rising_doses, _start, _names, _cohorts, _toxicities):
        yield from rule(raw, path)
    yield from _crm(raw, path, halfwidth)


def _rising_doses(raw: Raw, path: Path | str) -> Iterator[Fault]:
    cells = [(position, number(dose.get("cells"))) for position, dose in tables(raw, "doses")]
    for (_, before), (position, after) in pairwise(cells):
        if before is not None and after is not None and after <= before:
            where = place(path, ("doses", position, "cells"))
            yield Fault(where, f"more cells than the dose before, {before:g}", f"{after:g}", "List the lowest first.")


def _start(raw: Raw, path: Path | str) -> Iterator[Fault]:
    doses, start = len(tables(raw, "doses")), _whole(table(raw, "size").get("start_dose"))
    if doses and start is not None and start > doses:
        yield Fault(place(path, ("size", "start_dose")), f"one of the doses 1 to {doses}", str(start))


def _names(raw: Raw, path: Path | str) -> Iterator[Fault]:
    for key in ("designs", "scenarios"):
        taken: set[str] = set()
        for position, each in tables(raw, key):
            name = each.get("name")
            if isinstance(name, str) and name in taken:
                yield Fault(place(path, (key, position, "name")), "a name of its own", f"{shown(name)} again")
            elif isinstance(name, str):
                taken.add(name)


def _cohorts(raw: Raw, path: Path | str) -> Iterator[Fault]:
    size = table(raw, "size")
    cohort, patients = _whole(size.get("cohort", _COHORT_OF_THREE)), _whole(size.get("patients"))
    three = any(design.get("method") == "three_plus_three" for _, design in tables(raw, "designs"))
    where = place(path, ("size", "cohort"))
    if three and cohort is not None and cohort != _COHORT_OF_THREE:
        yield Fault(where, "3, with the 3+3 design among the designs", str(cohort))
    if cohort is not None and patients is not None and 0 < patients < cohort:
        yield Fault(where, f"no more than the {patients} patients", str(cohort))


def _toxicities(raw: Raw, path: Path | str) -> Iterator[Fault]:
    doses = len(tables(raw, "doses"))
    for position, scenario in tables(raw, "scenarios"):
        where, rates = place(path, ("scenarios", position, "toxicity")), scenario.get("toxicity")
        known = [rate for each in rates if (rate := number(each)) is not None] if isinstance(rates, list) else []
        if doses and isinstance(rates, list) and len(rates) != doses:
            yield Fault(where, f"{doses} rates, one for each dose", f"{len(rates)}")
        if any(after < before for before, after in pairwise(known)):
            yield Fault(where, "rates that do not fall with dose", shown(rates))


def _crm(raw: Raw, path: Path | str, halfwidth: float) -> Iterator[Fault]:
    doses, target = len(tables(raw, "doses")), number(table(raw, "toxicity").get("target"))
    for position, design in tables(raw, "designs"):
        at = ("designs", position)
        if design.get("method") not in _CRM_METHODS:
            for key in _CRM_KEYS:
                if key in design and isinstance(design.get("method"), str):
                    expected = f"nothing, as only {' and '.join(_CRM_METHODS)} use it"
                    yield Fault(place(path, (*at, key)), expected, shown(design[key]), "Remove this key.")
            continue
        guess, half = _whole(design.get("guess")), number(design.get("halfwidth", halfwidth))
        if "guess" not in design:
            advice = "It is the dose thought beforehand to have the target rate."
            yield Fault(place(path, (*at, "guess")), f"one of the doses 1 to {doses}", "nothing", advice)
        elif guess is not None and doses and guess > doses:
            yield Fault(place(path, (*at, "guess")), f"one of the doses 1 to {doses}", str(guess))
        if half is not None and target is not None and not 0 < target - half < target + half < 1:
            expected = f"an interval about the target {target:g} that stays within 0 and 1"
            yield Fault(place(path, (*at, "halfwidth")), expected, f"{half:g}")


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
