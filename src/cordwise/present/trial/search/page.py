"""The report of a search: which designs are worth their cost."""

from cordwise.present import numbers
from cordwise.present.html.closing import assumptions, credibility, provenance
from cordwise.present.html.page import Page, Section, figure
from cordwise.present.trial.search.charts import chart_title, cost_and_power
from cordwise.present.trial.search.tables import all_designs_table, frontier_table, goal_table
from cordwise.present.trial.search.text import answer
from cordwise.present.trial.tables import sentences
from cordwise.trial.search.result import Search


def search_page(result: Search) -> Page:
    """Return the report of a search over designs."""
    sections = (
        _frontier(result),
        Section("goal", "What was wanted, and what a trial costs", tables=(goal_table(result),)),
        Section("all", "Every design", tables=(all_designs_table(result),)),
        assumptions(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    return Page(f"Search for a design: {result.name}", result.question, sentences(answer(result)), sections)


def _frontier(result: Search) -> Section:
    """Return cost against power for every design, and the table of those that no other beats."""
    title = chart_title(result)
    named = "; ".join(
        f"{number}: power {numbers.rate(each.power, each.mcse, each.total_error)}, cost {numbers.count(each.cost)}"
        for number, each in enumerate((result.designs[place] for place in result.frontier), start=1)
    )
    drawn = figure(
        cost_and_power(result),
        name="frontier",
        title=title,
        description=f"{len(result.designs)} designs by mean cost and power. Not beaten: {named or 'none'}.",
        caption="Bars: 1.96 MCSE, the error of replicates and people, either side; every design is tried in the same "
        "parameter sets.",
    )
    words = (
        f"{numbers.count(result.replicates)} simulated trials of each design in the null scenario and in the wanted "
        "one, all in the same parameter sets and from the same stream of candidates. A smaller trial is the first "
        "patients of a larger one.",
    )
    tables = (frontier_table(result),) if result.frontier else ()
    return Section("frontier", "What power costs", words, (drawn,), tables)


def _credibility(result: Search) -> list[tuple[str, str]]:
    keeping = sum(each.keeps_null_rate for each in result.designs)
    return [
        ("Model influence", "High: patients, their recovery and the effect of cells are all simulated."),
        ("Decision consequence", "For planning a trial; no decision about a patient's care rests on it."),
        (
            "Verification",
            f"Of {len(result.designs)} designs {keeping} keep the null rate at "
            f"{numbers.value(result.goal.most_null_rate)} or below, by the upper end of its 95 % interval.",
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
