"""Tables of an appraisal."""

from collections.abc import Callable
from typing import Any

from cordwise.present import numbers
from cordwise.present.html.closing import facts
from cordwise.present.html.page import Table, source_cell, status_cell, table


def arms_table(arms: list[dict[str, Any]]) -> Table:
    """Return one row an arm: seen, expected, the range one group would show, and the tail probability."""
    headings = {
        "Group": False,
        "Seen to improve": True,
        "Expected without cells (95 % interval)": True,
        "Range for one such group (95 %)": True,
        "Chance of as many or more": True,
        "At most (97.5 % of parameter sets)": True,
    }
    rows = [
        (
            arm["name"],
            numbers.out_of(arm["observed_improved"], arm["n"]),
            numbers.interval(arm["expected_improved"], arm["low95"], arm["high95"]),
            numbers.between(arm.get("predictive_low95"), arm.get("predictive_high95"), 0),
            numbers.probability(arm["p_at_least"]),
            numbers.probability(arm.get("p_at_least_high95")),
        )
        for arm in arms
    ]
    return table("Number improved, seen and expected", headings, list(rows))


def grades_table(arms: list[dict[str, Any]]) -> Table:
    """Return one row for each arm and grade at baseline."""
    headings = {
        "Group": False,
        "AIS at baseline": False,
        "Patients": True,
        "Seen to improve": True,
        "Expected": True,
        "Chance that one patient improves (95 % interval)": True,
    }
    rows = [
        (
            arm["name"],
            row["grade"],
            numbers.count(row["n"]),
            numbers.count(row["observed_improved"]),
            numbers.number(row["expected"]),
            numbers.share_interval(row["probability"], row["low95"], row["high95"]),
        )
        for arm in arms
        for row in arm["by_grade"]
    ]
    return table("By grade at baseline, without cells", headings, list(rows))


def bias_table(bias: dict[str, Any]) -> Table:
    """Return the sizes of each bias at which the result stops being surprising, and at which it is expected."""
    headings = {"Bias": False, "No longer surprising from": True, "Expected outright at": True}
    misgrading, selection = bias["misgrading"], bias["selection"]
    rows = [
        (
            "Misgrading: those who did not improve but are graded up",
            _size(misgrading, "explains_at", "rate", numbers.share),
            _size(misgrading, "matches_at", "rate", numbers.share),
        ),
        (
            "Selection: odds to recover of those chosen, as a multiple",
            _size(selection, "explains_at", "odds_ratio", numbers.number),
            _size(selection, "matches_at", "odds_ratio", numbers.number),
        ),
    ]
    return table("Tipping points of two biases", headings, list(rows))


def _size(part: dict[str, Any], key: str, size: str, write: Callable[[float], str]) -> str:
    """Return the size of a bias that tips the result, or that none is needed, or that none is enough."""
    if part.get(key) is None:
        return "not reached"
    return "none needed" if part[key] == part["curve"][0][size] else write(part[key])


def translation_table(found: dict[str, Any]) -> Table:
    """Return the share carried over before and after the study."""
    rows = [
        (name, numbers.interval(values["median"], values["low95"], values["high95"], 2))
        for name, values in (("Before the study (prior)", found["prior"]), ("After the study", found))
    ]
    headings = {"Share of the animal effect that carries over": False, "Median (95 % interval)": True}
    return table("Translation, before and after", headings, list(rows))


def study_table(study: dict[str, Any]) -> Table:
    """Return what was done in the study."""
    rows = [
        ("Study", study["name"]),
        *([("Citation", study["citation"])] if study.get("citation") else []),
        ("Product and route", f"{numbers.value(study.get('product')).replace('_', ' ')}, {study.get('route')}"),
        ("Cells", _cells(study.get("dose_cells"))),
        *([("Day of the dose", numbers.day_range(study["dose_day"]))] if study.get("dose_day") else []),
        ("Baseline examination", numbers.day_range(study.get("baseline_day"))),
        ("Follow-up examination", numbers.day_range(study.get("followup_day"))),
        ("Neurological levels", numbers.value(study.get("levels"))),
        *((word, numbers.value(study[key])) for key, word in _DESIGN_WORDS.items() if key in study),
    ]
    return facts("What was done, as published", rows)


_DESIGN_WORDS = {
    "improved_grades": "Grades gained to count",
    "controlled": "Control group",
    "blinded": "Blinded grading",
}


def _cells(dose: list[float] | None) -> str:
    """Return the range of doses."""
    if not dose:
        return numbers.NOT_GIVEN
    low, high = numbers.cells(dose[0]), numbers.cells(dose[-1])
    return low if low == high else f"{low} to {high}"


def sources_table(sources: list[dict[str, Any]]) -> Table:
    """Return the sources with their addresses and whether they were seen."""
    rows = [(source_cell(row["label"], row["url"]), status_cell(row["status"])) for row in sources]
    return table("Sources of the published figures", {"Source": False, "Status": False}, list(rows))
