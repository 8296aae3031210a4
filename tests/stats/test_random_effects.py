"""Groups that differ in truth, seen through a few people each: the scatter that is the people's is taken out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cordwise.stats.random_effects import intraclass_correlation, variance_between, without_sampling_noise

GROUPS = 200


def shares_seen(random, truth, count):
    return random.binomial(count, truth) / np.maximum(count, 1)


@pytest.mark.parametrize(("centre", "spread"), [(0.3, 0.10), (0.5, 0.05), (0.1, 0.04)])
@pytest.mark.parametrize("people", [20, 100, (5, 200)])
def test_shares_scatter_as_their_truths_do(centre, spread, people):
    random, scatters, middles = np.random.default_rng(1), [], []
    size = centre * (1 - centre) / spread**2 - 1
    for _ in range(60):
        truth = random.beta(centre * size, (1 - centre) * size, GROUPS)
        count = np.full(GROUPS, people) if isinstance(people, int) else random.integers(*people, GROUPS)
        found = without_sampling_noise(shares_seen(random, truth, count), count.astype(float))
        scatters.append(found.var() - truth.var())
        middles.append(found.mean() - truth.mean())
    for errors in (scatters, middles):
        assert abs(np.mean(errors)) < 4 * np.std(errors) / np.sqrt(len(errors)) + 0.05 * spread**2


def test_a_quantile_of_the_truth_is_met_that_the_shares_seen_would_miss():
    random = np.random.default_rng(2)
    truth, count = random.beta(12, 28, 4000), np.full(4000, 25.0)
    seen = shares_seen(random, truth, count.astype(int))
    wanted = np.quantile(truth, [0.025, 0.975])
    found = np.quantile(without_sampling_noise(seen, count), [0.025, 0.975])
    assert found == pytest.approx(wanted, abs=0.02)
    assert np.abs(np.quantile(seen, [0.025, 0.975]) - wanted).min() > 0.04


def test_groups_that_do_not_differ_get_one_share():
    random = np.random.default_rng(3)
    count = np.full(GROUPS, 50.0)
    found = without_sampling_noise(shares_seen(random, np.full(GROUPS, 0.3), count.astype(int)), count)
    assert found.std() < 0.02


def test_with_very_many_people_every_share_stays_where_it_is():
    share = np.array([0.1, 0.4, 0.6])
    np.testing.assert_allclose(without_sampling_noise(share, np.full(3, 1e9)), share, atol=1e-6)


def test_a_group_of_nobody_gets_the_mean_and_changes_no_other():
    share, count = np.array([0.2, 0.5, 0.8, 0.0]), np.array([30.0, 30.0, 30.0, 0.0])
    found = without_sampling_noise(share, count)
    np.testing.assert_allclose(found[:3], without_sampling_noise(share[:3], count[:3]))
    assert found[3] == pytest.approx(0.5)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_groups_that_all_reached_one_end_stay_there(share):
    found = without_sampling_noise(np.full(5, share), np.array([1.0, 10.0, 0.0, 3.0, 2.5]))
    np.testing.assert_array_equal(found, share)


def test_where_there_is_nobody_at_all_nothing_is_invented():
    np.testing.assert_array_equal(without_sampling_noise(np.zeros((4, 2)), np.zeros((4, 2))), np.zeros((4, 2)))


A_SHARE = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
COUNTS = arrays(float, (6, 2), elements=st.one_of(st.just(0.0), st.floats(0.5, 500)))
SHARES = arrays(float, (6, 2), elements=A_SHARE)


@settings(deadline=None)
@given(SHARES, COUNTS)
def test_shares_stay_shares_in_their_order_and_each_item_stands_alone(share, count):
    share = np.where(count > 0, share, 0.0)
    found = without_sampling_noise(share, count)
    assert ((found >= -1e-12) & (found <= 1 + 1e-12)).all()
    for item in range(2):
        np.testing.assert_allclose(without_sampling_noise(share[:, item], count[:, item]), found[:, item], atol=1e-12)
    order = np.random.default_rng(1).permutation(6)
    np.testing.assert_allclose(without_sampling_noise(share[order], count[order]), found[order], atol=1e-12)


@settings(deadline=None)
@given(arrays(float, 8, elements=A_SHARE), st.floats(1, 1000))
def test_among_groups_of_one_size_the_mean_stays_and_nobody_moves_away_from_it(share, people):
    found = without_sampling_noise(share, np.full(8, people))
    assert found.mean() == pytest.approx(share.mean(), abs=1e-9)
    assert (np.abs(found - share.mean()) <= np.abs(share - share.mean()) + 1e-9).all()


def test_the_variance_between_groups_is_met_whatever_their_sizes():
    random, found = np.random.default_rng(4), []
    for _ in range(400):
        count = random.integers(2, 30, 40)
        truth = random.normal(20, 3, 40)
        members = [random.normal(middle, 8, n) for middle, n in zip(truth, count, strict=True)]
        mean, variance = (np.array([of(each) for each in members]) for of in (np.mean, np.var))
        found.append(variance_between(mean, variance, count.astype(float)))
    # Negative estimates are cut to 0, which at this ratio of 9 to about 5 of noise hardly ever happens.
    assert np.mean(found) == pytest.approx(9.0, abs=4 * np.std(found) / np.sqrt(len(found)))


def test_the_variance_between_balanced_groups_is_that_of_the_textbook():
    groups = np.array([[4.0, 6.0, 5.0], [9.0, 11.0, 10.0], [1.0, 2.0, 3.0]])
    between = 3 * groups.mean(axis=1).var(ddof=1)  # mean square between groups, of three members each
    within = groups.var(axis=1, ddof=1).mean()
    found = variance_between(groups.mean(axis=1), groups.var(axis=1), np.full(3, 3.0))
    assert found == pytest.approx((between - within) / 3)


@pytest.mark.parametrize(
    ("mean", "variance", "count"),
    [([5.0], [2.0], [10.0]), ([5.0, 9.0], [0.0, 0.0], [1.0, 1.0]), ([5.0, 5.1], [100.0, 100.0], [3.0, 3.0])],
    ids=["one group", "one member each", "less than the noise"],
)
def test_where_nothing_can_be_told_apart_the_variance_between_is_none(mean, variance, count):
    assert variance_between(np.array(mean), np.array(variance), np.array(count)) == 0.0


def test_the_correlation_of_groups_is_found_from_few_people_in_each():
    random = np.random.default_rng(4)
    truth = random.beta(0.3 * 24, 0.7 * 24, size=(2000, 3))  # a correlation of 1 / (1 + 24)
    count = np.full(truth.shape, 20.0)
    found = intraclass_correlation(random.binomial(20, truth) / 20, count)
    np.testing.assert_allclose(found, 1 / 25, atol=0.01)
    assert intraclass_correlation(np.full((50, 1), 0.4), np.full((50, 1), 20.0)) == [0.0]


def test_a_correlation_that_is_known_keeps_few_people_from_showing_none_by_chance():
    share, count = np.array([0.4, 0.5, 0.4, 0.5]), np.full(4, 10.0)
    np.testing.assert_allclose(without_sampling_noise(share, count), 0.45)
    spread = without_sampling_noise(share, count, np.array(0.1))
    assert 0.4 < spread[0] < spread[1] < 0.5
