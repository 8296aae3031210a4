"""Endpoints in categories: those not seen at the end drawn as control patients of the same last category fared."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from numpy.random import Generator
from scipy.special import stdtrit

from cordwise.stats.missing.cases import visits_of
from cordwise.stats.missing.rubin import pool_estimates
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.trials import Trials


def control_based_categories(
    trials: Trials,
    analysis: Callable[..., Estimates],
    *,
    alpha: float,
    imputations: int,
    generator: Generator,
    df: float = np.inf,
) -> Estimates:
    """Return an analysis of categories, pooled over draws of those not seen at the last visit.

    Whoever was not seen, in either arm, gets a category from the control patients who were seen at the end and were in
    the same category at the visit at which this patient was last seen (the baseline if at none).  The chances are drawn
    from their Dirichlet posterior; the prior weighs one patient and is shaped like the control arm's last visit.

    Parameters
    ----------
    trials
        With `visits`; baseline and visits are categories counted from 0.
    analysis
        What is done to each completed set of trials.
    alpha
        Two-sided; sets the intervals.
    imputations, generator
        Number of draws and where they come from.
    df
        Degrees of freedom of the analysis when nothing is missing.  The standard error is half the interval over the t
        quantile with these degrees: exact for Wald intervals with infinite degrees, otherwise an approximation.
    """
    quantile = stdtrit(df, 1 - alpha / 2)
    parts = [
        analysis(replace(trials, outcome=outcome), alpha=alpha)
        for outcome in drawn_categories(trials, imputations, generator)
    ]
    errors = np.stack([(part.high - part.low) / 2 / quantile for part in parts])
    return pool_estimates(np.stack([part.estimate for part in parts]), errors**2, df).tested(alpha=alpha)


def drawn_categories(trials: Trials, draws: int, generator: Generator) -> Float[ndarray, "draw replicate patient"]:
    """Return the category at the last visit, drawn where it was not seen; NaN throughout without any control.

    Parameters and rule are those of `control_based_categories`.
    """
    visits = visits_of(trials)
    series = np.concatenate([trials.baseline[..., None], visits.outcome], axis=-1)
    seen = np.concatenate([np.ones_like(trials.analysed)[..., None], visits.observed], axis=-1)
    states = np.where(seen & trials.analysed[..., None], series, 0.0).astype(np.int64)
    control = trials.analysed & ~trials.treated & seen[..., -1]
    concentration = _control_transitions(states, seen, control)
    replicate, patient = np.nonzero(trials.analysed & ~seen[..., -1])
    last = np.where(seen, np.arange(seen.shape[-1]), -1)[replicate, patient].max(axis=-1, initial=0)
    state = states[replicate, patient, last]
    chosen = _draw_cells(concentration, draws, generator)[:, replicate, last, state].cumsum(axis=-1)
    chance = generator.random((draws, len(replicate), 1)) * chosen[..., -1:]
    outcome = np.repeat(np.where(seen[..., -1], series[..., -1], 0.0)[None], draws, axis=0)
    outcome[:, replicate, patient] = (chance > chosen).sum(axis=-1)
    outcome[:, ~control.any(axis=1)] = np.nan
    return outcome


def _control_transitions(
    states: Int[ndarray, "replicate patient visit"],
    seen: Bool[ndarray, "replicate patient visit"],
    control: Bool[ndarray, "replicate patient"],
) -> Float[ndarray, "replicate visit from to"]:
    """Return counts of controls by category at each visit and at the last, with one patient's weight as prior."""
    replicates, _, visits = states.shape
    levels = int(states.max(initial=0)) + 1
    counts = np.zeros((replicates, visits, levels, levels))
    for visit in range(visits):
        replicate, patient = np.nonzero(control & seen[..., visit])
        cells = (replicate * levels + states[replicate, patient, visit]) * levels + states[replicate, patient, -1]
        counts[:, visit] = np.bincount(cells, minlength=replicates * levels**2).reshape(replicates, levels, levels)
    at_end = counts[:, -1].sum(axis=1)
    share = at_end / np.maximum(at_end.sum(axis=1, keepdims=True), 1.0)
    return counts + share[:, None, None, :]


def _draw_cells(
    concentration: Float[ndarray, "replicate visit from to"], draws: int, generator: Generator
) -> Float[ndarray, "draw replicate visit from to"]:
    """Return Dirichlet draws up to their total; a category never seen among controls keeps no chance."""
    return generator.standard_gamma(np.broadcast_to(concentration, (draws, *concentration.shape)))
