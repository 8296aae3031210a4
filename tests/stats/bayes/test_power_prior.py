"""Power and commensurate priors."""

import pytest

from cordwise.stats.bayes import (
    commensurate_normal,
)


def test_a_drift_that_is_wide_borrows_nothing():
    assert commensurate_normal(5, 1, drift_sd=1e6).updated(2, 1).mean == pytest.approx(2, abs=1e-6)
    assert commensurate_normal(5, 1, drift_sd=0).updated(2, 1).mean == pytest.approx(3.5)
