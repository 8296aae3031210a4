"""Rules of the looks, of what is spent at them, and of what may change after the first."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist

from cordwise.base.errors import Fault
from cordwise.base.toml import place, shown
from cordwise.trial.design.rules.raw import Raw, number, numbers, table, tables, text, treated_names, words

_CALENDAR = "calendar_months"
_KINDS = ("patients", "information", _CALENDAR)
_SPENT_TOLERANCE = 1e-9
_MOST_LOOKS = 20
_SPENDING = ("lan_demets_obrien_fleming", "lan_demets_pocock", "hwang_shih_decani", "kim_demets", "user")
_FIXED_BEFOREHAND = ("obrien_fleming", "pocock", "wang_tsiatis", "haybittle_peto")
_PARAMETERS = {
    "wang_tsiatis": "delta, such as 0.25",
    "hwang_shih_decani": "gamma, such as -4",
    "kim_demets": "rho, such as 3",
    "haybittle_peto": "the early z value, such as 3",
}


def schedule(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that looks are given in one way, rise, and end with the trial."""
    if "looks" not in raw:
        return
    looks = table(raw, "looks")
    given = [kind for kind in _KINDS if looks.get(kind)]
    if len(given) != 1:
        yield Fault(place(path, ("looks",)), f"one of {', '.join(_KINDS)}", " and ".join(given) or "none")
    for kind in given:
        times = numbers(looks, kind)
        for position, (earlier, later) in enumerate(pairwise(times), start=1):
            if later <= earlier:
                where = place(path, ("looks", kind, position))
                yield Fault(where, f"more than the look before, {earlier:g}", f"{later:g}", "Looks follow one another.")
        if len(times) > _MOST_LOOKS:
            yield Fault(place(path, ("looks", kind)), f"{_MOST_LOOKS} looks or fewer", f"{len(times)}")
    yield from _distinct_patients(raw, path)
    yield from _last_look(raw, path)


