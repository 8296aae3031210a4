"""The report of a sweep: the reject rate by value, then every combination, then what all of it rests on."""

from cordwise.present import numbers
from cordwise.present.html.closing import assumptions, credibility, provenance
from cordwise.present.html.page import Page, Section, figure
from cordwise.present.trial.sweep.charts import POWER, power_by_value
from cordwise.present.trial.sweep.tables import scenario_tables
from cordwise.present.trial.sweep.text import answer, described
from cordwise.present.trial.tables import design_table, sentences
from cordwise.trial.sweep import Sweep


def sweep_page(result: Sweep) -> Page:
    """Return the report of a design whose values are varied."""
    told = "; ".join(
        f"{described(design.values)}: "
        + ", ".join(
            f"{each.name} {numbers.rate(each.reject_rate, each.mcse, each.total_error)}" for each in design.scenarios
        )
        for design in result.designs
    )
    drawn = figure(
        power_by_value(result), name="power", title=POWER, description=f"Share of trials that reject. {told}."
    )
    words = (
        f"{numbers.count(result.replicates)} simulated trials of each design in each scenario, in "
        f"{result.parameter_sets} parameter sets. MCSE: standard error of the simulation, of replicates and simulated "
        "people together. Total error: that with how far the parameter sets differ.",
    )
    sections = (
        Section("power", "How often each design rejects", words, (drawn,), scenario_tables(result)),
        Section("design", "The design without a change", tables=(design_table(result.design),)),
        assumptions(result),
        credibility(result, _credibility()),
        provenance(result),
    )
    return Page(f"Values varied: {result.design.name}", result.question, sentences(answer(result)), sections)


def _credibility() -> list[tuple[str, str]]:
    return [
        ("Model influence", "High: patients, their recovery and the effect of cells are all simulated."),
        ("Decision consequence", "For planning a trial; no decision about a patient's care rests on it."),
        ("Verification", "Theory is held against every rate it covers; a simulation that parts from it is refused."),
        (
            "Validation",
            "The effect of cells in people is assumed by the scenarios, not validated; `cordwise population check` "
            "compares recovery without cells with any registry's figures.",
        ),
        ("Not judged", "Safety, cost, and whether centres could enrol as assumed."),
    ]
