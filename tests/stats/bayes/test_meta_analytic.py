"""The meta-analytic-predictive prior against draws, a sampler and the exact hierarchy."""

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.stats.bayes import (
    map_mean,
    map_proportion,
)
from reference import bayes_plain

AS_EVENTS, AS_PATIENTS = (23, 12, 19, 9, 39, 6, 9, 10), (107, 44, 51, 39, 139, 20, 78, 35)


def test_the_predictive_prior_of_a_proportion_is_that_of_weighted_draws():
    prior = map_proportion(AS_EVENTS[:4], AS_PATIENTS[:4])
    generator = np.random.default_rng(20)
    mean, sd, error = bayes_plain.map_proportion_moments(AS_EVENTS[:4], AS_PATIENTS[:4], 1.0, 2.0, 30_000, generator)
    assert abs(prior.mean - mean) < 4 * error
    assert prior.sd == pytest.approx(sd, rel=0.1)


def test_the_predictive_prior_of_the_spondylitis_trials_is_the_one_that_a_sampler_finds():
    """RBesT's page of `gMAP`: mean 0.255, sd 0.0864, quantiles 0.106, 0.247 and 0.461; 4000 draws."""
    prior = map_proportion(AS_EVENTS, AS_PATIENTS)
    np.testing.assert_allclose([prior.mean, prior.sd, prior.tau_mean], [0.255, 0.0864, 0.387], atol=0.01)
    np.testing.assert_allclose(prior.quantile(np.array([0.025, 0.5, 0.975])), [0.106, 0.247, 0.461], atol=0.012)


def test_without_spread_between_trials_the_predictive_prior_pools_them():
    pooled = map_mean((4.0, 6.0), (1.0, 1.0), tau_scale=1e-4, mean_prior=(0.0, 1e4))
    assert pooled.mean == pytest.approx(5, abs=1e-3)
    assert pooled.sd == pytest.approx(np.sqrt(0.5), rel=1e-3)


def test_the_mean_and_spread_of_normal_trials_are_those_of_the_exact_hierarchy():
    prior = map_mean((4.0, 6.0, 3.0), (1.0, 0.5, 2.0), tau_scale=2.0, mean_prior=(0.0, 10.0))
    tau, mean = np.linspace(1e-3, 12, 1500)[:, None], np.linspace(-20, 30, 1501)[None, :]
    logs = -((tau / 2) ** 2) / 2 - (mean / 10) ** 2 / 2
    for y, se in ((4.0, 1.0), (6.0, 0.5), (3.0, 2.0)):
        logs = logs - np.log(se**2 + tau**2) / 2 - (y - mean) ** 2 / (2 * (se**2 + tau**2))
    weight = np.exp(logs) / np.exp(logs).sum()
    first = (weight * mean).sum()
    assert prior.mean == pytest.approx(first, abs=2e-3)
    assert prior.sd == pytest.approx(np.sqrt((weight * (tau**2 + (mean - first) ** 2)).sum()), rel=2e-3)


def test_history_that_cannot_be_is_refused():
    with pytest.raises(InputError, match="between 0 and its patients"):
        map_proportion((5,), (4,))
    with pytest.raises(InputError, match="above 0"):
        map_mean((1.0,), (0.0,), tau_scale=1, mean_prior=(0, 1))
