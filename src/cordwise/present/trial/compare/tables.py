"""Tables of designs side by side."""

from collections.abc import Mapping
from typing import Any

from cordwise.present import numbers
from cordwise.present.html.page import Table, table

Result = Mapping[str, Any]
_DAYS_PER_YEAR = 365.25
_NONE = "–"  # nothing to find, or nothing simulated


def results_table(result: Result) -> Table:
    """Return what each design finds and costs in patients and years."""
    headings = {
        "Scenario": False,
        "Design": False,
        "Reject rate": True,
        "Patients": True,
        "Years": True,
        "Per arm for power 0.8": True,
    }
    rows = [_result(scenario["name"], cell) for scenario in result["scenarios"] for cell in scenario["results"]]
    return table("Reject rate, mean size and duration; sizes for a power are without looks", headings, rows)


def _result(scenario: str, cell: Result) -> tuple[str, ...]:
    if cell["is_missing"]:
        return (scenario, cell["design"], "not in this design", *(_NONE,) * 3)
    required = cell["required"]
    return (
        scenario,
        cell["design"],
        numbers.rate(cell["reject_rate"], cell["mcse"]),
        numbers.number(cell["expected_n"], 0),
        numbers.number(cell["expected_duration_days"] / _DAYS_PER_YEAR),
        f"{required['relation']} {numbers.count(required['n_per_arm'])}" if required else _NONE,
    )


def differences_table(result: Result) -> Table:
    """Return each design minus the first."""
    headings = {"Scenario": False, "Design": False, "Error": False, "Reject rate": True, "Patients": True, "Days": True}
    rows = [
        (
            row["scenario"],
            row["design"],
            row["error"],
            numbers.estimate(row["reject_rate"], row["mcse"], 3),
            numbers.estimate(row["expected_n"], row["expected_n_mcse"], 1),
            numbers.estimate(row["expected_duration_days"], row["expected_duration_mcse"], 0),
        )
        for row in result["differences"]
    ]
    return table(f"Differences from {result['designs'][0]['label']}, each with its MCSE", headings, rows)


def effects_table(result: Result) -> Table:
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
            scenario["name"],
            cell["design"] if len(cell["arms"]) == 1 else f"{cell['design']}, {arm['arm']}",
            f"{numbers.signed(arm['estimand_true'], 3)} ({numbers.number(arm['estimand_bank_error'], 3)})",
            numbers.estimate(arm["bias"], arm["bias_mcse"], 3),
            numbers.rate(arm["coverage"], arm["coverage_mcse"]),
        )
        for scenario in result["scenarios"]
        for cell in scenario["results"]
        if not cell["is_missing"]
        for arm in cell["arms"]
    ]
    scales = "; ".join(f"{each['label']}: {_scale(each)}" for each in result["designs"])
    return table(f"Effects on the primary endpoint ({scales})", headings, rows)


def _scale(design: Result) -> str:
    return f"difference, {design['unit']}" if design["scale"] == "difference" else design["scale"]


def designs_table(result: Result) -> Table:
    """Return the designs as columns."""
    designs = result["designs"]
    rows = [(name, *(of(each) for each in designs)) for name, of in _FACTS.items()]
    return table("What each design says", {"": False, **{each["label"]: False for each in designs}}, rows)


def _looks(design: Result) -> str:
    return f"{design['looks']}" if design["looks"] else "at the end only"


def _level(design: Result) -> str:
    return f"{numbers.value(design['alpha'])}, {'one' if design['sides'] == 1 else 'two'}-sided"


_FACTS = {
    "Patients randomised": lambda design: numbers.count(design["total"]),
    "Grades, levels": lambda design: f"AIS {', '.join(design['grades'])}; {design['levels']}",
    "Baseline": lambda design: numbers.day_range(design["baseline_day"]),
    "Treated": lambda design: "; ".join(design["treatments"]),
    "Primary endpoint": lambda design: f"{design['endpoint']}, day {design['endpoint_day']:g}",
    "Analysis": lambda design: str(design["analysis"]).replace("_", " "),
    "Level": _level,
    "Looks": _looks,
}


def patients_table(result: Result) -> Table:
    """Return how many simulated patients every two designs share."""
    headings = {"Designs": False, "Patients of each": False, "Trials enrol": False, "Shared": True}
    rows = [
        (
            " and ".join(row["designs"]),
            " and ".join(map(numbers.count, row["of"])),
            "the same patients in the same order" if row["draws"] == "the same" else "patients of their own draw",
            numbers.count(row["shared"]),
        )
        for row in result["patients"]
    ]
    return table("Simulated patients from whom the trials draw", headings, rows)
