"""The chance that one proportion exceeds another, against the finite sum."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.stats.bayes import (
    beta,
    probability_greater,
)
from reference import bayes_plain

counts = st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
@settings(max_examples=40, deadline=None)
def test_the_chance_of_being_better_is_the_finite_sum(treated, control):
    (x1, n1), (x0, n0) = treated, control
    exact = bayes_plain.probability_greater(1 + x1, 1 + n1 - x1, 1 + x0, 1 + n0 - x0)
    found = probability_greater(beta(1 + x1, 1 + n1 - x1), beta(1 + x0, 1 + n0 - x0))
    assert found == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize("shape", [0.5, 3, 1e4])
def test_two_arms_alike_are_each_better_half_the_time(shape):
    assert probability_greater(beta(shape, 2 * shape), beta(shape, 2 * shape)) == pytest.approx(0.5, abs=1e-6)
