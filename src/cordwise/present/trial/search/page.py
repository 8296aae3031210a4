"""The report of a search: which designs are worth their cost."""

from collections.abc import Mapping
from typing import Any

from cordwise.present import numbers
from cordwise.present.html.closing import assumptions, credibility, provenance
from cordwise.present.html.page import Page, Section, figure
from cordwise.present.trial.search.frontier import cost_and_power
from cordwise.present.trial.search.tables import all_designs_table, frontier_table, goal_table
from cordwise.present.trial.tables import sentences

Result = Mapping[str, Any]


def search_page(result: Result) -> Page:
    """Return the report of a search over designs."""
    sections = (
        _frontier(result),
        Section("goal", "What was wanted, and what a trial costs", tables=(goal_table(result),)),
        Section("all", "Every design", tables=(all_designs_table(result),)),
        assumptions(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    return Page(f"Search for a design: {result['name']}", result["question"], sentences(result["answer"]), sections)


def _frontier(result: Result) -> Section:
    """Return cost against power for every design, and the table of those that no other beats."""
    title = f"What does power cost? Scenario: {result['goal']['scenario']}"
    named = "; ".join(
        f"{number}: power {numbers.rate(row['power'], row['mcse'])}, cost {numbers.count(row['cost'])}"
        for number, row in enumerate((result["designs"][at] for at in result["frontier"]), start=1)
    )
    drawn = figure(
        cost_and_power(result, title=title),
        name="frontier",
        title=title,
        description=f"{len(result['designs'])} designs by mean cost and power. Not beaten: {named or 'none'}.",
        caption="Bars: 1.96 Monte Carlo standard errors either side.",
    )
    words = (
        f"{numbers.count(result['replicates'])} simulated trials of each design in the null scenario and in the wanted "
        "one, all from the same stream of candidates. A smaller trial is the first patients of a larger one.",
    )
    tables = (frontier_table(result),) if result["frontier"] else ()
    return Section("frontier", "What power costs", words, (drawn,), tables)


def _credibility(result: Result) -> list[tuple[str, str]]:
    goal, rows = result["goal"], result["designs"]
    keeping = sum(row["keeps_null_rate"] for row in rows)
    return [
        ("Model influence", "High: patients, their recovery and the effect of cells are all simulated."),
        ("Decision consequence", "For planning a trial; no decision about a patient's care rests on it."),
        (
            "Verification",
            f"Of {len(rows)} designs {keeping} keep the null rate at {numbers.value(goal['most_null_rate'])} or below, "
            "by the upper end of its 95 % interval.",
        ),
        (
            "Validation",
            "The effect of cells in people and every cost are assumed, not validated; `cordwise population check` "
            "compares recovery without cells with any registry's figures.",
        ),
        (
            "Not judged",
            "Safety, which endpoint matters to patients, whether centres could enrol as assumed, what was not varied.",
        ),
    ]
