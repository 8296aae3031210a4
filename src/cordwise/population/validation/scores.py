"""How good forecasts of printed figures were: coverage, interval score, error of the mean, and where figures fell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.evidence import Target
from cordwise.population.intervals import interval_score
from cordwise.population.validation.printed_figures import is_share, measure_of, units

_Row = Float[ndarray, " target"]
_ALPHA = 0.05  # what a 95 % interval leaves outside
_BINS = 10
_CLOSE = 1e-9  # an observed figure this near to an end of its interval is inside


@dataclass(frozen=True, slots=True)
class ForecastRows:
    """How single figures were forecast, in the unit of the figure; NaN where there was no forecast.

    `pit` is the share of the draws below the figure (those equal to it count half), NaN if only intervals are known.
    """

    error: _Row
    is_inside: _Row
    interval_score: _Row
    pit: _Row


@dataclass(frozen=True, slots=True)
class Judged:
    """How a group of figures was forecast: percentage points for shares, points for scores.

    `pit_histogram` counts the figures by tenths of their forecast distribution: even if it is calibrated, high in the
    middle if it is too wide. Empty if only intervals are known.
    """

    rows: int
    coverage95: float
    interval_score: float
    rmse: float
    pit_histogram: tuple[int, ...]


def pit_values(observed: _Row, draws: Float[ndarray, "draw target"]) -> _Row:
    """Return the share of the draws below each figure, those equal to it counted half; NaN where draws are."""
    share = (draws < observed).mean(axis=0) + (draws == observed).mean(axis=0) / 2
    return np.where(np.isnan(draws).any(axis=0), np.nan, share)


def score_draws(observed: _Row, draws: Float[ndarray, "draw target"]) -> ForecastRows:
    """Score forecasts given as draws: their mean, the central 95 % of them, and the place of the figure among them."""
    low95, high95 = np.quantile(draws, [_ALPHA / 2, 1 - _ALPHA / 2], axis=0)
    rows = score_intervals(observed, low95, high95, draws.mean(axis=0))
    return ForecastRows(rows.error, rows.is_inside, rows.interval_score, pit_values(observed, draws))


def score_intervals(observed: _Row, low95: _Row, high95: _Row, centre: _Row) -> ForecastRows:
    """Score forecasts given as a mean and a 95 % interval."""
    inside = (observed >= low95 - _CLOSE) & (observed <= high95 + _CLOSE)
    score = interval_score(observed, low95, high95)
    is_inside = np.where(np.isnan(score), np.nan, inside)
    return ForecastRows(centre - observed, is_inside, score, np.full(len(observed), np.nan))


def judge(rows: ForecastRows, unit: _Row, chosen: Bool[ndarray, " target"] | None = None) -> Judged:
    """Sum up the figures that were forecast.

    Parameters
    ----------
    rows
        Scores of single figures.
    unit
        What a figure is multiplied with to be in points: 100 for a share.
    chosen
        Which figures count; all when None. Forecasts are comparable on the same figures only.
    """
    used = np.isfinite(rows.interval_score) & (True if chosen is None else chosen)
    if not used.any():
        return Judged(0, np.nan, np.nan, np.nan, ())
    pit = rows.pit[used]
    counts = np.histogram(pit, _BINS, (0.0, 1.0))[0] if np.isfinite(pit).all() else np.array([], int)
    return Judged(
        rows=int(used.sum()),
        coverage95=float(rows.is_inside[used].mean()),
        interval_score=float((unit * rows.interval_score)[used].mean()),
        rmse=float(np.sqrt(((unit * rows.error)[used] ** 2).mean())),
        pit_histogram=tuple(int(each) for each in counts),
    )


def judge_by_measure(
    targets: Sequence[Target], rows: ForecastRows, chosen: Bool[ndarray, " target"] | None = None
) -> dict[str, Judged]:
    """Sum up by measure (a change belongs to its measure), then over all `scores`, then over `all` figures.

    Shares and scores have different units; only coverage and the histogram mean much over `all`.

    Parameters
    ----------
    targets
        What was forecast.
    rows
        Scores of single figures.
    chosen
        Which figures count; all when None.
    """
    unit, everyone = units(targets), np.ones(len(targets), bool) if chosen is None else chosen
    measures = np.array([measure_of(target) for target in targets])
    groups = {str(measure): measures == measure for measure in dict.fromkeys(measures)}
    groups |= {"scores": np.array([not is_share(target) for target in targets]), "all": np.ones(len(targets), bool)}
    return {name: judge(rows, unit, group & everyone) for name, group in groups.items()}
