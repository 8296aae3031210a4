"""Normal mixtures against the RBesT vignette."""

import pytest

from cordwise.stats.bayes import (
    NormalMixture,
    normal,
    probability_mean_greater,
    robustify_normal,
)

CROHN = NormalMixture(
    (0.50104846, 0.41871594, 0.08023561),
    (-51.42408665, -47.25917128, -55.07086416),
    (19.04525409, 7.85193726, 44.57325000),
)


def test_the_final_analysis_of_the_rbest_vignette_is_reproduced():
    """RBesT, "for a normal endpoint": P(active - placebo <= 0) = 0.06270104 and P(... <= -50) = 3.827361e-06."""
    placebo = robustify_normal(CROHN, weight=0.2, mean=-50, sd=88).updated(-63.1, 13.9)
    active = normal(-50, 88).updated(-29.2, 14.0)
    assert 1 - probability_mean_greater(active, placebo) == pytest.approx(0.06270104, abs=1e-7)
    assert 1 - probability_mean_greater(active, placebo, margin=-50) == pytest.approx(3.827361e-06, rel=1e-4)
