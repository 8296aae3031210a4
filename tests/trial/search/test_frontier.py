"""Cost and the frontier: which designs no other beats, and the cheapest that surely reaches the power."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.trial.search.cost import CostModel
from cordwise.trial.search.frontier import Candidate, cheapest, frontier

CAP = 0.12


def test_cost_adds_patients_months_and_sites():
    model = CostModel(per_patient=10.0, per_month=3.0, per_site=100.0)
    year = np.array([365.25])
    assert model.of(np.array([50]), year, sites=4) == pytest.approx(500 + 36 + 400)


points = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 100), st.integers(0, 20)),
    min_size=1,
    max_size=25,
).map(lambda rows: [Candidate(float(cost), found, rejected, 100) for cost, found, rejected in rows])


@settings(max_examples=60, deadline=None)
@given(points)
def test_nothing_on_the_frontier_is_beaten_and_everything_off_it_is(candidates):
    front = frontier(candidates, most_null_rate=CAP)
    keeping = [each for each in candidates if each.null_rate_high95 <= CAP]

    def beats(one, other):
        return one.cost <= other.cost and one.found >= other.found

    for place in front:
        assert all(
            (one.cost, one.found) == (candidates[place].cost, candidates[place].found)
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
    lucky, sure = Candidate(1.0, 81, 2, 100), Candidate(2.0, 95, 2, 100)
    assert cheapest([lucky, sure], power=0.8, most_null_rate=CAP) == 1
