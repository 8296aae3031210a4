"""Win statistics of a hierarchical composite: net benefit, win odds, win ratio, and the Finkelstein-Schoenfeld test."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtr, ndtri

from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.pairwise_counts import PairwiseCounts, pairwise_counts_by_order, pairwise_counts_by_pairs
from cordwise.stats.two_arm.sufficient_statistics import CONTROL, TREATED
from cordwise.stats.two_arm.trials import Trials

WinMeasure = Literal["net_benefit", "win_odds", "win_ratio"]
_HALF_PAIR = 0.5  # added to wins and losses where a ratio of them would be 0 or infinite


@dataclass(frozen=True, slots=True)
class Wins:
    """Pairs of a treated and a control patient won and lost by the treated, in every replicate.

    Attributes
    ----------
    wins, losses, pairs
        Numbers of pairs; those neither won nor lost are ties.
    spread
        Covariance of (wins, losses) as shares of the pairs: plug-in variance of a two-sample U statistic.
    score, score_variance
        Finkelstein-Schoenfeld's statistic, the treated patients' wins less losses against all others, and its variance
        over permutations of the arms.
    """

    wins: Float[ndarray, " replicate"]
    losses: Float[ndarray, " replicate"]
    pairs: Float[ndarray, " replicate"]
    spread: Float[ndarray, "replicate 2 2"]
    score: Float[ndarray, " replicate"]
    score_variance: Float[ndarray, " replicate"]

    @property
    def ties(self) -> Float[ndarray, " replicate"]:
        """Return the pairs neither won nor lost."""
        return self.pairs - self.wins - self.losses


def win_statistics(
    trials: Trials,
    *,
    alpha: float,
    measure: WinMeasure = "net_benefit",
    thresholds: Sequence[float] | None = None,
) -> Estimates:
    """Return the net benefit, the log win odds or the log win ratio of the composite, positive where treated win.

    The interval is from the plug-in variance of the U statistic on the log scale; that of the net benefit is the one of
    the log win odds, which stays within -1 and 1.  p is from the permutation test of Finkelstein and Schoenfeld and the
    same for all measures.

    Parameters
    ----------
    trials
        Trials with `components`.
    alpha
        Two-sided; sets the interval.
    measure
        The win odds count ties as half a win, the win ratio leaves them out.  Where one of the two sides is 0, half a
        pair is added to both.
    thresholds
        For each component the smallest difference that decides; any difference without it.

    Raises
    ------
    ValueError
        The trials have no components.

    Notes
    -----
    Sources: Finkelstein and Schoenfeld 1999, Statistics in Medicine 18:1341; Pocock et al. 2012, European Heart Journal
    33:176 (win ratio); Buyse 2010, Statistics in Medicine 29:3245 (net benefit); Brunner, Vandemeulebroecke and Muetze
    2021, Statistics in Medicine 40:3367 (win odds).
    """
    wins = count_wins(trials, thresholds=thresholds)
    usable = wins.score_variance > 0
    centre, error = _on_log_scale(wins, measure)
    centre = np.where(usable, centre, np.nan)
    reach = -ndtri(alpha / 2) * error
    z = _ratio(np.abs(wins.score), np.sqrt(wins.score_variance))
    p = np.where(usable, 2 * ndtr(-z), 1.0)
    if measure != "net_benefit":
        return Estimates(centre, centre - reach, centre + reach, p)
    estimate = np.where(usable, _ratio(wins.wins - wins.losses, wins.pairs), np.nan)
    low, high = np.tanh((centre - reach) / 2), np.tanh((centre + reach) / 2)
    return Estimates(estimate, np.minimum(low, estimate), np.maximum(high, estimate), p)


def count_wins(trials: Trials, *, thresholds: Sequence[float] | None = None) -> Wins:
    """Return wins and losses over all pairs of a treated and a control patient, with their variances.

    Parameters
    ----------
    trials
        Trials with `components`, the most important first; higher is better.
    thresholds
        For each component the smallest difference that decides; any difference without it.

    Examples
    --------
    >>> from dataclasses import replace
    >>> trials = Trials.from_arms(control=[3, 5, 4, 6], treated=[6, 7, 5, 9])
    >>> wins = count_wins(replace(trials, components=trials.outcome[..., None]))
    >>> wins.wins.tolist(), wins.losses.tolist(), wins.ties.tolist()
    ([13.0], [1.0], [2.0])
    """
    if trials.components is None:
        raise ValueError("win statistics need the components of the composite")
    if thresholds is None or not any(thresholds):
        keys = [trials.components[..., number] for number in range(trials.components.shape[-1])]
        return _wins(pairwise_counts_by_order(trials, keys))
    return _wins(pairwise_counts_by_pairs(trials, trials.components, thresholds))


def _wins(pairwise_counts: PairwiseCounts) -> Wins:
    count = pairwise_counts.counts[:, 0]
    total, pairs = count.sum(axis=1), count[:, TREATED] * count[:, CONTROL]
    treated = pairwise_counts.members[:, TREATED]
    won = pairwise_counts.total(treated * pairwise_counts.below[:, CONTROL])[:, 0]
    lost = pairwise_counts.total(treated * pairwise_counts.above[:, CONTROL])[:, 0]
    ahead = pairwise_counts.below.sum(axis=1) - pairwise_counts.above.sum(axis=1)
    squares = pairwise_counts.total(pairwise_counts.members.sum(axis=1) * ahead**2)[:, 0]
    spread = _plug_in(pairwise_counts, count, won, lost, TREATED) + _plug_in(pairwise_counts, count, won, lost, CONTROL)
    return Wins(won, lost, pairs, spread, won - lost, _ratio(pairs * squares, total * (total - 1)))


def _plug_in(
    pairwise_counts: PairwiseCounts,
    count: Float[ndarray, "replicate arm"],
    won: Float[ndarray, " replicate"],
    lost: Float[ndarray, " replicate"],
    arm: int,
) -> Float[ndarray, "replicate 2 2"]:
    """Return the share of the covariance that the patients of one arm contribute."""
    other = CONTROL + TREATED - arm
    own = [pairwise_counts.below[:, other], pairwise_counts.above[:, other]]
    own = own if arm == TREATED else own[::-1]
    members, number, against = pairwise_counts.members[:, arm], count[:, arm], count[:, other]
    means = [_ratio(each, number) for each in (won, lost)]
    spread = np.empty((len(won), 2, 2))
    for i in range(2):
        for j in range(2):
            product = pairwise_counts.total(members * own[i] * own[j])[:, 0]
            spread[:, i, j] = _ratio(_ratio(product, number) - means[i] * means[j], number * against**2)
    return spread


def _on_log_scale(wins: Wins, measure: WinMeasure) -> tuple[Float[ndarray, " replicate"], Float[ndarray, " replicate"]]:
    """Return the log win ratio, or else the log win odds, and its standard error by the delta method."""
    if measure == "win_ratio":
        good, bad = _kept_apart(wins.wins, wins.losses)
        slopes = wins.pairs / good, -wins.pairs / bad
    else:
        good, bad = _kept_apart(wins.wins + wins.ties / 2, wins.losses + wins.ties / 2)
        slope = wins.pairs / 2 * (1 / good + 1 / bad)
        slopes = slope, -slope
    variance = sum(slopes[i] * slopes[j] * wins.spread[:, i, j] for i in range(2) for j in range(2))
    return np.log(good / bad), np.sqrt(np.maximum(variance, 0.0))


def _kept_apart(
    good: Float[ndarray, " replicate"], bad: Float[ndarray, " replicate"]
) -> tuple[Float[ndarray, " replicate"], Float[ndarray, " replicate"]]:
    extra = np.where((good == 0) | (bad == 0), _HALF_PAIR, 0.0)
    return good + extra, bad + extra


def _ratio(top: Float[ndarray, "..."], bottom: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    return np.divide(top, bottom, out=np.zeros(np.shape(top)), where=bottom > 0)
