"""Cost and the frontier: which designs no other beats, and the cheapest that surely reaches the power."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.stats.nested_means import Nesting, nested_rate
from cordwise.stats.two_arm.intervals import wilson_interval
from cordwise.trial.search.cost import CostModel
from cordwise.trial.search.frontier import Candidate, cheapest, frontier

CAP = 0.12


def test_cost_adds_patients_months_and_sites():
    model = CostModel(per_patient=10.0, per_month=3.0, per_site=100.0)
    year = np.array([365.25])
    assert model.of(np.array([50]), year, sites=4) == pytest.approx(500 + 36 + 400)


def _rate(count, replicates=100):
    """Return a rate in one parameter set, which has the error of independent replicates."""
    return nested_rate(np.arange(replicates) < count, Nesting(*np.zeros((2, replicates), int), 1))


def _candidate(cost, found, rejected):
    return Candidate(float(cost), _rate(found), _rate(rejected), 100)


points = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 100), st.integers(0, 20)),
    min_size=1,
    max_size=25,
).map(lambda rows: [_candidate(*row) for row in rows])


@settings(max_examples=60, deadline=None)
@given(points)
def test_nothing_on_the_frontier_is_beaten_and_everything_off_it_is(candidates):
    front = frontier(candidates, most_null_rate=CAP)
    keeping = [each for each in candidates if each.null_rate_high95 <= CAP]

    def beats(one, other):
        return one.cost <= other.cost and one.power >= other.power

    for place in front:
        assert all(
            (one.cost, one.power) == (candidates[place].cost, candidates[place].power)
            for one in keeping
            if beats(one, candidates[place])
        )
    assert all(any(beats(candidates[place], each) for place in front) for each in keeping)


@settings(max_examples=60, deadline=None)
@given(points, st.floats(0.5, 0.95))
def test_the_cheapest_feasible_design_is_on_the_frontier(candidates, power):
    chosen = cheapest(candidates, power=power, most_null_rate=CAP)
    costs = [each.cost for each in candidates if each.null_rate_high95 <= CAP and each.power_low95 >= power]
    assert (chosen is None) == (not costs)
    if chosen is not None:
        assert chosen in frontier(candidates, most_null_rate=CAP)
        assert candidates[chosen].cost == min(costs)


def test_a_power_that_only_chance_may_have_reached_is_not_reached():
    lucky, sure = _candidate(1, 81, 2), _candidate(2, 95, 2)
    assert cheapest([lucky, sure], power=0.8, most_null_rate=CAP) == 1


def test_a_rate_with_the_error_of_independent_replicates_has_wilson_s_interval():
    low, high = wilson_interval(np.asarray(81.0), np.asarray(100.0), alpha=0.05)
    found = Candidate(1.0, _rate(81), _rate(81), 100)
    assert found.power_low95 == pytest.approx(float(low), abs=2e-3)
    assert found.null_rate_high95 == pytest.approx(float(high), abs=2e-3)


def test_people_who_differ_make_a_power_less_sure():
    random, place = np.random.default_rng(1), np.arange(400)
    nesting = Nesting(place % 20, place // 20 % 2, 20)
    chance = np.clip(0.8 + 0.15 * random.standard_normal((20, 2)), 0, 1)
    clustered = nested_rate(random.random(400) < chance[nesting.set_place, nesting.group], nesting)
    alone = nested_rate(np.arange(400) < round(400 * clustered.value), Nesting(*np.zeros((2, 400), int), 1))
    assert clustered.bank > 0
    assert Candidate(1, clustered, clustered, 400).power_low95 < Candidate(1, alone, alone, 400).power_low95
