"""Power and sample-size formulas against enumeration, R, published designs and each other."""

import numpy as np
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
    dichotomy_total_n,
    mean_categories,
    ordinal_efficiency,
    shifted_categories,
    whitehead_total_n,
)
from cordwise.stats.sample_size.proportions import (
    arcsine_n_per_arm,
    corrected_n_per_arm,
    exact_power,
    exact_size,
    pooled_n_per_arm,
    pooled_total_n,
)
from cordwise.stats.sample_size.survival import schoenfeld_events
from cordwise.stats.single_arm.design import simon_designs, single_stage, upper_tail
from reference.trial_analyses import exact_fisher_power

TESTS = ("n_minus_1_chi_square", "chi_square", "fisher_exact", "boschloo", "z_unpooled")


def test_exact_power_agrees_with_every_table_of_a_small_trial():
    expected = exact_fisher_power(9, 0.2, 0.7, 0.05)
    assert exact_power(0.2, 0.7, counts=(9, 9), alpha=0.05, test="fisher_exact") == pytest.approx(expected)


@pytest.mark.parametrize("counts", [(10, 10), (12, 7), (30, 30)])
def test_exact_tests_never_exceed_their_level_and_boschloo_is_the_more_powerful(counts):
    sizes = {test: exact_size(counts=counts, alpha=0.05, test=test) for test in TESTS}
    assert sizes["fisher_exact"] < sizes["boschloo"] <= 0.05 * (1 + 1e-4)
    assert sizes["z_unpooled"] > 0.05
    powers = [exact_power(0.2, 0.7, counts=counts, alpha=0.05, test=test) for test in ("fisher_exact", "boschloo")]
    assert powers[0] <= powers[1]


def test_a_sure_difference_is_always_found():
    assert exact_power(0.0, 1.0, counts=(8, 8), alpha=0.05, test="boschloo") == pytest.approx(1.0)


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


def test_the_covariate_saves_the_share_of_variance_it_explains():
    assert ancova_multiplier(0.7) == pytest.approx(0.51)
    assert inflated_for_dropout(100.0, 0.2) == 125
    assert inflated_for_dropout(100.0, 0.1) == 112


@pytest.mark.parametrize(
    ("rates", "optimal", "minimax"),  # Simon 1989, alpha 0.05, power 0.9
    [
        ((0.1, 0.3), (2, 18, 6, 35), (2, 22, 6, 33)),
        ((0.2, 0.4), (4, 19, 15, 54), (5, 24, 13, 45)),
        ((0.3, 0.5), (8, 24, 24, 63), (7, 24, 21, 53)),
    ],
)
def test_simon_designs_are_the_published_ones(rates, optimal, minimax):
    found = simon_designs(*rates, alpha=0.05, power=0.9)
    for design, expected in zip(found, (optimal, minimax), strict=True):
        numbers = (design.first_most_failing, design.first_n, design.most_failing, design.n)
        assert numbers == expected


def test_the_two_stage_chances_agree_with_enumeration():
    design = simon_designs(0.2, 0.5, alpha=0.1, power=0.8)[0]
    for share, expected in ((0.2, design.alpha), (0.5, design.power)):
        chance = sum(
            stats.binom.pmf(x, design.first_n, share)
            * stats.binom.sf(design.most_failing - x, design.n - design.first_n, share)
            for x in range(design.first_most_failing + 1, design.first_n + 1)
        )
        assert chance == pytest.approx(expected)


def test_the_single_stage_design_is_the_smallest_that_meets_both_errors():
    design = single_stage(0.2, 0.4, alpha=0.05, power=0.8)
    assert (upper_tail(design.most_failing + 1, design.n, 0.2), upper_tail(design.most_failing + 1, design.n, 0.4)) == (
        pytest.approx(design.alpha),
        pytest.approx(design.power),
    )
    for n in range(2, design.n):
        limit = next(r for r in range(n + 1) if stats.binom.sf(r, n, 0.2) <= 0.05)
        assert stats.binom.sf(limit, n, 0.4) < 0.8


def test_a_target_that_nothing_reaches_has_no_design():
    assert simon_designs(0.4, 0.4001, alpha=0.01, power=0.99) is None
