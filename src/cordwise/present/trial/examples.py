"""The section that opens a trial's report: single trials in full, before anything is averaged."""

from collections.abc import Mapping
from typing import Any

from cordwise.present import numbers
from cordwise.present.html.page import Section, Table, figure, table
from cordwise.present.trial.charts.example_trials import example_forest
from cordwise.present.trial.tables import arm_in_words, months, primary_of, treated_arms

Result = Mapping[str, Any]


def example_section(result: Result) -> Section:
    """Return the first trials of every scenario: a forest of estimates, and a table of how each went."""
    heading, found = "Three single trials, before any average", result["example_trials"]
    examples = [item for item in found if item["estimate"] is not None]
    if not examples:
        return Section("examples", heading)
    primary = primary_of(result["scenarios"][0])
    truths = {item["name"]: primary_of(item)["estimand_true"] for item in result["scenarios"]}
    title = f"How far does one trial stray? {examples[0]['endpoint']}{arm_in_words(result, examples[0]['arm'])}"
    drawn = figure(
        example_forest(examples, truths, scale=_scale(primary), title=title),
        name="examples",
        title=title,
        description="; ".join(_described(item) for item in examples) + ".",
    )
    return Section("examples", heading, tuple(_reading(result)), (drawn,), (_examples_table(examples),))


def _reading(result: Result) -> list[str]:
    """Return how single trials are to be read."""
    words = [
        "A real trial is run once. These are the first trials of the simulation in each scenario, not chosen for what "
        "they show; the rates further down are averages over many such trials."
    ]
    if len(treated_arms(result)) > 1:
        words.append("Estimates are those of the first treated arm; how a trial ended counts all arms.")
    return words


def _scale(primary: dict[str, Any]) -> str:
    """Return the scale of the estimate with its unit where it has one."""
    return f"difference ({primary['unit']})" if primary["scale"] == "difference" else str(primary["scale"])


def _described(item: dict[str, Any]) -> str:
    """Return one trial in words."""
    estimate = numbers.interval(item["estimate"], item["low"], item["high"], 3)
    return f"{item['scenario']}, trial {item['replicate'] + 1}: {estimate}, {item['ends']}"


def _examples_table(examples: list[dict[str, Any]]) -> Table:
    """Return how each single trial went."""
    headings = {
        "Scenario": False,
        "Trial": False,
        "How it ended": False,
        "Estimate (interval)": True,
        "p": True,
        "Patients": True,
        "Looks": True,
        "Months": True,
    }
    rows = [
        (
            item["scenario"],
            str(item["replicate"] + 1),
            item["ends"],
            numbers.interval(item["estimate"], item["low"], item["high"], 2),
            numbers.probability(item["p"]),
            numbers.count(item["patients"]),
            numbers.count(len(item["looks"])),
            months(item["day"]),
        )
        for item in examples
    ]
    return table("Single simulated trials", headings, rows)
