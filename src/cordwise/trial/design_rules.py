"""What no single value of a design shows: rules between keys, checked on the raw tables.

They run whether or not the schema holds, so that a user hears of every fault at once; a rule whose values are missing
or of the wrong kind stays silent, because the schema has already spoken.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cordwise.border import place, shown
from cordwise.errors import Fault

NULL_SCENARIO = "null"
_TREATMENT_KEYS = ("product", "route", "dose_cells", "day")
_EFFECT_KEYS = ("translation", "assumed_log_odds")
_ANALYSES: Mapping[object, tuple[str, ...]] = {
    "ais_improvement": ("n_minus_1_chi_square", "fisher_exact"),
    "uems_change": ("ancova", "two_sample_t"),
}
_MISSING_RULES: Mapping[object, tuple[str, ...]] = {
    "ais_improvement": ("non_improver", "complete_case"),
    "uems_change": ("complete_case",),
}
_STRATEGIES: Mapping[object, tuple[str, ...]] = {"non_improver": ("composite",), "complete_case": ("hypothetical",)}

Raw = Mapping[str, Any]


def contradictions(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Yield every fault between the keys of a design."""
    for rule in (_arms, _names, _visits, _dose_days, _endpoint_days, _primary, _methods, _blocks, _effects):
        yield from rule(raw, path)


def _arms(raw: Raw, path: Path | str) -> Iterator[Fault]:
    arms = _tables(raw, "arms")
    controls = [position for position, arm in arms if "control" in arm]
    if len(arms) == 2 and len(controls) != 1:
        advice = 'Give the control arm control = "placebo" or "standard_of_care".'
        yield Fault(
            place(path, ("arms",)), "one control arm and one treated arm", f"{len(controls)} control arms", advice
        )
    for position, arm in arms:
        for key in _TREATMENT_KEYS:
            where = place(path, ("arms", position, key))
            if position in controls and key in arm:
                yield Fault(where, "nothing in a control arm", shown(arm[key]), "Remove this key, or remove control.")
            elif position not in controls and key not in arm:
                yield Fault(where, "a value in a treated arm", "nothing", "Add this key.")


def _names(raw: Raw, path: Path | str) -> Iterator[Fault]:
    for key in ("arms", "endpoints", "scenarios"):
        taken = {NULL_SCENARIO} if key == "scenarios" else set()
        for position, table in _tables(raw, key):
            name = table.get("name")
            if isinstance(name, str) and name in taken:
                advice = "The null scenario is always added." if name == NULL_SCENARIO else ""
                yield Fault(place(path, (key, position, "name")), "a name of its own", f"{shown(name)} again", advice)
            elif isinstance(name, str):
                taken.add(name)


def _visits(raw: Raw, path: Path | str) -> Iterator[Fault]:
    last = _baseline_end(raw)
    for position, day in enumerate(_numbers(raw, "followup", "visits")):
        if last is not None and day <= last:
            advice = "All days count from the injury."
            expected = (
                f"a day after {'the baseline window ends on' if position == 0 else 'the visit before, on'} day {last:g}"
            )
            yield Fault(place(path, ("followup", "visits", position)), expected, f"{day:g}", advice)
        last = day


def _dose_days(raw: Raw, path: Path | str) -> Iterator[Fault]:
    baseline, visits = _baseline_end(raw), _numbers(raw, "followup", "visits")
    for position, arm in _tables(raw, "arms"):
        day, where = _number(arm.get("day")), place(path, ("arms", position, "day"))
        if day is None:
            continue
        if baseline is not None and day < baseline:
            advice = "Cells are given after the baseline examination."
            yield Fault(where, f"a day from day {baseline:g} on, where the baseline window ends", f"{day:g}", advice)
        if visits and day >= visits[0]:
            yield Fault(where, f"a day before the first visit on day {visits[0]:g}", f"{day:g}")


