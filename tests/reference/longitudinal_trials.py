"""Simulated trials with visits and dropout, for tests of repeated measures and of missing values."""

import numpy as np

from cordwise.stats.two_arm.trials import Trials, Visits


def visited_trials(replicates, patients, visits, *, seed=0, effect=0.0, dropout=0.1, gaps=0.0):
    """Return trials whose patients leave the sooner the better they do, some missing a visit besides."""
    random = np.random.default_rng(seed)
    treated = random.random((replicates, patients)) < 0.5
    baseline = random.normal(20, 10, (replicates, patients))
    common, own = random.normal(0, 8, (replicates, patients, 1)), random.normal(0, 6, (replicates, patients, visits))
    outcome = 0.8 * baseline[..., None] + 2 * np.arange(visits) + common + own + effect * treated[..., None]
    observed = np.ones(outcome.shape, bool)
    for visit in range(1, visits):
        chance = dropout * 2 / (1 + np.exp(-(outcome[..., visit - 1] - 20) / 8))
        observed[..., visit] = observed[..., visit - 1] & (random.random(treated.shape) >= chance)
    observed &= random.random(observed.shape) >= gaps
    seen = np.where(observed, outcome, 0.0)
    analysed = np.ones_like(treated)
    return Trials(treated, analysed, seen[..., -1], baseline, np.zeros(treated.shape, int), Visits(seen, observed))
