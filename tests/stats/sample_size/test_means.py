"""Power and sample size of two means, and what holds for every formula without an effect."""

import pytest
from scipy import stats

from cordwise.stats.sample_size.means import (
    ancova_multiplier,
    inflated_for_dropout,
    t_test_n_per_arm,
    t_test_power,
    z_test_n_per_arm,
)
from cordwise.stats.sample_size.ordinal import (
    whitehead_total_n,
)
from cordwise.stats.sample_size.proportions import (
    arcsine_n_per_arm,
    corrected_n_per_arm,
    pooled_n_per_arm,
)
from cordwise.stats.sample_size.survival import schoenfeld_events


@pytest.mark.parametrize("covariates", [0, 1])
def test_the_sample_size_of_the_t_test_gives_its_power(covariates):
    n = t_test_n_per_arm(3.0, 7.0, power=0.85, alpha=0.05, covariates=covariates)
    assert t_test_power(3.0, 7.0, counts=(n, n), alpha=0.05, covariates=covariates) == pytest.approx(0.85)
    assert n > z_test_n_per_arm(3.0, 7.0, power=0.85, alpha=0.05)


def test_the_power_of_the_t_test_agrees_with_the_noncentral_t_of_scipy():
    shift, limit = 2.0 / (5 * (1 / 20 + 1 / 30) ** 0.5), stats.t.ppf(0.975, 48)
    expected = stats.nct.sf(limit, 48, shift) + stats.nct.cdf(-limit, 48, shift)
    assert t_test_power(-2.0, 5.0, counts=(20.0, 30.0), alpha=0.05) == pytest.approx(expected, rel=1e-9)


def test_power_without_a_difference_is_alpha_and_no_number_of_patients_is_enough():
    assert t_test_power(0.0, 3.0, counts=(60.0, 60.0), alpha=0.05) == pytest.approx(0.05)
    assert t_test_n_per_arm(0.0, 3.0, power=0.8, alpha=0.05) == float("inf")
    for sized in (pooled_n_per_arm, corrected_n_per_arm, arcsine_n_per_arm):
        assert sized(0.3, 0.3, power=0.8, alpha=0.05) == float("inf")
    assert whitehead_total_n([0.5, 0.5], 1.0, power=0.8, alpha=0.05) == float("inf")
    assert schoenfeld_events(1.0, power=0.8, alpha=0.05) == float("inf")


def test_the_covariate_saves_the_share_of_variance_it_explains():
    assert ancova_multiplier(0.7) == pytest.approx(0.51)
    assert inflated_for_dropout(100.0, 0.2) == 125
    assert inflated_for_dropout(100.0, 0.1) == 112
