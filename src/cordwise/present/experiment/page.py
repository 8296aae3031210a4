"""The report of an experiment: what each condition does against the first, read-out by read-out."""

from collections.abc import Mapping
from typing import Any

from cordwise.cord.parameters import Species
from cordwise.experiment.readouts import readout_rows
from cordwise.present import numbers
from cordwise.present.experiment.conditions import courses, effects, means, short
from cordwise.present.html.closing import assumptions, credibility, provenance, question_of
from cordwise.present.html.page import Page, Section, Table, figure, table

Result = Mapping[str, Any]
NAMES = {
    "bbb": "BBB open-field score",
    "total_motor": "Total motor score",
    "tract_cst": "Corticospinal tract spared",
    "tract_other": "Other descending tracts spared",
    "grey_lost_mm": "Grey matter lost",
    "grey_left_mm": "Grey matter left",
    "lesion_length_mm": "Lesion length on MRI",
    "infiltrate_mm": "Infiltrate",
    "cells_alive": "Grafted cells alive",
    "cells_alive_share": "Grafted cells alive, of those that settled",
}
LONGEST_UNBROKEN = 24
NOT_TO_WRITE = ("-", "share")


def experiment_page(result: Result) -> Page:
    """Return the report of an experiment."""
    sections = (
        _effects(result),
        _means(result),
        *_courses(result),
        Section("readouts", "What the read-outs mean", tables=(_meanings(result),)),
        assumptions(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    title = str(result.get("name") or "Experiment")
    return Page(title, question_of(result), (experiment_answer(result),), sections)


def readout_label(name: str, species: str) -> str:
    """Return a read-out as a heading, with its unit."""
    unit = _unit(name, species)
    return f"{_words(name)} ({unit})" if unit else _words(name)


def _words(name: str) -> str:
    return NAMES.get(name, name.removesuffix("_mm").replace("_", " ").capitalize())


def _unit(name: str, species: str) -> str:
    """Return the unit of a read-out, or nothing where it needs no word."""
    unit = next((row["unit"] for row in readout_rows(Species(species)) if row["readout"] == name), "-")
    return "" if unit in NOT_TO_WRITE else unit


def experiment_answer(result: Result) -> str:
    """Return what each condition does to the first read-out on the last day, in one paragraph."""
    first, *others = result["conditions"]
    name = next(iter(first["readouts"]))
    seen, unit = first["readouts"][name], _unit(name, result["species"])
    amount = f"{short(seen['mean'])} {unit} (SD {short(seen['sd'])})".replace("  ", " ")
    day = numbers.number(result["readout_days"][-1], 0)
    start = f"{_words(name)} on day {day}: {amount} in {first['name']}."
    if not others:
        return start
    found = "; ".join(f"{each['name']}: {_against_nothing(each['effect'][name])}" for each in others)
    return f"{start} Difference from it, with 95 % interval: {found}."


def _against_nothing(effect: Mapping[str, Any]) -> str:
    words = _difference(effect)
    return words if effect["low95"] > 0 or effect["high95"] < 0 else f"{words}, consistent with no effect"


def _difference(effect: Mapping[str, Any]) -> str:
    between = f"{short(effect['low95'], sign=True)} to {short(effect['high95'], sign=True)}"
    return f"{short(effect['difference'], sign=True)} ({between})"


def _labels(result: Result, *, only_of_all: bool) -> dict[str, str]:
    """Return the read-outs with their labels; those that are nothing in the first condition have no effect to show."""
    first = result["conditions"][0]
    named = {name: readout_label(name, result["species"]) for name in first["readouts"]}
    shown = {name: label for name, label in named.items() if first["readouts"][name]["mean"] or not only_of_all}
    return shown or named


def _effects(result: Result) -> Section:
    """Return the forest plot, and every effect in a table."""
    heading, conditions = "What each condition changes", result["conditions"]
    if len(conditions) == 1:
        return Section("effects", heading, ("There is one condition, so that nothing can be compared.",))
    day = numbers.number(result["readout_days"][-1], 0)
    title = f"What does each condition change by day {day}?"
    spec = effects(conditions, _labels(result, only_of_all=True), first=conditions[0]["name"], title=title)
    drawn = figure(spec, name="effects", title=title, description=experiment_answer(result), caption=_caption(result))
    tables = tuple(_effect_table(result, name, label) for name, label in _labels(result, only_of_all=True).items())
    return Section("effects", heading, figures=(drawn,), tables=tables)


def _caption(result: Result) -> str:
    left_out = result.get("left_out", 0)
    return (
        f"{numbers.count(result['subjects'])} simulated subjects, the same in every condition, in each of "
        f"{numbers.count(result['worlds'])} worlds of rates drawn around the fitted ones. {_left_out(left_out)}"
    )


def _unbroken(name: str) -> str:
    """Return a short name that a table does not break into lines."""
    return name.replace(" ", "\u00a0") if len(name) <= LONGEST_UNBROKEN else name


def _left_out(count: int) -> str:
    if not count:
        return "None was left out."
    return f"Left out of all conditions, for want of a credible cord: {numbers.count(count)} in all worlds together."


def _effect_table(result: Result, name: str, label: str) -> Table:
    """Return the effect on one read-out, a row for each condition and day."""
    headings = {"Condition": False, "Day": True, "Difference (95 % interval)": True, "In SD of the first": True}
    headings |= {"Ratio to the first": True}
    rows = [
        (
            _unbroken(condition["name"]),
            numbers.number(visit["day"], 0),
            _difference(effect),
            short(effect["standardised"], sign=True),
            short(effect["ratio"]),
        )
        for condition in result["conditions"][1:]
        for visit in condition["by_day"]
        for effect in (visit["effect"][name],)
    ]
    return table(f"{label}: difference from {result['conditions'][0]['name']}", headings, rows)


def _means(result: Result) -> Section:
    """Return the read-outs of every condition on the last day."""
    day = numbers.number(result["readout_days"][-1], 0)
    title, labels = f"What was read in each condition on day {day}?", _labels(result, only_of_all=False)
    spec = means(result["conditions"], labels, title=title)
    drawn = figure(
        spec, name="means", title=title, description=f"{experiment_answer(result)} All numbers are in the table."
    )
    headings = {"Condition": False} | dict.fromkeys(labels.values(), True)
    rows = [
        (
            _unbroken(each["name"]),
            *(f"{short(each['readouts'][name]['mean'])} ({short(each['readouts'][name]['sd'])})" for name in labels),
        )
        for each in result["conditions"]
    ]
    listed = table(f"Mean (standard deviation between subjects) on day {day}", headings, rows)
    return Section("means", "Read-outs of each condition", figures=(drawn,), tables=(listed,))


def _courses(result: Result) -> list[Section]:
    """Return the course over days, where there is more than one."""
    if len(result["readout_days"]) == 1:
        return []
    title = "How do the conditions differ over time?"
    spec = courses(result["conditions"], _labels(result, only_of_all=False), title=title)
    drawn = figure(spec, name="courses", title=title, description="Means of each condition on each day that was read.")
    return [Section("courses", "Over time", figures=(drawn,))]


def _meanings(result: Result) -> Table:
    """Return what each read-out is."""
    asked = result["conditions"][0]["readouts"]
    rows = [
        (readout_label(row["readout"], result["species"]), row["meaning"], row["source"])
        for row in readout_rows(Species(result["species"]))
        if row["readout"] in asked
    ]
    return table("Read-outs", {"Read-out": False, "What it is": False, "Source rows": False}, rows)


def _credibility(result: Result) -> list[tuple[str, str]]:
    """Return the credibility statements of an experiment, each from what the result holds."""
    return [
        ("Model influence", "Conditions are compared on simulated subjects; nothing is fitted here."),
        ("Comparator", f"Source rows of the question: {result.get('source') or numbers.NOT_GIVEN}."),
        (
            "Uncertainty",
            f"Intervals are the middle 95 % of {numbers.count(result['worlds'])} worlds of rates with "
            f"{numbers.count(result['subjects'])} subjects each; what the model itself leaves out is not in them.",
        ),
        ("Not judged", "Scores are rulers over the drive below the lesion, for contrasts; they are no examinations."),
    ]
