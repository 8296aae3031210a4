"""Tables of designs side by side."""

from collections.abc import Callable, Mapping
from typing import Any

from cordwise.base.codec import to_plain
from cordwise.present import numbers
from cordwise.present.html.page import Table, table
from cordwise.present.trial.tables import size_range
from cordwise.trial.compare.result import (
    Comparison,
    DesignInScenario,
    MissingScenario,
    PatientsPerArm,
)
from cordwise.trial.compare.summary import DesignSummary

_DAYS_PER_YEAR = 365.25
_NONE = "–"  # nothing to find, or nothing simulated


def results_table(result: Comparison) -> Table:
    """Return what each design finds and costs in patients and years."""
    headings = {
        "Scenario": False,
        "Design": False,
        "Reject rate": True,
        "95\u202f% of the sets": True,
        "Patients": True,
        "Years": True,
        "Per arm for assurance 0.8": True,
    }
    rows = [_result(scenario.name, each) for scenario in result.scenarios for each in scenario.results]
    return table("Reject rate, mean size and duration; sizes for a power are without looks", headings, rows)


def _result(scenario: str, found: DesignInScenario | MissingScenario) -> tuple[str, ...]:
    if isinstance(found, MissingScenario):
        return (scenario, found.design, "not in this design", *(_NONE,) * 4)
    required = found.required
    return (
        scenario,
        found.design,
        numbers.rate(found.reject_rate, found.mcse, found.total_error),
        numbers.between(found.sets_low95, found.sets_high95, 3),
        numbers.mean(found.expected_n, None, 0, found.expected_n_total_error),
        _years(found),
        _size(required) if required else _NONE,
    )


def _years(found: DesignInScenario) -> str:
    error = found.expected_duration_total_error
    years = found.expected_duration_days / _DAYS_PER_YEAR
    return numbers.mean(years, None, 1, None if error is None else error / _DAYS_PER_YEAR)


def _size(required: PatientsPerArm) -> str:
    size = f"{required.relation} {numbers.count(required.n_per_arm)}{numbers.errors(None, required.total_error, 0)}"
    if required.low95 == required.high95:
        return size
    return f"{size}; {size_range(required.low95, required.high95, required.largest)} over the sets"


def differences_table(result: Comparison) -> Table:
    """Return each design minus the first."""
    headings = {
        "Scenario": False,
        "Design": False,
        "Reject rate": True,
        "95\u202f% of the sets": True,
        "Patients": True,
        "Days": True,
    }
    rows = [
        (
            each.scenario,
            each.design,
            numbers.estimate(each.reject_rate, each.mcse, 3, each.total_error),
            numbers.between(each.sets_low95, each.sets_high95, 3),
            numbers.estimate(each.expected_n, each.expected_n_mcse, 1, each.expected_n_total_error),
            numbers.estimate(
                each.expected_duration_days, each.expected_duration_mcse, 0, each.expected_duration_total_error
            ),
        )
        for each in result.differences
    ]
    return table(f"Differences from {result.designs[0].label}, each with its errors", headings, rows)


def effects_table(result: Comparison) -> Table:
    """Return the true effect, the bias and the coverage of every design, each on its own scale."""
    headings = {
        "Scenario": False,
        "Design": False,
        "True effect (its error)": True,
        "Bias of the estimate": True,
        "Coverage of the 95 % interval": True,
    }
    rows = [
        (
            scenario.name,
            found.design if len(found.arms) == 1 else f"{found.design}, {arm.arm}",
            f"{numbers.signed(arm.estimand_true, 3)} ({numbers.number(arm.estimand_bank_error, 3)})",
            numbers.estimate(arm.bias, arm.bias_mcse, 3, arm.bias_total_error),
            numbers.rate(arm.coverage, arm.coverage_mcse, arm.coverage_total_error),
        )
        for scenario in result.scenarios
        for found in scenario.found
        for arm in found.arms
    ]
    scales = "; ".join(f"{each.label}: {_scale(each)}" for each in result.designs)
    return table(f"Effects on the primary endpoint ({scales})", headings, rows)


def _scale(design: DesignSummary) -> str:
    return f"difference, {design.unit}" if design.scale == "difference" else design.scale


def designs_table(result: Comparison) -> Table:
    """Return the designs as columns."""
    rows = [(name, *(of(each) for each in result.designs)) for name, of in _FACTS.items()]
    return table("What each design says", {"": False, **{each.label: False for each in result.designs}}, rows)


def _looks(design: DesignSummary) -> str:
    return f"{design.looks}" if design.looks else "at the end only"


def _level(design: DesignSummary) -> str:
    return f"{numbers.value(design.alpha)}, {'one' if design.sides == 1 else 'two'}-sided"


_FACTS: Mapping[str, Callable[[DesignSummary], str]] = {
    "Patients randomised": lambda design: numbers.count(design.total),
    "Grades, levels": lambda design: f"AIS {', '.join(design.grades)}; {design.levels}",
    "Baseline": lambda design: numbers.day_range(design.baseline_day),
    "Treated": lambda design: "; ".join(design.treatments),
    "Primary endpoint": lambda design: f"{design.endpoint}, day {design.endpoint_day:g}",
    "Analysis": lambda design: design.analysis.replace("_", " "),
    "Level": _level,
    "Looks": _looks,
}


def patients_table(result: Comparison) -> Table:
    """Return how many simulated patients every two designs share."""
    headings = {"Designs": False, "Patients of each": False, "Trials enrol": False, "Shared": True}
    rows = [
        (
            " and ".join(each.designs),
            " and ".join(map(numbers.count, each.of)),
            "the same people in the same order" if each.draws == "the same" else "people of their own draw",
            numbers.count(each.shared),
        )
        for each in result.patients
    ]
    return table("Simulated patients from whom the trials draw", headings, rows)


def result_rows(result: Comparison) -> list[dict[str, Any]]:
    """Return a row for each scenario, design that has it, and treated arm; rates and sizes are those of the trial."""
    return [
        {
            "scenario": scenario.name,
            "design": found.design,
            "arm": arm.arm,
            "reject_rate": found.reject_rate,
            "mcse": found.mcse,
            "total_error": found.total_error,
            "low95": found.low95,
            "high95": found.high95,
            "sets_low95": found.sets_low95,
            "sets_high95": found.sets_high95,
            "expected_n": found.expected_n,
            "expected_n_mcse": found.expected_n_mcse,
            "expected_duration_days": found.expected_duration_days,
            "expected_duration_mcse": found.expected_duration_mcse,
            "required_relation": found.required.relation if found.required else None,
            "required_n_per_arm": found.required.n_per_arm if found.required else None,
            "required_mcse": found.required.mcse if found.required else None,
            "required_low95": found.required.low95 if found.required else None,
            "required_high95": found.required.high95 if found.required else None,
            **{key: value for key, value in to_plain(arm).items() if key != "arm"},
        }
        for scenario in result.scenarios
        for found in scenario.found
        for arm in found.arms
    ]


def difference_rows(result: Comparison) -> list[dict[str, Any]]:
    """Return a row for each design after the first and each scenario that both have."""
    return [to_plain(each) for each in result.differences]


def design_facts(result: Comparison) -> list[dict[str, Any]]:
    """Return a row for each design: what it says, lists as text."""
    return [
        to_plain(each)
        | {
            "grades": "".join(each.grades),
            "treatments": "; ".join(each.treatments),
            "baseline_day": numbers.day_range(each.baseline_day),
        }
        for each in result.designs
    ]
