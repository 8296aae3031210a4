"""The report of several designs side by side."""

from cordwise.present import numbers
from cordwise.present.html.closing import assumptions, credibility, provenance
from cordwise.present.html.page import Page, Section, figure
from cordwise.present.trial.compare.charts import POWER, power_by_design
from cordwise.present.trial.compare.tables import (
    designs_table,
    differences_table,
    effects_table,
    patients_table,
    results_table,
)
from cordwise.present.trial.compare.text import answer, question
from cordwise.present.trial.tables import sentences
from cordwise.trial.compare.result import Comparison, DesignInScenario, MissingScenario


def comparison_page(result: Comparison) -> Page:
    """Return the report of a comparison of designs."""
    sections = (
        _power(result),
        _differences(result),
        _effects(result),
        Section("designs", "The designs", tables=(designs_table(result),)),
        _patients(result),
        assumptions(result),
        credibility(result, _credibility(result), question=question(result)),
        provenance(result),
    )
    return Page("Trial designs side by side", question(result), sentences(answer(result)), sections)


def _power(result: Comparison) -> Section:
    """Return the reject rates of every design in every scenario."""
    rates = "; ".join(
        f"{scenario.name}: " + ", ".join(f"{each.design} {_rate(each)}" for each in scenario.results)
        for scenario in result.scenarios
    )
    drawn = figure(
        power_by_design(result),
        name="power",
        title=POWER,
        description=f"Share of simulated trials that reject. {rates}.",
    )
    words = (
        f"{numbers.count(result.replicates)} simulated trials of each design in each scenario. "
        "MCSE: standard error of the simulation, of replicates and simulated people together. Total error: that with "
        "how far the parameter sets differ.",
    )
    return Section("power", "How often each design rejects", words, (drawn,), (results_table(result),))


def _rate(found: DesignInScenario | MissingScenario) -> str:
    if isinstance(found, MissingScenario):
        return "not in this design"
    return numbers.rate(found.reject_rate, found.mcse, found.total_error)


def _differences(result: Comparison) -> Section:
    words = (
        f"Each design minus {result.designs[0].label}. Each simulated trial of one design is paired with one of the "
        "other in the same parameter set and from the same group of its people, so that errors that both share cancel.",
    )
    return Section("differences", "How far the designs part", words, tables=(differences_table(result),))


def _effects(result: Comparison) -> Section:
    words = (
        "True effects are averages over the parameter sets; the error in brackets says how far they may lie from the "
        "effect in ever more simulated people.",
    )
    heading = "What each design estimates, and how well"
    return Section("effects", heading, words, tables=(effects_table(result),))


def _patients(result: Comparison) -> Section:
    words = (
        "All designs are tried in the same parameter sets. Candidates come in the same order for every design; one who "
        "meets the criteria of two designs is the same simulated person in both, with the same recovery, examined on "
        "days of the design's own.",
    )
    return Section("patients", "The patients they share", words, tables=(patients_table(result),))


def _credibility(result: Comparison) -> list[tuple[str, str]]:
    nulls = [each for each in result.scenarios if each.is_null]
    rates = "; ".join(f"{found.design} {_rate(found)}" for each in nulls for found in each.results)
    return [
        ("Model influence", "High: patients, their recovery and the effect of cells are all simulated."),
        ("Decision consequence", "For planning a trial; no decision about a patient's care rests on it."),
        (
            "Verification",
            f"Without an effect the designs reject in: {rates}. Theory is held against every rate it covers.",
        ),
        (
            "Validation",
            "The effect of cells in people is assumed by the scenarios, not validated; `cordwise population check` "
            "compares recovery without cells with any registry's figures.",
        ),
        ("Not judged", "Safety, cost, which endpoint matters to patients, and whether centres could enrol as assumed."),
    ]
