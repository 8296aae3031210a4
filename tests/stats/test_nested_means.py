"""Means over sets, groups and replicates: every part of the error is what made-up data of known parts have."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.stats.nested_means import Nesting, nested_mean, nested_rate, over_sets, variance_parts

SETS, BETWEEN_SETS, BETWEEN_GROUPS, WITHIN = 60, 0.5, 0.4, 1.0  # standard deviations
STUDIES = 400


def _nesting(replicates, sets=SETS, groups=2, seed=0):
    """Return replicates that take the sets in turn and in every further round the next group."""
    order, place = np.random.default_rng(seed).permutation(sets), np.arange(replicates)
    return Nesting(order[place % sets], place // sets % groups, sets)


def _study(random, nesting, sets=None):
    sets = random.normal(0, BETWEEN_SETS, nesting.sets) if sets is None else sets
    groups = random.normal(0, BETWEEN_GROUPS, (nesting.sets, 2))
    noise = random.normal(0, WITHIN, len(nesting))
    return 2.0 + sets[nesting.set_place] + groups[nesting.set_place, nesting.group] + noise


def _assert_mean(values, expected):
    values = np.asarray(values)
    assert abs(values.mean() - expected) < 4 * values.std(ddof=1) / np.sqrt(len(values))


@pytest.mark.parametrize("replicates", [600, 330, 201], ids=["balanced", "uneven rounds", "a few of a fourth round"])
def test_each_variance_is_estimated_without_bias(replicates):
    random, nesting = np.random.default_rng(1), _nesting(replicates)
    found = [variance_parts(_study(random, nesting), nesting) for _ in range(STUDIES)]
    _assert_mean([each.replicate for each in found], WITHIN**2)
    _assert_mean([each.group for each in found], BETWEEN_GROUPS**2)
    _assert_mean([each.between_sets for each in found], BETWEEN_SETS**2)


@pytest.mark.parametrize("replicates", [600, 330, 120])
def test_the_error_given_the_sets_is_that_of_further_studies_in_the_same_sets(replicates):
    random, nesting = np.random.default_rng(2), _nesting(replicates)
    sets = random.normal(0, BETWEEN_SETS, SETS)
    found = [nested_mean(_study(random, nesting, sets), nesting) for _ in range(STUDIES)]
    away = np.array([(each.value - 2 - sets.mean()) / each.mcse for each in found])
    assert np.abs(away.mean()) < 4 / np.sqrt(STUDIES)
    assert away.std() == pytest.approx(1, abs=0.15)
    covered = (np.abs(away) < 1.96).mean()
    assert abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / STUDIES) + 0.01


def test_more_replicates_leave_the_error_of_the_people():
    few, many = (nested_mean(_study(np.random.default_rng(3), each), each) for each in map(_nesting, (600, 60_000)))
    assert many.replicates < few.replicates / 5
    assert many.bank == pytest.approx(BETWEEN_GROUPS / np.sqrt(2 * SETS), rel=0.2)


def test_sets_that_no_replicate_has_reached_are_part_of_the_simulation_s_error():
    random, nesting = np.random.default_rng(4), _nesting(30)
    values = [_study(random, nesting) for _ in range(STUDIES)]
    found = [nested_mean(each, nesting) for each in values]
    _assert_mean([each.mcse**2 for each in found], (WITHIN**2 + BETWEEN_GROUPS**2 + BETWEEN_SETS**2) / 30)
    assert all(np.isnan(each.parameters) and np.isnan(each.total_error) for each in found)


def test_sets_left_out_count_by_how_far_sets_differ():
    random = np.random.default_rng(5)
    part = _nesting(40 * 6, sets=40)
    more_sets = Nesting(part.set_place, part.group, 80)
    values = _study(random, part)
    all_of_them, half = nested_mean(values, part), nested_mean(values, more_sets)
    assert half.parameters == all_of_them.parameters
    assert half.replicates**2 == pytest.approx(all_of_them.replicates**2 + all_of_them.parameters**2 / 80)


def test_the_range_over_sets_is_theirs_without_the_noise_within_them():
    random, nesting = np.random.default_rng(6), _nesting(8000, sets=400)
    sets = random.normal(0, BETWEEN_SETS, 400)
    found = nested_mean(_study(random, nesting, sets), nesting)
    low, high = np.quantile(2 + sets, [0.025, 0.975])
    assert found.sets_low95 == pytest.approx(low, abs=0.2)
    assert found.sets_high95 == pytest.approx(high, abs=0.2)
    assert np.quantile(found.by_set, 0.975) > found.sets_high95
    assert found.without_noise.std(ddof=1) == pytest.approx(found.parameters, rel=0.01)


def test_the_interval_is_the_range_widened_by_the_other_errors():
    nesting = _nesting(600)
    found = nested_mean(_study(np.random.default_rng(7), nesting), nesting)
    low, high = found.interval95
    assert low < found.sets_low95 < found.value < found.sets_high95 < high
    assert high - found.value == pytest.approx(np.hypot(found.sets_high95 - found.value, 1.96 * found.mcse), rel=1e-4)
    assert found.total_error**2 == pytest.approx(found.replicates**2 + found.bank**2 + found.parameters**2)


def test_a_rate_that_does_not_differ_between_sets_has_its_binomial_error():
    nesting = _nesting(6000)
    found = nested_rate(np.random.default_rng(8).random(6000) < 0.3, nesting)
    assert found.mcse == pytest.approx(np.sqrt(0.3 * 0.7 / 6000), rel=0.3)
    assert found.parameters < 0.05
    assert 0 <= found.interval95[0] < 0.3 < found.interval95[1] <= 1


def test_a_power_that_differs_between_sets_shows_by_how_much():
    random, nesting = np.random.default_rng(9), _nesting(4000, sets=200)
    chance = random.beta(16, 4, 200)
    found = nested_rate(random.random(4000) < chance[nesting.set_place], nesting)
    assert abs(found.value - chance.mean()) < 4 * found.mcse
    assert found.parameters == pytest.approx(chance.std(), rel=0.25)
    assert found.sets_low95 == pytest.approx(np.quantile(chance, 0.025), abs=0.06)


def test_without_a_second_group_people_and_parameters_are_each_all_that_is_left():
    nesting = _nesting(300, groups=1)
    found = nested_mean(_study(np.random.default_rng(10), nesting), nesting)
    assert found.bank == pytest.approx(found.parameters / np.sqrt(SETS))
    assert found.bank > 0


def test_replicates_without_a_value_do_not_count():
    nesting = _nesting(600)
    values = _study(np.random.default_rng(11), nesting)
    values[::7] = np.nan
    kept = np.isfinite(values)
    found = nested_mean(values, nesting)
    again = nested_mean(values[kept], Nesting(nesting.set_place[kept], nesting.group[kept], SETS))
    assert (found.value, found.mcse, found.parameters) == (again.value, again.mcse, again.parameters)
    nothing = nested_mean(np.full(600, np.nan), nesting)
    assert np.isnan([nothing.value, nothing.mcse, nothing.total_error]).all()


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 200), st.integers(1, 20), st.integers(1, 3), st.integers(0, 9))
def test_any_number_of_replicates_sets_and_groups_gives_a_mean_and_errors_that_are_not_negative(
    replicates, sets, groups, seed
):
    nesting = _nesting(replicates, sets, groups, seed)
    values = np.random.default_rng(seed).normal(size=replicates)
    found = nested_mean(values, nesting)
    assert values.min() <= found.value <= values.max()
    assert replicates == 1 or min(found.replicates, found.bank) >= 0
    shifted = nested_mean(values + 5, nesting)
    assert shifted.value == pytest.approx(found.value + 5)


def test_a_smooth_function_of_the_set_s_value_has_its_error_by_the_slope():
    nesting = _nesting(6000, sets=200)
    found = nested_mean(_study(np.random.default_rng(12), nesting), nesting)
    doubled = over_sets(found, 2 * found.without_noise, 2.0)
    assert doubled.value == pytest.approx(2 * found.value)
    assert (doubled.replicates, doubled.bank) == (2 * found.replicates, 2 * found.bank)
    assert doubled.parameters == pytest.approx(2 * found.parameters, rel=0.01)


def test_a_deviation_between_sets_below_the_resolution_is_often_taken_for_none_and_one_above_seldom():
    random, nesting = np.random.default_rng(13), _nesting(600)
    resolution = nested_mean(_study(random, nesting, np.zeros(SETS)), nesting).resolution
    shares = []
    for deviation in (resolution / 4, 2 * resolution):
        sets = [random.normal(0, deviation, SETS) for _ in range(100)]
        shares.append(np.mean([nested_mean(_study(random, nesting, each), nesting).parameters == 0 for each in sets]))
    assert shares[0] > 0.25
    assert shares[1] < 0.02


def _in_pairs(random, pairs, common, own, replicates=8):
    """Return values of sets whose means share a part with that of the other set of their pair."""
    sets = 2 * pairs
    parent, order = np.repeat(np.arange(pairs), 2), np.arange(sets * replicates)
    nesting = Nesting(order % sets, order // sets % 2, sets, parent)
    means = common * np.repeat(random.standard_normal(pairs), 2) + own * random.standard_normal(sets)
    return means[nesting.set_place] + 0.5 * random.standard_normal(len(nesting)), nesting


@pytest.mark.parametrize(("common", "own"), [(1.0, 0.0), (1.0, 0.7), (0.4, 1.0), (0.0, 1.0)])
def test_pairs_of_sets_tell_what_they_have_in_common(common, own):
    random = np.random.default_rng(11)
    found = [nested_mean(*_in_pairs(random, 150, common, own)) for _ in range(60)]
    shared = np.array([each.common**2 for each in found])
    error = 4 * shared.std(ddof=1) / np.sqrt(len(shared)) + 0.02
    bias = 0.05 if common == 0 else 0.0  # what is shared by chance is cut off below nothing
    assert abs(shared.mean() - common**2) < error + bias
    assert all(each.common <= each.parameters + 1e-12 for each in found)


def test_pairs_need_not_stand_side_by_side():
    values, nesting = _in_pairs(np.random.default_rng(12), 60, 1.0, 0.5)
    order = np.random.default_rng(1).permutation(nesting.sets)
    place = np.argsort(order)[nesting.set_place]
    other = Nesting(place, nesting.group, nesting.sets, nesting.parent[order])
    assert nested_mean(values, other).common == pytest.approx(nested_mean(values, nesting).common)


def test_without_parents_or_pairs_nothing_is_known_to_be_in_common():
    values, nesting = _in_pairs(np.random.default_rng(13), 30, 1.0, 0.5)
    for parent in (None, np.arange(nesting.sets)):
        alone = Nesting(nesting.set_place, nesting.group, nesting.sets, parent)
        found = nested_mean(values, alone)
        assert np.isnan(found.common)
        assert found.parameters > 0


def test_a_function_of_the_sets_keeps_the_share_that_they_have_in_common():
    found = nested_mean(*_in_pairs(np.random.default_rng(14), 100, 1.0, 0.5))
    doubled = over_sets(found, 2 * found.without_noise, 2.0)
    assert doubled.common / doubled.parameters == pytest.approx(found.common / found.parameters)
