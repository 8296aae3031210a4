"""Bias, spread and coverage against the truth of a replicate's own parameter set, where all of them are known."""

import numpy as np
import pytest

from cordwise.stats.nested_means import Nesting, nested_mean
from cordwise.trial.analyse.truth import Truth
from cordwise.trial.characteristics.against_truth import against_truth

SETS, ROUNDS = 200, 10
BETWEEN, PEOPLE, ERROR = 0.5, 0.6, 1.0  # standard deviations: of sets, of the luck of a group, of one estimate


def _world(seed, *, bias=0.0, width=1.96):
    """Return estimates whose errors share the luck of their group with the truth of its people."""
    random = np.random.default_rng(seed)
    truth = random.normal(2.0, BETWEEN, SETS)
    luck = random.normal(0, PEOPLE, (SETS, 2))
    place = np.arange(SETS * ROUNDS)
    nesting = Nesting(random.permutation(SETS)[place % SETS], place // SETS % 2, SETS)
    within = random.normal(0, np.sqrt(ERROR**2 - PEOPLE**2), len(place))
    error = bias + luck[nesting.set_place, nesting.group] + within
    by_group = truth[:, None] + luck
    sets, groups = (each.ravel() for each in np.indices((SETS, 2)))
    known = Truth(by_group, nested_mean(by_group.ravel(), Nesting(sets, groups, SETS)))
    estimate = truth[nesting.set_place] + error
    return against_truth(estimate, known, nesting), estimate, estimate - error, width * ERROR


def test_coverage_is_that_of_the_true_value_of_the_set():
    found, held = [], []
    for seed in range(40):
        beside, estimate, truth, reach = _world(seed)
        found.append(beside.coverage(estimate - reach, estimate + reach).value)
        held.append((np.abs(estimate - truth) <= reach).mean())
    apart = np.array(found) - np.array(held)
    assert abs(apart.mean()) < 4 * apart.std(ddof=1) / np.sqrt(40)
    assert abs(np.mean(found) - 0.95) < 0.005


@pytest.mark.parametrize(("bias", "width"), [(0.4, 1.96), (0.0, 1.2)])
def test_biased_estimates_and_narrow_intervals_cover_as_much_less_as_they_do(bias, width):
    beside, estimate, truth, reach = _world(1, bias=bias, width=width)
    held = (np.abs(estimate - truth) <= reach).mean()
    assert beside.coverage(estimate - reach, estimate + reach).value == pytest.approx(held, abs=0.02)
    assert beside.bias.value == pytest.approx(bias, abs=4 * beside.bias.mcse)
    assert beside.rmse == pytest.approx(np.sqrt(((estimate - truth) ** 2).mean()), rel=0.05)
    assert beside.above_truth.value == pytest.approx((estimate > truth).mean(), abs=0.03)


def test_the_luck_of_the_people_is_no_error_of_the_bias():
    beside, *_ = _world(2)
    assert beside.bias.mcse == pytest.approx(np.sqrt((ERROR**2 - PEOPLE**2) / (SETS * ROUNDS)), rel=0.15)


def test_a_replicate_without_an_estimate_counts_nowhere():
    beside, estimate, _, reach = _world(3)
    some = np.where(np.arange(len(estimate)) % 10 == 0, np.nan, estimate)
    sets, groups = (each.ravel() for each in np.indices((SETS, 2)))
    truth = Truth(np.zeros((SETS, 2)), nested_mean(np.zeros(2 * SETS), Nesting(sets, groups, SETS)))
    fewer = against_truth(some, truth, beside.nesting)
    assert np.isfinite([fewer.bias.value, fewer.rmse, fewer.coverage(some - reach, some + reach).value]).all()
    nothing = against_truth(np.full(len(estimate), np.nan), truth, beside.nesting)
    assert np.isnan([nothing.bias.value, nothing.rmse, nothing.coverage(some, some).value]).all()


def test_a_truth_that_is_known_exactly_is_held_or_not():
    sets, groups = (each.ravel() for each in np.indices((SETS, 2)))
    nesting = Nesting(sets, groups, SETS)
    truth = Truth(np.zeros((SETS, 2)), nested_mean(np.zeros(2 * SETS), nesting))
    estimate = np.random.default_rng(4).normal(size=2 * SETS)
    beside = against_truth(estimate, truth, nesting)
    assert beside.coverage(estimate - 1, estimate + 1).value == pytest.approx((np.abs(estimate) <= 1).mean())
