"""The report of several designs side by side."""

from collections.abc import Mapping
from typing import Any

from cordwise.present import numbers
from cordwise.present.html.closing import assumptions, credibility, provenance
from cordwise.present.html.page import Page, Section, figure
from cordwise.present.trial.compare.power_by_design import power_by_design
from cordwise.present.trial.compare.tables import (
    designs_table,
    differences_table,
    effects_table,
    patients_table,
    results_table,
)
from cordwise.present.trial.tables import sentences

Result = Mapping[str, Any]


def comparison_page(result: Result) -> Page:
    """Return the report of a comparison of designs."""
    sections = (
        _power(result),
        _differences(result),
        _effects(result),
        Section("designs", "The designs", tables=(designs_table(result),)),
        _patients(result),
        assumptions(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    return Page("Trial designs side by side", result["question"], sentences(result["answer"]), sections)


def _power(result: Result) -> Section:
    """Return the reject rates of every design in every scenario."""
    title = "How often does each design reject, on its primary endpoint?"
    scenarios, designs = result["scenarios"], result["designs"]
    rates = "; ".join(
        f"{scenario['name']}: " + ", ".join(f"{cell['design']} {_rate(cell)}" for cell in scenario["results"])
        for scenario in scenarios
    )
    drawn = figure(
        power_by_design(
            scenarios, [each["label"] for each in designs], [each["alpha"] for each in designs], title=title
        ),
        name="power",
        title=title,
        description=f"Share of simulated trials that reject. {rates}.",
    )
    words = (
        f"{numbers.count(result['replicates'])} simulated trials of each design in each scenario. "
        "MCSE: Monte Carlo standard error of a simulated rate.",
    )
    return Section("power", "How often each design rejects", words, (drawn,), (results_table(result),))


def _rate(cell: Result) -> str:
    return "not in this design" if cell["is_missing"] else numbers.rate(cell["reject_rate"], cell["mcse"])


def _differences(result: Result) -> Section:
    first = result["designs"][0]["label"]
    words = (
        f"Each design minus {first}. Paired: both designs enrol the same simulated patients in the same order, so that "
        "their chance errors cancel in part. Independent: the errors of both are added.",
    )
    return Section("differences", "How far the designs part", words, tables=(differences_table(result),))


def _effects(result: Result) -> Section:
    words = (
        "True effects are those in the simulated patients; the error in brackets says how far they may lie from the "
        "effect in ever more patients. It is no part of the MCSE of a rate.",
    )
    heading = "What each design estimates, and how well"
    return Section("effects", heading, words, tables=(effects_table(result),))


def _patients(result: Result) -> Section:
    words = (
        "Candidates come in the same order for every design; a candidate who meets the criteria of two designs is the "
        "same simulated person in both, with the same recovery, examined on days of the design's own.",
    )
    return Section("patients", "The patients they share", words, tables=(patients_table(result),))


def _credibility(result: Result) -> list[tuple[str, str]]:
    nulls = [each for each in result["scenarios"] if each["is_null"]]
    rates = "; ".join(f"{cell['design']} {_rate(cell)}" for each in nulls for cell in each["results"])
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
