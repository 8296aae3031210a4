"""Sample size of ordered categories."""

import numpy as np
import pytest

from cordwise.stats.sample_size.ordinal import (
    dichotomy_total_n,
    mean_categories,
    ordinal_efficiency,
    shifted_categories,
    whitehead_total_n,
)
from cordwise.stats.sample_size.proportions import (
    pooled_n_per_arm,
    pooled_total_n,
)


def test_unequal_allocation_needs_more_patients_than_equal():
    equal, unequal = (pooled_total_n(0.2, 0.4, power=0.8, alpha=0.05, ratio=ratio) for ratio in (1.0, 3.0))
    assert equal == pytest.approx(2 * pooled_n_per_arm(0.2, 0.4, power=0.8, alpha=0.05))
    assert unequal > equal
    shares = [0.4, 0.3, 0.2, 0.1]
    assert whitehead_total_n(shares, 2.0, power=0.8, alpha=0.05, ratio=3.0) > whitehead_total_n(
        shares, 2.0, power=0.8, alpha=0.05
    )


def test_the_treated_categories_have_the_odds_ratio_at_every_cut():
    control = [0.3, 0.25, 0.3, 0.15]
    treated = shifted_categories(control, 2.5)
    better = [1 - np.cumsum(arm)[:-1] for arm in (control, treated)]
    odds = [share / (1 - share) for share in better]
    assert odds[1] / odds[0] == pytest.approx(2.5)
    assert treated.sum() == pytest.approx(1)


def test_more_categories_need_fewer_patients_than_any_dichotomy():
    control = [0.3, 0.25, 0.3, 0.15]
    mean = mean_categories(control, 2.5)
    whole = whitehead_total_n(mean, 2.5, power=0.8, alpha=0.05)
    cuts = [dichotomy_total_n(control, 2.5, first_good=cut, power=0.8, alpha=0.05) for cut in (1, 2, 3)]
    assert whole < min(cuts)
    assert 0.75 < ordinal_efficiency(mean) < 1
