"""Simulated trials with ordinal outcomes for tests."""

import numpy as np

from cordwise.stats.two_arm.trials import OrderedItems, Trials


def ordinal_trials(replicates, patients, *, categories=5, effect=0.0, prognosis=1.0, seed=1, analysed=0.95):
    """Return trials of two equal arms whose latent outcome depends on baseline and arm, logistic within."""
    random = np.random.default_rng(seed)
    shape = (replicates, patients)
    treated = np.argsort(random.random(shape), axis=1) < patients // 2
    baseline = random.normal(size=shape).round(1)
    latent = prognosis * baseline + effect * treated + random.logistic(size=shape)
    outcome = np.digitize(latent, np.linspace(-3, 3, categories + 1)[1:-1]).astype(float)
    return Trials(treated, random.random(shape) < analysed, outcome, baseline, random.integers(0, 3, shape))


def item_trials(replicates, patients, *, effect=0.0, seed=1):
    """Return trials with the grades of five items a side, which fall off below each side's level."""
    random = np.random.default_rng(seed)
    shape = (replicates, patients)
    treated = np.argsort(random.random(shape), axis=1) < patients // 2
    below = np.arange(5) - random.integers(0, 5, (*shape, 2))[..., None]
    strength = random.normal(0, 1.5, (*shape, 1, 1)) - 1.5 * below
    gain = 1 + effect * treated[..., None, None] + random.normal(size=(*shape, 1, 1))
    cut_points = np.arange(-3, 2)
    before, after = (
        np.digitize(latent + random.logistic(0, 0.5, strength.shape), cut_points).astype(np.int8)
        for latent in (strength, strength + gain)
    )
    sums = (after.sum(axis=(2, 3)).astype(float), before.sum(axis=(2, 3)).astype(float))
    stratum = np.zeros(shape, dtype=int)
    return Trials(treated, random.random(shape) < 0.95, *sums, stratum, items=OrderedItems(before, after))
