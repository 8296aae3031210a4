"""Dunnett's test against the multivariate normal."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from cordwise.stats.multiplicity.many_to_one import dunnett, dunnett_critical


@pytest.mark.parametrize("sizes", [(30, 30, 30, 30), (60, 30, 20, 45)])
def test_dunnett_agrees_with_the_multivariate_normal(sizes):
    arms = np.array(sizes[1:])
    shared = np.sqrt(arms / (arms + sizes[0]))
    correlation = np.outer(shared, shared)
    np.fill_diagonal(correlation, 1.0)
    critical = dunnett_critical(sizes, 0.025)

    inside = multivariate_normal.cdf(np.full(len(arms), critical), cov=correlation, abseps=1e-6, rng=1)
    assert 1 - inside == pytest.approx(0.025, abs=2e-5)
    np.testing.assert_allclose(dunnett(np.full((1, len(arms)), critical), sizes), 0.025, rtol=1e-8)


def test_one_arm_needs_no_adjustment():
    assert dunnett_critical((20, 35), 0.025) == pytest.approx(1.959964, abs=1e-6)
