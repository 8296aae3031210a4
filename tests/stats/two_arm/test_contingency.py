"""Tests of one table, against SciPy and a correlation."""

import numpy as np
import pytest
from scipy import stats

from cordwise.stats.two_arm.contingency import exact_common_odds_ratio, linear_by_linear, mcnemar


def test_the_linear_by_linear_statistic_is_a_correlation():
    table = np.array([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12]])
    rows, columns = np.repeat(np.indices(table.shape).reshape(2, -1), table.ravel(), axis=1)
    expected = np.corrcoef(rows, columns)[0, 1] * (table.sum() - 1) ** 0.5
    assert linear_by_linear(table).z == pytest.approx(expected)


@pytest.mark.parametrize("table", [[[7, 3], [2, 9]], [[12, 5], [1, 8]], [[5, 0], [2, 6]], [[0, 4], [3, 3]]])
def test_the_conditional_odds_ratio_agrees_with_scipy(table):
    expected = stats.contingency.odds_ratio(table)
    interval = expected.confidence_interval(0.95)
    found = exact_common_odds_ratio(table)
    assert (found.odds_ratio, found.low, found.high) == pytest.approx((expected.statistic, *interval), rel=1e-5)


def test_mcnemar_exact_is_the_sign_test():
    assert mcnemar([[5, 9], [2, 7]]).exact_p == pytest.approx(stats.binomtest(2, 11).pvalue)
    assert mcnemar([[5, 0], [0, 7]]).p == 1
