"""Rows of made-up registries for tests of the forecasts that rival the model."""

from dataclasses import replace

import numpy as np

from cordwise.evidence import packaged_targets

_ROWS = tuple(packaged_targets())
SHARE = replace(next(row for row in _ROWS if row.target_id == "NH0446"), source="Elsewhere 1")
"""The share of grade A that is B to E a year later, all levels: EMSCI printed 0.302 of 139 people."""
SCORE = replace(next(row for row in _ROWS if row.target_id == "NH0005"), source="Elsewhere 1")
"""The arm score of cervical grade A a year later: EMSCI printed a mean of 24.416."""


def share(value, n, **cells):
    return replace(SHARE, value=value, n=float(n), **cells)


def score(value, sd=15.0, n=100, **cells):
    return replace(SCORE, value=value, sd=float(sd), n=float(n), **cells)


def many_scores(random, centre, between, registries):
    """Return a row of each of many registries whose true means scatter about a centre."""
    truths = random.normal(centre, between, registries)
    return tuple(score(random.normal(truth, 1.5)) for truth in truths), truths


def spread_of(draws):
    return float(np.quantile(draws, 0.975) - np.quantile(draws, 0.025)) / (2 * 1.96)
