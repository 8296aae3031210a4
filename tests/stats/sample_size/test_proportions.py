"""Exact power and size of two proportions."""

import pytest

from cordwise.stats.sample_size.proportions import (
    exact_power,
    exact_size,
)
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
