"""Intervals of a proportion against SciPy."""

import numpy as np
import pytest
from scipy import stats

from cordwise.stats.two_arm.intervals import clopper_pearson_interval, jeffreys_interval, wilson_interval


@pytest.mark.parametrize("ones", [0, 1, 7, 20])
def test_intervals_of_a_share_agree_with_scipy(ones):
    for interval, method in ((clopper_pearson_interval, "exact"), (wilson_interval, "wilson")):
        expected = stats.binomtest(ones, 20).proportion_ci(0.9, method)
        assert interval(np.array(ones), np.array(20), alpha=0.1) == pytest.approx(tuple(expected), abs=1e-12)
    expected = stats.beta.ppf([0.05, 0.95], ones + 0.5, 20 - ones + 0.5)
    assert jeffreys_interval(np.array(ones), np.array(20), alpha=0.1) == pytest.approx(tuple(expected))
