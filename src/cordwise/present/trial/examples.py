"""The section that opens a trial's report: single trials in full, before anything is averaged."""

from collections.abc import Sequence

from cordwise.present import numbers
from cordwise.present.html.page import Section, Table, figure, table
from cordwise.present.trial import drawn
from cordwise.present.trial.tables import months
from cordwise.trial.characteristics.examples import ExampleTrial
from cordwise.trial.result import TrialResult


def example_section(result: TrialResult) -> Section:
    """Return the first trials of every scenario: a forest of estimates, and a table of how each went."""
    heading, found = "Three single trials, before any average", result.example_trials
    examples = [item for item in found if item.estimate is not None]
    if not examples:
        return Section("examples", heading)
    told = "; ".join(_described(item) for item in examples) + "."
    figures = tuple(
        figure(each.spec, name="examples", title=each.title, description=told) for each in drawn.examples(result)
    )
    return Section("examples", heading, tuple(_reading(result)), figures, (_examples_table(examples),))


def _reading(result: TrialResult) -> list[str]:
    """Return how single trials are to be read."""
    words = [
        "A real trial is run once. These are the first trials of the simulation in each scenario, not chosen for what "
        "they show; the rates further down are averages over many such trials."
    ]
    if len(result.treated_arms) > 1:
        words.append("Estimates are those of the first treated arm; how a trial ended counts all arms.")
    return words


def _described(item: ExampleTrial) -> str:
    """Return one trial in words."""
    estimate = numbers.interval(item.estimate, item.low, item.high, 3)
    return f"{item.scenario}, trial {item.replicate + 1}: {estimate}, {item.ends}"


def _examples_table(examples: Sequence[ExampleTrial]) -> Table:
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
            item.scenario,
            str(item.replicate + 1),
            item.ends,
            numbers.interval(item.estimate, item.low, item.high, 2),
            numbers.probability(item.p),
            numbers.count(item.patients),
            numbers.count(len(item.looks)),
            months(item.day),
        )
        for item in examples
    ]
    return table("Single simulated trials", headings, rows)
