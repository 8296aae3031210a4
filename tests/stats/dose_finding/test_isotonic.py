"""Rates made to rise with dose, against pooled violators."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.stats.dose_finding.isotonic import isotonic_rates
from reference import escalation_plain


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 9)), min_size=1, max_size=7))
@settings(max_examples=40, deadline=None)
def test_rising_rates_are_those_of_pooled_violators(pairs):
    rates, weights = (np.array([column]) for column in zip(*pairs, strict=True))
    plain = escalation_plain.pool_adjacent(rates[0].tolist(), weights[0].tolist())
    np.testing.assert_allclose(isotonic_rates(rates, weights, np.ones_like(rates, bool))[0], plain, atol=1e-9)


def test_an_unused_dose_has_no_rate_and_does_not_disturb_the_others():
    rates, weights = np.array([[0.4, 0.9, 0.2]]), np.ones((1, 3))
    found = isotonic_rates(rates, weights, np.array([[True, False, True]]))[0]
    assert np.isnan(found[1])
    np.testing.assert_allclose(found[[0, 2]], 0.3)