def _distinct_patients(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that shares of the information are whole patients of which each look sees more than the one before."""
    shares, total = numbers(table(raw, "looks"), "information"), number(table(raw, "size").get("total"))
    if total is None:
        return
    for position, (earlier, later) in enumerate(pairwise(shares), start=1):
        if earlier < later and round(total * earlier) == round(total * later):
            where = place(path, ("looks", "information", position))
            expected = f"a share of {total:g} patients that is more of them than at the look before"
            yield Fault(where, expected, f"{later:g}", f"Both looks see {round(total * later)} patients.")


def _last_look(raw: Raw, path: Path | str) -> Iterator[Fault]:
    looks, total = table(raw, "looks"), number(table(raw, "size").get("total"))
    for kind, end in (("patients", total), ("information", 1.0)):
        times = numbers(looks, kind)
        if times and end and times[-1] != end:
            where = place(path, ("looks", kind, len(times) - 1))
            yield Fault(where, f"{end:g} at the last look, the whole trial", f"{times[-1]:g}")


def spending(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that a family has its parameter; a list of spent alpha rises to half of the endpoint's alpha."""
    if "looks" not in raw:
        return
    looks = table(raw, "looks")
    family = text(looks, "boundary") or "lan_demets_obrien_fleming"
    if (family in _PARAMETERS) != ("parameter" in looks):
        expected = _PARAMETERS.get(family, f'nothing with boundary = "{family}"')
        found = shown(looks["parameter"]) if "parameter" in looks else "nothing"
        yield Fault(place(path, ("looks", "parameter")), expected, found)
    yield from _parameter(raw, family, path)
    if looks.get("calendar_months") and family in _FIXED_BEFOREHAND:
        expected = f"a spending function with calendar_months: {', '.join(_SPENDING)}"
        yield Fault(place(path, ("looks", "boundary")), expected, shown(family))
    spent, where = numbers(looks, "alpha_spent"), place(path, ("looks", "alpha_spent"))
    if (family == "user") != bool(looks.get("alpha_spent")):
        found = shown(looks.get("alpha_spent")) if "alpha_spent" in looks else "nothing"
        yield Fault(where, 'the alpha spent up to each look, with boundary = "user" only', found)
    if family == "user" and spent:
        yield from _spent(raw, spent, where)


def _parameter(raw: Raw, family: str, path: Path | str) -> Iterator[Fault]:
    """Check that the parameter lies where its family is defined."""
    value, alpha = number(table(raw, "looks").get("parameter")), _one_sided_alpha(raw)
    where = place(path, ("looks", "parameter"))
    if value is None:
        return
    if family == "kim_demets" and value <= 0:
        yield Fault(where, "rho above 0", f"{value:g}")
    if family == "haybittle_peto" and alpha is not None and 0 < alpha < 1:
        least = -NormalDist().inv_cdf(alpha)
        if value <= least:
            advice = "A smaller one would spend all of alpha at a single look."
            yield Fault(where, f"an early z value above {least:.2f}", f"{value:g}", advice)


def _spent(raw: Raw, spent: list[float], where: str) -> Iterator[Fault]:
    count, alpha = _look_count(raw), _one_sided_alpha(raw)
    if count and len(spent) != count:
        yield Fault(where, f"{count} numbers, one for each look", f"{len(spent)}")
    if any(later < earlier for earlier, later in pairwise(spent)):
        yield Fault(where, "numbers that never fall: alpha spent up to each look", shown(spent))
    if alpha is not None and abs(spent[-1] - alpha) > _SPENT_TOLERANCE:
        expected = f"{alpha:g} at the last look: half of the primary endpoint's two-sided alpha"
        yield Fault(where, expected, f"{spent[-1]:g}", "What is spent must sum to alpha.")


def futility(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that futility has a value for each look but the last, on the chosen scale."""
    rule, count = table(table(raw, "looks"), "futility"), _look_count(raw)
    values, where = numbers(rule, "values"), place(path, ("looks", "futility", "values"))
    if values and count and len(values) != count - 1:
        yield Fault(where, f"{count - 1} numbers, one for each look but the last", f"{len(values)}")
    if rule.get("binding") is True and (text(rule, "scale") == "points" or numbers(table(raw, "looks"), _CALENDAR)):
        expected = "false where futility is in points or looks follow the calendar: nothing is gained back for efficacy"
        yield Fault(place(path, ("looks", "futility", "binding")), expected, "true")
    if text(rule, "scale") in {"p", "conditional_power", "predictive_power"}:
        for value in values:
            if not 0 < value < 1:
                yield Fault(where, "numbers between 0 and 1 on this scale", f"{value:g}")


def adaptation(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that what may change is possible in this design, and looks do not stop it as well."""
    if "adaptation" not in raw:
        return
    change, at = table(raw, "adaptation"), ("adaptation",)
    kind, total, first = (
        text(change, "kind"),
        number(table(raw, "size").get("total")),
        number(change.get("at_patients")),
    )
    if "looks" in raw:
        yield Fault(place(path, at), "either [looks] or [adaptation]", "both", "Remove one of the two tables.")
    if total is not None and first is not None and first >= total:
        yield Fault(place(path, (*at, "at_patients")), f"fewer than the {total:g} patients of the trial", f"{first:g}")
    most = number(change.get("most_patients"))
    if kind == "sample_size" and (most is None or (total is not None and most <= total)):
        found = "nothing" if most is None else f"{most:g}"
        yield Fault(place(path, (*at, "most_patients")), "more patients than size.total", found)
    if kind == "drop_arms" and len(treated_names(raw)) < 2:
        yield Fault(place(path, (*at, "kind")), "two treated arms or more, of which to drop", shown(kind))
    grades = words(change, "grades")
    if kind == "enrichment" and not set(grades) < set(words(table(raw, "population"), "grades")):
        yield Fault(place(path, (*at, "grades")), "some, not all, of population.grades", shown(grades))
    if kind == "enrichment" and not grades:
        yield Fault(place(path, (*at, "grades")), "the grades to narrow entry to", "nothing")


def _look_count(raw: Raw) -> int:
    looks = table(raw, "looks")
    return next((len(times) for kind in _KINDS if (times := numbers(looks, kind))), 0)


def _one_sided_alpha(raw: Raw) -> float | None:
    endpoints = [each for _, each in tables(raw, "endpoints")]
    primary = next((each for each in endpoints if each.get("primary") is True), endpoints[0] if endpoints else {})
    alpha = number(primary.get("alpha", 0.05))
    return None if alpha is None else alpha / 2


RULES = (schedule, spending, futility, adaptation)
