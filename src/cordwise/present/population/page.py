"""The report of a population check: predicted against observed, measure by measure."""

import math

from cordwise.population.check import PopulationCheck, TargetCheck
from cordwise.present import numbers
from cordwise.present.html.closing import credibility, provenance, question_of
from cordwise.present.html.page import Page, Section, Table, figure, table
from cordwise.present.population.calibration import TITLE, predicted_against_observed
from cordwise.present.population.measures import (
    PARTS,
    PARTS_MEANING,
    SHARE,
    figure_words,
    measure_name,
    parts_of,
    root_mean_square,
    unit_of,
    unit_words,
)

WORST_SHOWN = 15


def population_page(result: PopulationCheck) -> Page:
    """Return the report of a population check."""
    sections = (
        _comparison(result),
        Section("measures", "How far off, by measure", (_how_measured(),), tables=(_measures(result),)),
        Section("worst", f"The worst {WORST_SHOWN} targets", (_how_ranked(),), tables=(_worst(result),)),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    return Page("Population check", question_of(result), (_answer(result),), sections)


def _answer(result: PopulationCheck) -> str:
    """Return the check in one paragraph."""
    summary, found = result.summary, result.predicted
    missed = sum(row.is_missed for row in found)
    errors = ", ".join(f"{measure_name(key)} {_amount(key, value)}" for key, value in summary.rmse.items())
    return (
        f"Of {numbers.count(summary.n)} published figures, {numbers.count(len(found))} could be predicted as those of "
        f"{result.registry}; "
        f"{numbers.share(summary.coverage95)} of these lie inside the 95 % interval of their prediction "
        f"({numbers.count(missed)} outside). Root mean square error: {errors}. {result.seen_before}".rstrip()
    )


def _comparison(result: PopulationCheck) -> Section:
    """Return the picture of every prediction against its figure."""
    heading = "Predicted against observed"
    if not result.predicted:
        return Section("comparison", heading)
    drawn = figure(predicted_against_observed(result), name="comparison", title=TITLE, description=_answer(result))
    return Section("comparison", heading, figures=(drawn,))


def _how_measured() -> str:
    """Return what the columns of the table by measure mean."""
    return (
        "Errors are root mean squares. The interval score is the mean width of the 95 % intervals and 40 times what "
        f"lies outside them; the lower the better. {PARTS_MEANING} Their columns are root mean squares over figures."
    )


def _measures(result: PopulationCheck) -> Table:
    """Return error, score and coverage by measure, the error if nobody changed, and the parts of the uncertainty."""
    summary = result.summary
    headings = {
        "Measure": False,
        "Error": True,
        "If nobody changed": True,
        "Interval score": True,
        "Inside the 95 % interval": True,
        **{f"SD: {part}": True for part in PARTS},
    }
    rows = []
    for measure, error in summary.rmse.items():
        own = [row for row in result.predicted if row.measure == measure]
        parts = root_mean_square([row.parts for row in own if row.parts is not None])
        amounts = (error, summary.rmse_if_nobody_changed.get(measure), summary.interval_score.get(measure))
        rows.append(
            (
                measure_name(measure),
                *(_number(measure, each) for each in amounts),
                numbers.out_of(sum(not row.is_missed for row in own), len(own)),
                *(_number(measure, each) for each in parts_of(parts)),
            )
        )
    return table("Points for scores, percentage points for shares of grades", headings, rows)


def _number(measure: str, value: float | None) -> str:
    """Return an amount without its unit: percentage points for shares, points for scores."""
    return numbers.number(None if value is None else unit_of(measure) * value)


def _amount(measure: str, value: float) -> str:
    """Return an error with its unit."""
    return f"{_number(measure, value)} {unit_words(measure)}"


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
    digits = 3 if row.measure == SHARE else 1
    return (
        row.target_id,
        row.source,
        figure_words(row.measure, row.category),
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
            f"Figures of simulated patients of {result.registry} are compared with published ones; nothing is fitted "
            "here.",
        ),
        ("Comparator", f"{numbers.count(summary.n)} figures from: {'; '.join(sources)}."),
        (
            "Validation",
            f"{numbers.share(summary.coverage95)} of predicted figures lie inside their 95 % interval. "
            "This is validation only for figures that the fit has not used; for the others it shows the fit.",
        ),
        ("Not judged", "Patients outside the grades, levels and days of these figures, and any effect of cells."),
    ]
