"""The exact test of a table of any size, against every table."""

import pytest
from scipy import stats

from cordwise.stats.two_arm.contingency import exact_common_odds_ratio
from cordwise.stats.two_arm.freeman_halton import fisher_freeman_halton_p
from reference.trial_rank_twins import (
    freeman_halton_of_one_table,
)


@pytest.mark.parametrize("table", [[[2, 0, 3], [1, 4, 0]], [[1, 2, 0], [0, 3, 2], [2, 0, 1]], [[0, 2], [3, 1], [1, 1]]])
def test_freeman_halton_agrees_with_every_table(table):
    assert fisher_freeman_halton_p(table) == pytest.approx(freeman_halton_of_one_table(table))


def test_freeman_halton_of_two_by_two_is_fishers_test():
    table = [[7, 3], [2, 9]]
    assert fisher_freeman_halton_p(table) == pytest.approx(stats.fisher_exact(table).pvalue)
    assert exact_common_odds_ratio(table).p == pytest.approx(stats.fisher_exact(table).pvalue)
