"""Batches of simulated trials for tests of the analyses."""

import numpy as np

from cordwise.stats.two_arm.trials import Trials


def batch(replicates=12, patients=41, seed=3, *, effect=2.0, levels=3, binary=False, change=False, baseline=None):
    """Return trials with withdrawals, strata, an integer baseline and an outcome that depends on all of them."""
    random = np.random.default_rng(seed)
    shape = (replicates, patients)
    at_entry = random.integers(0, 50, shape).astype(float)
    treated = random.random(shape) < 0.5
    stratum = random.integers(0, levels, shape)
    outcome = 5 - 0.2 * at_entry + effect * treated + stratum + random.normal(0, 4, shape)
    analysed = random.random(shape) < 0.85
    if binary:
        outcome = (outcome > 3).astype(float)
    if change:
        outcome = outcome - at_entry
    if baseline is not None:
        at_entry = np.full(shape, baseline)
    return Trials(treated, analysed, outcome, at_entry, stratum)


def null_batch(replicates, patients, seed, draw, *, levels=1, baseline=None):
    """Return trials of two equal arms under the null, the outcome from `draw(random, shape)`."""
    random = np.random.default_rng(seed)
    shape = (replicates, patients)
    treated = random.permuted(np.broadcast_to(np.arange(patients) % 2 == 0, shape), axis=1)
    outcome = draw(random, shape).astype(float)
    at_entry = np.zeros(shape) if baseline is None else baseline(random, shape, outcome)
    stratum = random.integers(0, levels, shape)
    return Trials(treated, np.ones(shape, dtype=bool), outcome, at_entry, stratum)


def one_of(trials, replicate):
    """Return baseline, outcome, treated and stratum of the analysed patients of one trial."""
    seen = trials.analysed[replicate]
    columns = (trials.baseline, trials.outcome, trials.treated, trials.stratum)
    return [values[replicate, seen] for values in columns]
