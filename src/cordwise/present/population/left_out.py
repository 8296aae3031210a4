"""What a cross-validation by registry shows, sorted for text, tables and charts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cordwise.population.validation.result import (
    ForecastComparison,
    ForecastQuality,
    LeftOutFigure,
    Narrowing,
    RegistryCrossValidation,
)
from cordwise.present.population.measures import EVERYTHING, SCORES, SHARE, unit_of

SHARES_AND_SCORES = ((SHARE, "shares"), (SCORES, "scores"))
_FORECASTS = {"model": "this model", "copied": "EMSCI copied", "meta_analysis": "meta-analysis"}
_ALL = "all"  # figures of a comparison


@dataclass(frozen=True, slots=True)
class RegistryErrors:
    """One registry that was left out: its figures, how many lie in their interval, and the RMS errors of the means."""

    registry: str
    figures: int
    inside: int
    rmse_shares: float | None
    rmse_scores: float | None


@dataclass(frozen=True, slots=True)
class KnownFigures:
    """What a piece of knowledge of a registry does to forecasts of its other figures, over all registries.

    The factors multiply mean width and mean interval score, each figure counted once.
    """

    known: str
    registries: int
    figures: int
    width_factor: float
    score_factor: float
    coverage95: float


def main_forecast(result: RegistryCrossValidation) -> ForecastComparison:
    """Return the model's forecast of all figures, with the priors as they are."""
    return next(each for each in result.forecasts if each.figures == _ALL and each.spread_factor == 1)


def quality(each: ForecastComparison, measure: str = EVERYTHING) -> ForecastQuality | None:
    """Return how a measure was forecast; None where it was not, or no figure was."""
    found = each.of(measure)
    return found if found and found.rows else None


def comparison_pairs(result: RegistryCrossValidation) -> list[tuple[ForecastComparison, ForecastComparison]]:
    """Return each rival's forecast behind the model's of the same figures."""
    pairs = []
    for each in result.forecasts:
        if each.forecast == "model":
            continue
        same = next(other for other in result.forecasts if other.forecast == "model" and other.figures == each.figures)
        pairs.append((same, each))
    return pairs


def forecast_name(each: ForecastComparison) -> str:
    """Return a forecast in words."""
    name = _FORECASTS.get(each.forecast, each.forecast)
    return name if each.spread_factor == 1 else f"{name}, spread of priors times {each.spread_factor:g}"


def capitalised(words: str) -> str:
    """Return words with a capital first; names within them keep theirs."""
    return words[:1].upper() + words[1:]


def figures_name(each: ForecastComparison) -> str:
    """Return which figures a forecast is judged on."""
    return "all figures" if each.figures == _ALL else each.figures


def answer_lines(result: RegistryCrossValidation) -> list[str]:
    """Return the answer: how often intervals hold, how far off means are, and whether plainer forecasts do better."""
    model = main_forecast(result)
    whole = quality(model)
    if whole is None or whole.coverage95 is None:
        return ["No figure was forecast."]
    registries = len({row.registry for row in result.figures})
    held = [
        f"{100 * found.coverage95:.0f} % of {found.rows} {name}"
        for measure, name in SHARES_AND_SCORES
        if (found := quality(model, measure)) and found.coverage95 is not None
    ]
    off = [
        f"{found.rmse:.1f} percentage points for shares of grades"
        if measure == SHARE
        else f"{found.rmse:.1f} points for mean scores"
        for measure, _ in SHARES_AND_SCORES
        if (found := quality(model, measure)) and found.rmse is not None
    ]
    return [
        f"Forecast as those of a registry not yet seen, {100 * whole.coverage95:.0f} % of {whole.rows} figures of "
        f"{registries} registries lie inside their 95 % interval ({', '.join(held)}).",
        f"The means of the forecasts are off by {' and '.join(off)} (root mean square error).",
        _against_rivals(result),
    ]


def _against_rivals(result: RegistryCrossValidation) -> str:
    found = []
    for model, rival in comparison_pairs(result):
        for measure, name in SHARES_AND_SCORES:
            own, other = quality(model, measure), quality(rival, measure)
            if own and other and own.interval_score is not None and other.interval_score is not None:
                how = {"copied": "with EMSCI copied", "meta_analysis": "with meta-analysis"}[rival.forecast]
                found.append(f"for {name} {own.interval_score:.0f} against {other.interval_score:.0f} {how}")
    if not found:
        return "No plainer forecast of the same figures was made."
    return f"Its interval scores, lower is better, are {', '.join(found)}, each on the same figures."


def by_registry(result: RegistryCrossValidation) -> list[RegistryErrors]:
    """Return the errors of each registry, in the order in which they were left out."""
    names = dict.fromkeys(row.registry for row in result.figures)
    return [_errors_of(name, [row for row in result.figures if row.registry == name]) for name in names]


def _errors_of(name: str, rows: Sequence[LeftOutFigure]) -> RegistryErrors:
    return RegistryErrors(
        registry=name,
        figures=len(rows),
        inside=sum(not row.is_missed for row in rows),
        rmse_shares=_rms([row for row in rows if row.measure == SHARE]),
        rmse_scores=_rms([row for row in rows if row.measure != SHARE]),
    )


def _rms(rows: Sequence[LeftOutFigure]) -> float | None:
    if not rows:
        return None
    return math.sqrt(sum((unit_of(row.measure) * (row.predicted - row.observed)) ** 2 for row in rows) / len(rows))


def missed(result: RegistryCrossValidation) -> list[LeftOutFigure]:
    """Return the figures outside their interval, registry by registry."""
    return [row for row in result.figures if row.is_missed]


def half_widths_off(row: LeftOutFigure) -> float:
    """Return how many half-widths of its interval a forecast is off."""
    half = (row.high95 - row.low95) / 2
    return abs(row.predicted - row.observed) / half if half > 0 else math.inf


def by_knowledge(result: RegistryCrossValidation) -> list[KnownFigures]:
    """Return what each piece of knowledge does over all registries of which it was asked."""
    known = dict.fromkeys(row.known for row in result.narrowing)
    return [_knowledge(name, [row for row in result.narrowing if row.known == name]) for name in known]


def _knowledge(known: str, rows: Sequence[Narrowing]) -> KnownFigures:
    def summed(name: str) -> float:
        return sum(row.rows * getattr(row, name) for row in rows)

    figures = sum(row.rows for row in rows)
    return KnownFigures(
        known=known,
        registries=len(rows),
        figures=figures,
        width_factor=summed("width_known") / summed("width"),
        score_factor=summed("interval_score_known") / summed("interval_score"),
        coverage95=summed("coverage95_known") / figures,
    )


def knowledge_words(result: RegistryCrossValidation) -> list[str]:
    """Return in sentences what knowing something of a registry does to its intervals."""
    return [
        f"With {each.known} known, intervals of the other figures are {_factor(each.width_factor)} and their interval "
        f"score {_better(each.score_factor)}; {100 * each.coverage95:.0f} % of {each.figures} figures of "
        f"{each.registries} registries lie inside."
        for each in by_knowledge(result)
    ]


def _factor(factor: float) -> str:
    percent = round(100 * abs(1 - factor))
    return f"{percent} % {'narrower' if factor < 1 else 'wider'}" if percent else "as wide as before"


def _better(factor: float) -> str:
    percent = round(100 * abs(1 - factor))
    return f"{percent} % {'lower' if factor < 1 else 'higher'}" if percent else "the same"
