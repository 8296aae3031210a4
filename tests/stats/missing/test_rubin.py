"""Rubin's rules."""

import numpy as np
import pytest

from cordwise.stats.missing import (
    pool_estimates,
)


def test_pooling_adds_the_variance_between_imputations():
    estimates, variances = np.array([[1.0], [2.0], [4.0]]), np.array([[0.5], [0.7], [0.9]])
    pooled = pool_estimates(estimates, variances, 50.0)
    between = estimates.var(ddof=1)
    assert pooled.estimate == pytest.approx(estimates.mean())
    assert pooled.variance == pytest.approx(0.7 + 4 / 3 * between)
    share = 4 / 3 * between / (0.7 + 4 / 3 * between)
    assert pooled.df == pytest.approx(1 / (share**2 / 2 + 53 / (51 * 50 * (1 - share))))
