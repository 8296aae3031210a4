"""Slow twins of the ordinal analyses: one trial at a time, from definitions, with SciPy's optimiser."""

import numpy as np
from scipy.optimize import minimize


def score_of_one_trial(outcome, treated):
    """Return Z and V by comparing every treated patient with every control."""
    control, cells = outcome[~treated], outcome[treated]
    n = len(outcome)
    wins = sum(int(np.sign(a - b)) for a in cells for b in control)
    ties = sum(int((outcome == value).sum()) ** 3 for value in set(outcome))
    return wins / (n + 1), len(control) * len(cells) * (n**3 - ties) / (3 * n**2 * (n + 1) ** 2)


def row_log_likelihoods(parameters, design, category):
    """Return log P(category) of each row; parameters are thresholds, then slopes."""
    cuts = category.max()
    bounds = np.concatenate(([-np.inf], parameters[:cuts], [np.inf]))
    shift = design @ parameters[cuts:]
    low, high = (1 / (1 + np.exp(shift - bounds[category + side])) for side in (0, 1))
    return np.log(high - low)


def cumulative_logit_of_one_trial(design, outcome):
    """Return the estimates, thresholds first, and the log-likelihood, searched over ordered thresholds."""
    category = np.unique(outcome, return_inverse=True)[1]
    cuts, through = category.max(), np.cumsum(np.bincount(category))[:-1] / len(category)
    at = np.log(through / (1 - through))

    def natural(free):
        return np.concatenate((np.cumsum(np.concatenate((free[:1], np.exp(free[1:cuts])))), free[cuts:]))

    def loss(free):
        with np.errstate(all="ignore"):
            value = -row_log_likelihoods(natural(free), design, category).sum()
        return value if np.isfinite(value) else 1e10

    start = np.concatenate((at[:1], np.log(np.diff(at)), np.zeros(design.shape[1])))
    found = minimize(loss, start, method="BFGS", options={"gtol": 1e-7, "maxiter": 2000})
    return natural(found.x), -found.fun


def covariance_of_one_trial(parameters, design, outcome, cluster=None, step=1e-4):
    """Return the inverse information by differences or, with clusters, the sandwich over them."""
    category = np.unique(outcome, return_inverse=True)[1]
    size, moves = len(parameters), step * np.eye(len(parameters))

    def rows(at):
        return row_log_likelihoods(at, design, category)

    slopes = np.stack([(rows(parameters + m) - rows(parameters - m)) / (2 * step) for m in moves], axis=1)
    curve = np.empty((size, size))
    for i, a in enumerate(moves):
        for j, b in enumerate(moves):
            corners = (rows(parameters + s * a + t * b).sum() * s * t for s in (1, -1) for t in (1, -1))
            curve[i, j] = -sum(corners) / (4 * step**2)
    inverse = np.linalg.inv(curve)
    if cluster is None:
        return inverse
    sums = np.stack([slopes[cluster == each].sum(axis=0) for each in np.unique(cluster)])
    return inverse @ (sums.T @ sums) @ inverse * len(sums) / (len(sums) - 1)


def sliding_grades_of_one_trial(baseline, outcome, bands, cuts):
    """Return band and grade of every patient, patient by patient."""
    n, band, grade = len(outcome), [], []
    for value in baseline:
        middle = ((baseline < value).sum() + (baseline == value).sum() / 2) / n
        band.append(min(int(middle * bands), bands - 1))
    for own, value in zip(band, outcome, strict=True):
        peers = outcome[np.array(band) == own]
        possible = sorted(set(peers))[:-1]
        limits = [
            min(possible, key=lambda cut, j=j: abs(np.mean(peers <= cut) - j / (cuts + 1)))
            for j in range(1, cuts + 1)
            if possible
        ]
        grade.append(sum(value > limit for limit in limits))
    return np.array(band), np.array(grade, float)
