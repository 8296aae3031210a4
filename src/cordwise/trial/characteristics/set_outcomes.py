"""What theory needs of the outcomes in each parameter set, without the noise of the few people who show them.

A power is bent in the effect, so that the scatter of people about their set would be taken for a scatter of sets.
"""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.stats.nested_means import Nesting, nested_mean
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes

_Values = Float[ndarray, "set group person"]


def analysed_share(potential_outcomes: PotentialOutcomes) -> float:
    """Return the share of the patients who are expected to be analysed."""
    return 1.0 if potential_outcomes.endpoint.strategy == "composite" else float(_stays(potential_outcomes).mean())


def covariates(potential_outcomes: PotentialOutcomes) -> int:
    """Return how many baseline covariates the analysis has."""
    return 1 if potential_outcomes.endpoint.method.name == "ancova" else 0


def proportions(
    potential_outcomes: PotentialOutcomes, arm: int
) -> tuple[Float[ndarray, " set"], Float[ndarray, " set"]]:
    """Return the share that improves under control, and in a treated arm, in each parameter set."""
    stays = _stays(potential_outcomes)
    counted = np.ones_like(stays) if potential_outcomes.endpoint.strategy == "composite" else stays
    control, treated = (
        (_by_set(potential_outcomes, potential_outcomes.outcome[each]) * stays).sum(axis=2) / counted.sum(axis=2)
        for each in (0, arm)
    )
    before = _without_noise(control)
    return np.clip(before, 0, 1), np.clip(before + _without_noise(treated - control), 0, 1)


def standardised_differences(
    potential_outcomes: PotentialOutcomes, arm: int, ratio: tuple[int, int]
) -> Float[ndarray, " set"]:
    """Return the mean difference among those who stay over the spread within an arm, about the baseline for ANCOVA."""
    stays = _stays(potential_outcomes)
    control, treated = (_by_set(potential_outcomes, potential_outcomes.outcome[each]) for each in (0, arm))
    difference = _average(treated - control, stays)
    variances = [_variance(each, stays, potential_outcomes) for each in (control, treated)]
    sd = np.sqrt(np.average(variances, axis=0, weights=ratio))
    return _without_noise(np.divide(difference, sd, out=np.full_like(sd, np.nan), where=sd > 0))


def odds_effects(
    potential_outcomes: PotentialOutcomes, arm: int, control: float, treated: float
) -> Float[ndarray, " set"]:
    """Return the mean z of the score test by its information under proportional odds (Whitehead 1993)."""
    values, categories = np.unique(potential_outcomes.outcome[[0, arm]], return_inverse=True)
    stays, groups = _stays(potential_outcomes), potential_outcomes.layout
    both = categories.reshape(2, *stays.shape)
    z = [
        _odds_effect([np.bincount(row[place], stays[place], len(values)) for row in both], control, treated)
        for place in np.ndindex(groups)
    ]
    return _without_noise(np.reshape(z, groups))


def _odds_effect(counts: list[Float[ndarray, " category"]], control: float, treated: float) -> float:
    shares = [each / each.sum() for each in counts]
    pooled = (control * shares[0] + treated * shares[1]) / (control + treated)
    information = control * treated / (control + treated) / 3 * (1 - (pooled**3).sum())
    below = [np.cumsum(share)[:-1] for share in shares]
    weight = pooled[:-1] + pooled[1:]
    usable = (below[0] > 0) & (below[0] < 1) & (below[1] > 0) & (below[1] < 1)
    odds = np.log(below[0][usable] / (1 - below[0][usable])) - np.log(below[1][usable] / (1 - below[1][usable]))
    ratio = np.average(odds, weights=weight[usable]) if usable.any() else 0.0
    return float(ratio * np.sqrt(information))


def _by_set(potential_outcomes: PotentialOutcomes, values: Float[ndarray, " patient"]) -> _Values:
    return values.reshape(*potential_outcomes.layout, -1)


def _stays(potential_outcomes: PotentialOutcomes) -> _Values:
    """Return each person's chance not to withdraw before the endpoint."""
    return _by_set(potential_outcomes, 1 - potential_outcomes.losses.withdrawn[:, -1])


def _average(values: _Values, weights: _Values) -> Float[ndarray, "set group"]:
    return (values * weights).sum(axis=2) / weights.sum(axis=2)


def _variance(outcome: _Values, stays: _Values, potential_outcomes: PotentialOutcomes) -> Float[ndarray, "set group"]:
    """Return the variance of an arm's outcome in every group, about its regression on the baseline for ANCOVA."""
    used = 1 + covariates(potential_outcomes)
    centred = outcome - _average(outcome, stays)[:, :, None]
    if used > 1:
        baseline = _by_set(potential_outcomes, potential_outcomes.baseline)
        baseline = baseline - _average(baseline, stays)[:, :, None]
        spread = _average(baseline**2, stays)
        slope = np.divide(_average(baseline * centred, stays), spread, out=np.zeros_like(spread), where=spread > 0)
        centred = centred - slope[:, :, None] * baseline
    people = outcome.shape[2]
    return _average(centred**2, stays) * people / max(people - used, 1)


def _without_noise(by_group: Float[ndarray, "set group"]) -> Float[ndarray, " set"]:
    """Return a value of each parameter set, spread as the sets are; their mean where that is not known."""
    sets, groups = (each.ravel() for each in np.indices(by_group.shape))
    mean = nested_mean(by_group.ravel(), Nesting(sets, groups, len(by_group)), least_degrees=1)
    return mean.without_noise if mean.tells_sets_apart else np.full(len(by_group), mean.value)
