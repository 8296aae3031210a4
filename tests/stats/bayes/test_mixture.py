"""Mixtures of conjugate distributions: quantiles, moments, updates, faults."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.errors import InputError
from cordwise.stats.bayes import (
    BetaMixture,
    GammaMixture,
    normal,
)

ROBUST_BETA = BetaMixture((0.2, 0.8), (1, 10), (1, 2))


@given(
    st.floats(0.01, 0.99),
    st.lists(st.tuples(st.floats(0.1, 1), st.floats(0.6, 80), st.floats(0.6, 80)), min_size=1, max_size=3),
)
@settings(max_examples=30, deadline=None)
def test_the_quantile_undoes_the_distribution_function(share, parts):
    total = sum(weight for weight, _, _ in parts)
    prior = BetaMixture(*zip(*((weight / total, a, b) for weight, a, b in parts), strict=True))
    assert prior.cdf(prior.quantile(share)) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize("prior", [ROBUST_BETA, GammaMixture((0.3, 0.7), (2, 5), (4, 3)), normal(1, 2)])
def test_density_moments_and_distribution_of_a_mixture_agree(prior):
    low, high = prior.quantile(np.array([1e-9, 1 - 1e-9]))
    x = np.linspace(low, high, 200_001)
    density = np.exp(prior.log_density(x))
    assert np.trapezoid(density, x) == pytest.approx(1, abs=1e-5)
    assert np.trapezoid(density * x, x) == pytest.approx(prior.mean, abs=1e-4)
    assert np.trapezoid(density * (x - prior.mean) ** 2, x) == pytest.approx(prior.variance, rel=1e-4)


def test_two_updates_are_one_update_with_all_data():
    once, twice = ROBUST_BETA.updated(7, 20), ROBUST_BETA.updated(3, 8).updated(4, 12)
    np.testing.assert_allclose(once.weights, twice.weights, rtol=1e-12)
    counts = GammaMixture((0.4, 0.6), (2, 9), (1, 3))
    np.testing.assert_allclose(counts.updated(7, 3).weights, counts.updated(2, 1).updated(5, 2).weights, rtol=1e-12)


def test_wrong_numbers_of_a_mixture_are_all_told_at_once():
    with pytest.raises(InputError) as caught:
        BetaMixture((0.4, 0.4), (1, -2), (3,))
    assert {fault.where for fault in caught.value.faults} == {
        "beta mixture.weights",
        "beta mixture.successes",
        "beta mixture.failures",
    }
