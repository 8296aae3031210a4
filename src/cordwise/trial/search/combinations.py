"""Every design of a search: the base design's tables with one choice of each list put in."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, fields
from itertools import product
from typing import Any

from cordwise.base.errors import Fault, InputError
from cordwise.base.toml import place
from cordwise.patient.file_types import window_in
from cordwise.trial.design.changes import as_toml
from cordwise.trial.design.file import Design, check_design
from cordwise.trial.design.stopping import Looks
from cordwise.trial.plan.plan import TrialPlan, plan_trial
from cordwise.trial.search.spec import EndpointChoice, LooksChoice, SearchSpec, WindowChoice

MOST_COMBINATIONS = 600  # a table that can still be read; a search narrows in steps
_LISTS = ("windows", "endpoints", "looks", "totals")
_FOLLOWS_THE_ANALYSIS = ("variable", "summary", "strategy", "intercurrent_events", "events")

Tables = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Combination:
    """One design of the search; the numbers say which choice of each list it takes."""

    window: int
    endpoint: int
    looks: int
    plan: TrialPlan


def combination_count(search: SearchSpec) -> int:
    """Return how many designs the lists make together."""
    windows, endpoints, looks, totals = (max(1, len(getattr(search, name))) for name in _LISTS)
    return windows * endpoints * looks * totals


def combinations(search: SearchSpec) -> list[Combination]:
    """Return the plan of every combination, windows first.

    Raises
    ------
    InputError
        Too many combinations, or choices that the base design cannot take; all faults of all of them at once.
    """
    _require_size(search)
    faults = dict.fromkeys(_faults_of_single_choices(search))
    found: list[Combination] = []
    for (w, window), (e, endpoint), (k, looks), total in product(
        _choices(search.windows), _choices(search.endpoints), _choices(search.looks), search.totals or (None,)
    ):
        if faults:
            break
        tables = _with_looks(_with_endpoint(_with_window(_alone(search), window), endpoint), looks)
        where = f"{search.origin.name}: choices {w + 1}, {e + 1}, {k + 1}, total {total}"
        try:
            plan = plan_trial(_checked(search, _with_total(tables, total), where))
        except InputError as error:
            faults |= dict.fromkeys(error.faults)
            continue
        found.append(Combination(w, e, k, plan))
    if faults:
        raise InputError(faults)
    return found


def _checked(search: SearchSpec, tables: Tables, where: str) -> Design:
    mix, origin = search.base.case_mix, search.base.origin
    return check_design(tables, where, name=origin.name, case_mix=mix, companions=origin.companions)


def _require_size(search: SearchSpec) -> None:
    count = combination_count(search)
    if count > MOST_COMBINATIONS:
        sizes = " x ".join(f"{len(getattr(search, name)) or 1} {name}" for name in _LISTS)
        advice = "Search coarsely first, then again about the frontier with fewer choices of each list."
        raise InputError(
            [Fault(search.origin.name, f"at most {MOST_COMBINATIONS} designs", f"{count} ({sizes})", advice)]
        )


def _choices(given: Sequence[Any]) -> list[tuple[int, Any]]:
    return list(enumerate(given)) or [(0, None)]


def _faults_of_single_choices(search: SearchSpec) -> Iterator[Fault]:
    """Yield what keeps each choice from being put into the base design on its own, at its place in the search file."""
    change = {"windows": _with_window, "endpoints": _with_endpoint, "looks": _with_looks, "totals": _with_total}
    for name in _LISTS:
        for position, choice in enumerate(getattr(search, name)):
            try:
                _checked(search, change[name](_alone(search, keep_looks=name != "totals"), choice), "")
            except InputError as error:
                at = place(search.origin.name, (name, position))
                for fault in error.faults:
                    where = f"{at}, as {fault.where.removeprefix(': ')} of the design"
                    yield Fault(where, fault.expected, fault.found, fault.advice)


def _alone(search: SearchSpec, *, keep_looks: bool = True) -> Tables:
    """Return the base design with the wanted scenario only; the null one is always there."""
    tables = deepcopy(dict(search.base.as_written))
    if "scenarios" in tables:
        tables["scenarios"] = [each for each in tables["scenarios"] if each["name"] == search.goal.scenario]
    if not keep_looks:
        tables.pop("looks", None)
    return tables


def _with_window(tables: Tables, choice: WindowChoice | None) -> Tables:
    if choice is None:
        return tables
    last = choice.baseline_day[1]
    was = window_in(tables["population"], "baseline_day")
    shift = last - was[1] if was and choice.visits == "move" else 0.0
    tables["population"]["baseline_day"] = list(choice.baseline_day)
    for arm in tables["arms"]:
        if "manufacture" in arm:
            arm["manufacture"]["aspirate_day"] = last + choice.dose_days_after
        elif "day" in arm:
            arm["day"] = last + choice.dose_days_after
    for endpoint in tables["endpoints"]:
        endpoint["day"] += shift
    if "followup" in tables:
        tables["followup"]["visits"] = [day + shift for day in tables["followup"]["visits"]]
    return tables


def _with_endpoint(tables: Tables, choice: EndpointChoice | None) -> Tables:
    """Return the tables with one endpoint; visits that the others asked for stay, and so does the trial's end."""
    tables.setdefault("followup", {"visits": sorted({each["day"] for each in tables["endpoints"]})})
    if choice is None:
        tables["endpoints"] = [
            each for each in tables["endpoints"] if each.get("primary", len(tables["endpoints"]) == 1)
        ]
        return tables
    chosen: Tables = next(each for each in tables["endpoints"] if each["name"] == choice.endpoint)
    changed = {key: value for key, value in as_toml(choice).items() if key != "endpoint"}
    if {"analysis", "missing"} & changed.keys():
        words = chosen.get("estimand", {})
        chosen["estimand"] = {key: each for key, each in words.items() if key not in _FOLLOWS_THE_ANALYSIS}
        chosen.pop("missing", None)
    tables["endpoints"] = [{**chosen, **changed, "primary": True}]
    return tables


def _with_looks(tables: Tables, choice: LooksChoice | None) -> Tables:
    if choice is not None:
        tables.pop("looks", None)
        if choice.schedule is not None:
            tables["looks"] = as_toml(_without_defaults(choice.schedule))
    return tables


def _without_defaults(table: Looks) -> dict[str, Any]:
    return {each.name: found for each in fields(table) if (found := getattr(table, each.name)) != each.default}


def _with_total(tables: Tables, total: int | None) -> Tables:
    if total is not None:
        tables["size"] = {"total": total}
    return tables
