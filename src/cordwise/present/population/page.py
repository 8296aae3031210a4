"""The report of a population check: predicted against observed, measure by measure."""

import math

from cordwise.population.check import PopulationCheck, TargetCheck
from cordwise.present import numbers
from cordwise.present.html.closing import credibility, provenance, question_of
from cordwise.present.html.page import Page, Section, Table, figure, table
from cordwise.present.population.calibration import MEASURE_NAMES, TITLE, predicted_against_observed

WORST_SHOWN = 15
SHARES = ("ais",)


def population_page(result: PopulationCheck) -> Page:
    """Return the report of a population check."""
    sections = (
        _comparison(result),
        Section("measures", "How far off, by measure", tables=(_measures(result),)),
        Section("worst", f"The worst {WORST_SHOWN} targets", (_how_ranked(),), tables=(_worst(result),)),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    return Page("Population check", question_of(result), (_answer(result),), sections)


def _answer(result: PopulationCheck) -> str:
    """Return the check in one paragraph."""
    summary, found = result.summary, result.predicted
    missed = sum(row.is_missed for row in found)
    errors = ", ".join(f"{_name(key)} {_amount(key, value)}" for key, value in summary.rmse.items())
    return (
        f"Of {numbers.count(summary.n)} published figures, {numbers.count(len(found))} could be predicted; "
        f"{numbers.share(summary.coverage95)} of these lie inside the 95 % interval of their prediction "
        f"({numbers.count(missed)} outside). Root mean square error: {errors}."
    )


def _comparison(result: PopulationCheck) -> Section:
    """Return the picture of every prediction against its figure."""
    heading = "Predicted against observed"
    if not result.predicted:
        return Section("comparison", heading)
    drawn = figure(predicted_against_observed(result), name="comparison", title=TITLE, description=_answer(result))
    return Section("comparison", heading, figures=(drawn,))


def _measures(result: PopulationCheck) -> Table:
    """Return error and coverage by measure, with the error if nobody changed where the result has it."""
    summary, found = result.summary, result.predicted
    still = summary.rmse_if_nobody_changed
    headings = {
        "Measure": False,
        "Targets": True,
        "Root mean square error": True,
        "If nobody changed": True,
        "Inside the 95 % interval": True,
    }
    rows = []
    for measure, error in summary.rmse.items():
        own = [row for row in found if row.measure == measure]
        inside = sum(not row.is_missed for row in own)
        unchanged = _amount(measure, still[measure]) if measure in still else numbers.NOT_GIVEN
        rows.append(
            (
                _name(measure),
                numbers.count(len(own)),
                _amount(measure, error),
                unchanged,
                numbers.out_of(inside, len(own)),
            )
        )
    return table("Error and coverage by measure", headings, rows)


def _name(measure: str) -> str:
    """Return a measure in words."""
    return MEASURE_NAMES.get(measure, measure)


def _amount(measure: str, value: float) -> str:
    """Return an error in the measure's own unit: percentage points for shares, points for scores."""
    return (
        f"{numbers.number(100 * value)} percentage points" if measure in SHARES else f"{numbers.number(value)} points"
    )


def _how_ranked() -> str:
    """Return how the worst targets are found."""
    return "Ranked by the distance between prediction and figure, in half-widths of the 95 % interval."


def strangeness(target: TargetCheck) -> float:
    """Return how many half-widths of its interval a prediction misses its figure by."""
    if target.predicted is None or target.low95 is None or target.high95 is None:
        return math.nan
    half_width = (target.high95 - target.low95) / 2
    distance = abs(target.predicted - target.observed)
    return distance / half_width if half_width > 0 else distance and float("inf")


def _worst(result: PopulationCheck) -> Table:
    """Return the targets predicted worst."""
    headings = {
        "Target": False,
        "Source": False,
        "Measure": False,
        "Baseline": False,
        "Day": True,
        "n": True,
        "Observed": True,
        "Predicted (95 % interval)": True,
        "Half-widths off": True,
    }
    ranked = sorted(result.predicted, key=lambda row: (-strangeness(row), row.target_id))[:WORST_SHOWN]
    return table("Targets furthest from their prediction", headings, [_target_row(row) for row in ranked])


def _target_row(row: TargetCheck) -> tuple[str, ...]:
    """Return one target as text."""
    digits = 3 if row.measure in SHARES else 1
    category = f" {row.category}" if row.category else ""
    return (
        row.target_id,
        row.source,
        f"{row.measure}{category}",
        f"AIS {row.baseline_ais}, {row.levels}",
        numbers.number(row.followup_day, 0),
        numbers.count(row.n),
        numbers.number(row.observed, digits),
        numbers.interval(row.predicted, row.low95, row.high95, digits),
        numbers.number(strangeness(row)),
    )


def _credibility(result: PopulationCheck) -> list[tuple[str, str]]:
    """Return the credibility statements of a check, each from what the result holds."""
    summary = result.summary
    sources = sorted({str(row.source) for row in result.targets})
    return [
        (
            "Model influence",
            "The figures of simulated patients are compared with published ones; nothing is fitted here.",
        ),
        ("Comparator", f"{numbers.count(summary.n)} figures from: {'; '.join(sources)}."),
        (
            "Validation",
            f"{numbers.share(summary.coverage95)} of predicted figures lie inside their 95 % interval. "
            "This is validation only for figures that the fit has not used; for the others it shows the fit.",
        ),
        ("Not judged", "Patients outside the grades, levels and days of these figures, and any effect of cells."),
    ]
