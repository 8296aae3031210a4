"""Robust priors and their conflict with data."""

import pytest

from cordwise.stats.bayes import (
    beta,
    effective_sample_size,
    mean_conflict,
    normal,
    proportion_conflict,
    robustify_beta,
    robustify_normal,
)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_a_robust_weight_of_none_or_all_leaves_one_of_the_two_priors(weight):
    mixed = robustify_beta(beta(20, 60), weight=weight, mean=0.4)
    only = beta(20, 60) if weight == 0 else beta(0.8, 1.2)
    assert mixed.updated(3, 9).mean == pytest.approx(only.updated(3, 9).mean)
    assert mixed.quantile(0.3) == pytest.approx(only.quantile(0.3))


def test_the_vaguer_the_robust_component_weighs_the_fewer_patients_the_prior_is_worth():
    sizes = [effective_sample_size(robustify_beta(beta(20, 60), weight=weight)) for weight in (0, 0.2, 0.5, 0.8)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 80


def test_data_that_contradict_the_prior_are_noticed_and_take_its_weight_away():
    prior = robustify_beta(beta(20, 60), weight=0.2)
    agree, against = proportion_conflict(prior, 6, 24), proportion_conflict(prior, 23, 24)
    assert agree.p > 0.5 > 0.05 > against.p
    assert agree.posterior_weights[0] > prior.weights[0] > against.posterior_weights[0]
    means = robustify_normal(normal(5, 1), weight=0.2, mean=5, sd=10)
    assert mean_conflict(means, 5.1, 1.0).p > 0.5 > 0.1 > mean_conflict(means, 20.0, 1.0).p
    assert mean_conflict(means, 20.0, 1.0).posterior_weights[1] > 0.99
