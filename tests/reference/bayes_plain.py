"""Plain versions of the Bayesian quadratures, to test the fast ones against."""

from math import exp, lgamma, log, sqrt

import numpy as np
from scipy.special import ndtr


def log_beta(a, b):
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def probability_greater(a1, b1, a0, b0):
    """P(p1 > p0) of two beta distributions by the finite sum that holds for a whole a1."""
    return sum(exp(log_beta(a0 + i, b1 + b0) - log(b1 + i) - log_beta(1 + i, b1) - log_beta(a0, b0)) for i in range(a1))


def map_proportion_moments(events, patients, tau_scale, mean_sd, draws, generator):
    """Mean, standard deviation and their Monte Carlo errors of the predictive proportion, by weighted prior draws."""
    tau = np.abs(generator.normal(0, tau_scale, draws))
    mean = generator.normal(0, mean_sd, draws)
    log_weight = np.zeros(draws)
    for x, n in zip(events, patients, strict=True):
        z = np.linspace(-6, 6, 61)
        share = 1 / (1 + np.exp(-(mean[:, None] + tau[:, None] * z)))
        density = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
        log_weight += np.log((share**x * (1 - share) ** (n - x)) @ density)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    value = 1 / (1 + np.exp(-(mean + tau * generator.normal(size=draws))))
    first = weight @ value
    error = sqrt((weight**2) @ (value - first) ** 2)
    return first, sqrt(weight @ (value - first) ** 2), error


def normal_difference_below(control, treated, history, limit):
    """P(treated - control < limit), one normal prior for the control mean, by a grid over mean and log sd."""
    history_mean, history_sd = history
    sds = np.exp(np.linspace(np.log(0.2), np.log(5), 400)) * np.std(np.concatenate([control, treated]))
    means = np.linspace(control.mean() - 8 * control.std(), control.mean() + 8 * control.std(), 1201)
    sd, mean = sds[:, None], means[None, :]
    n, m = len(control), len(treated)
    residual = ((control[:, None, None] - mean) ** 2).sum(axis=0) + ((treated - treated.mean()) ** 2).sum()
    logs = -(n + m - 1) * np.log(sd) - residual / (2 * sd**2) - (mean - history_mean) ** 2 / (2 * history_sd**2)
    logs = logs - logs.max()  # the prior 1/sd of the scale is flat on the grid of its logs
    weight = np.exp(logs)
    z = (limit + mean - treated.mean()) / (sd / np.sqrt(m))
    return float((weight * ndtr(z)).sum() / weight.sum())
