"""Adjusted p values against one another and against the closed test."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cordwise.stats.multiplicity.adjusted_p import benjamini_hochberg, hochberg, holm, hommel, simes
from cordwise.stats.multiplicity.closed_testing import closed_test

rows_of_p = st.integers(1, 5).flatmap(lambda count: arrays(np.float64, (3, count), elements=st.floats(0, 1)))


@given(p=rows_of_p)
@settings(max_examples=40, deadline=None)
def test_hommel_is_the_closed_test_of_simes(p):
    by_force = closed_test(lambda members: simes(p[:, list(members)]), p.shape[1])
    np.testing.assert_allclose(hommel(p), by_force, atol=1e-12)


@given(p=rows_of_p)
@settings(max_examples=40, deadline=None)
def test_adjusted_p_values_are_ordered_by_the_strength_of_their_method(p):
    plain, holms, hochbergs, hommels, discovery = p, holm(p), hochberg(p), hommel(p), benjamini_hochberg(p)

    for smaller, larger in ((plain, discovery), (discovery, hommels), (hommels, hochbergs), (hochbergs, holms)):
        assert (smaller <= larger + 1e-12).all()
    assert (holms <= 1).all()


@given(p=rows_of_p, seed=st.integers(0, 100))
@settings(max_examples=20, deadline=None)
def test_adjusted_p_values_follow_their_hypotheses(p, seed):
    order = np.random.default_rng(seed).permutation(p.shape[1])

    for adjusted in (holm, hochberg, hommel, benjamini_hochberg):
        np.testing.assert_allclose(adjusted(p[:, order]), adjusted(p)[:, order])
