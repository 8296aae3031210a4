"""Fisher's and Boschloo's tests of every table, against SciPy and a plain maximum."""

import pytest
from scipy import stats

from cordwise.stats.two_arm.exact_proportions import boschloo_p_table, fisher_p_table
from reference.trial_analyses import boschloo_of_one_table


def test_the_fisher_table_agrees_with_scipy():
    table = fisher_p_table(7, 11)
    for control in range(8):
        for treated in range(12):
            expected = stats.fisher_exact([[control, 7 - control], [treated, 11 - treated]]).pvalue
            assert table[control, treated] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("sizes", [(4, 4), (6, 9)])
def test_boschloo_agrees_with_the_plain_maximum_and_never_exceeds_fisher(sizes):
    table = boschloo_p_table(*sizes)
    assert (table <= fisher_p_table(*sizes) + 1e-12).all()
    for control, treated in ((0, 3), (1, 4), (3, 3), (4, 1)):
        expected = boschloo_of_one_table(control, sizes[0], treated, sizes[1])
        assert table[control, treated] == pytest.approx(expected, rel=1e-3)


def test_boschloo_of_equal_arms_is_not_above_scipys_doubled_one_sided_test():
    table = boschloo_p_table(8, 8)
    for control, treated in ((1, 5), (2, 7), (0, 4)):
        counts = [[treated, control], [8 - treated, 8 - control]]
        assert table[control, treated] <= stats.boschloo_exact(counts, n=64).pvalue * (1 + 1e-3)
