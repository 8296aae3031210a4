"""A cross-validation by registry in words, as its command prints it."""

from collections.abc import Iterator

from cordwise.population.validation.result import ForecastComparison, LeftOutFigure, RegistryCrossValidation
from cordwise.present.columns import columns
from cordwise.present.population.left_out import (
    answer_lines,
    by_registry,
    figures_name,
    forecast_name,
    knowledge_words,
    main_forecast,
    missed,
)
from cordwise.present.population.measures import EVERYTHING, SCORES, SHARE, figure_words, unit_of, written


def registry_validation_text(result: RegistryCrossValidation) -> str:
    """Return how registries were forecast that a fit had not seen, beside other forecasts of the same figures."""
    lines = [*answer_lines(result), "", *_forecasts(result), "", *_registries(result)]
    if outside := missed(result):
        lines += [
            "",
            f"Outside their interval: {len(outside)} (shares in percent, scores in points)",
            *_missed(outside),
        ]
    if result.narrowing:
        lines += ["", *knowledge_words(result), *_narrowing(result)]
    return "\n".join(lines)


def _forecasts(result: RegistryCrossValidation) -> list[str]:
    headings = ("forecast", "of", "measure", "figures", "inside", "RMS error", "interval score")
    rows = [row for each in result.forecasts for row in _forecast(each, whole=each is main_forecast(result))]
    return columns([headings, *rows], right=(3, 4, 5, 6))


def _forecast(each: ForecastComparison, *, whole: bool) -> Iterator[tuple[str, ...]]:
    """Yield the rows of one forecast: of every measure, or of shares and scores together."""
    for row in each.quality:
        if row.measure == EVERYTHING or not (whole or row.measure in (SHARE, SCORES)):
            continue
        inside = "-" if row.coverage95 is None else f"{100 * row.coverage95:.0f} %"
        amounts = (written(row.rmse), written(row.interval_score))
        yield forecast_name(each), figures_name(each), row.measure, str(row.rows), inside, *amounts


def _registries(result: RegistryCrossValidation) -> list[str]:
    headings = ("registry", "figures", "inside", "RMS error, shares", "RMS error, scores")
    rows = [
        (each.registry, str(each.figures), str(each.inside), written(each.rmse_shares), written(each.rmse_scores))
        for each in by_registry(result)
    ]
    return columns([headings, *rows], right=(1, 2, 3, 4))


def _missed(rows: list[LeftOutFigure]) -> list[str]:
    headings = ("registry", "baseline", "figure", "day", "observed", "predicted", "95 % interval")
    return columns([headings, *(_missed_row(row) for row in rows)], right=(3, 4, 5, 6))


def _missed_row(row: LeftOutFigure) -> tuple[str, ...]:
    observed, predicted, low, high = (
        f"{unit_of(row.measure) * value:.1f}" for value in (row.observed, row.predicted, row.low95, row.high95)
    )
    whose, what = f"{row.baseline_ais} {row.levels}", figure_words(row.measure, row.category)
    return row.registry, whose, what, f"{row.followup_day:g}", observed, predicted, f"{low} to {high}"


def _narrowing(result: RegistryCrossValidation) -> list[str]:
    headings = ("registry", "known", "figures", "mean width", "then", "interval score", "then", "inside then")
    rows = [
        (
            row.registry,
            row.known,
            str(row.rows),
            f"{row.width:.1f}",
            f"{row.width_known:.1f}",
            f"{row.interval_score:.1f}",
            f"{row.interval_score_known:.1f}",
            f"{100 * row.coverage95_known:.0f} %",
        )
        for row in result.narrowing
    ]
    return columns([headings, *rows], right=(2, 3, 4, 5, 6, 7))
