"""The predictive probability of success."""

import pytest

from cordwise.base.errors import InputError
from cordwise.stats.bayes import (
    beta,
    predictive_success,
)


def test_the_predictive_chance_at_the_end_of_a_trial_is_certain():
    for successes, certain in ((40, 1.0), (2, 0.0)):
        chance = predictive_success(
            beta(1, 1), successes=successes, patients=40, total=40, reference=0.6, threshold=0.9
        )
        assert chance == certain
    with pytest.raises(InputError, match="successes <= patients"):
        predictive_success(beta(1, 1), successes=9, patients=8, total=10, reference=0.5, threshold=0.9)