def _endpoint_days(raw: Raw, path: Path | str) -> Iterator[Fault]:
    visits = _numbers(raw, "followup", "visits")
    for position, endpoint in _tables(raw, "endpoints"):
        day = _number(endpoint.get("day"))
        if visits and day is not None and day not in visits:
            expected = f"one of the visits: {', '.join(f'{visit:g}' for visit in visits)}"
            advice = "Add the day to followup.visits, or choose a visit."
            yield Fault(place(path, ("endpoints", position, "day")), expected, f"{day:g}", advice)


def _primary(raw: Raw, path: Path | str) -> Iterator[Fault]:
    endpoints = _tables(raw, "endpoints")
    count = sum(endpoint.get("primary") is True for _, endpoint in endpoints)
    if endpoints and count != 1:
        advice = "Set primary = true in one endpoint."
        yield Fault(place(path, ("endpoints",)), "one primary endpoint", f"{count}", advice)


def _methods(raw: Raw, path: Path | str) -> Iterator[Fault]:
    for position, endpoint in _tables(raw, "endpoints"):
        at = ("endpoints", position)
        measure, missing = endpoint.get("measure"), endpoint.get("missing")
        estimand = endpoint.get("estimand")
        strategy = estimand.get("strategy") if isinstance(estimand, dict) else None
        yield from _fits(endpoint.get("analysis"), _ANALYSES, measure, place(path, (*at, "analysis")))
        yield from _fits(missing, _MISSING_RULES, measure, place(path, (*at, "missing")))
        yield from _fits(strategy, _STRATEGIES, missing, place(path, (*at, "estimand", "strategy")))


def _fits(value: object, allowed: Mapping[object, tuple[str, ...]], key: object, where: str) -> Iterator[Fault]:
    known = {each for choices in allowed.values() for each in choices}
    if (
        isinstance(value, str)
        and value in known
        and isinstance(key, str)
        and key in allowed
        and value not in allowed[key]
    ):
        yield Fault(where, f'{" or ".join(shown(each) for each in allowed[key])} with "{key}"', shown(value))


def _blocks(raw: Raw, path: Path | str) -> Iterator[Fault]:
    table = raw.get("randomisation")
    if not isinstance(table, dict):
        return
    ratio, size = _numbers(raw, "randomisation", "ratio") or [1.0, 1.0], _number(table.get("block_size"))
    if size is not None and sum(ratio) > 0 and size % sum(ratio):
        where = place(path, ("randomisation", "block_size"))
        yield Fault(where, f"a multiple of {sum(ratio):g}, the sum of the ratio", f"{size:g}")


def _effects(raw: Raw, path: Path | str) -> Iterator[Fault]:
    for position, scenario in _tables(raw, "scenarios"):
        given = [key for key in _EFFECT_KEYS if key in scenario]
        if len(given) != 1:
            found = " and ".join(given) or "neither"
            advice = "Add one, or remove one; the scenario without effect is always added."
            yield Fault(place(path, ("scenarios", position)), f"one of {', '.join(_EFFECT_KEYS)}", found, advice)
        if ("onset_days" in scenario) != ("assumed_log_odds" in scenario):
            where = place(path, ("scenarios", position, "onset_days"))
            found = shown(scenario["onset_days"]) if "onset_days" in scenario else "nothing"
            yield Fault(where, "the days over which an assumed effect sets in, with assumed_log_odds only", found)


def _baseline_end(raw: Raw) -> float | None:
    window = _numbers(raw, "population", "baseline_day")
    return window[1] if len(window) == 2 else None


def _tables(raw: Raw, key: str) -> list[tuple[int, dict[str, Any]]]:
    value = raw.get(key)
    return [(i, each) for i, each in enumerate(value) if isinstance(each, dict)] if isinstance(value, list) else []


def _numbers(raw: Raw, table: str, key: str) -> list[float]:
    """Return a list of numbers, or an empty list where it is anything else."""
    holder = raw.get(table)
    value = holder.get(key) if isinstance(holder, dict) else None
    numbers = [_number(each) for each in value] if isinstance(value, list) else []
    return [each for each in numbers if each is not None] if None not in numbers else []


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
