"""Every row on proportions in the table of reference numbers, within the row's own tolerance."""

import numpy as np
import pytest
from scipy import stats
from verification.reference_numbers import proportions

from reference.number_rows import deviations, rows_of

ROWS = rows_of(proportions.METHODS)
COARSE_LIMITS = {"fisher_tea", "fisher_sci_12of13_vs_5of13", "fisher_9_1_4_6"}  # upper limits found coarsely in R
ROOT_TOLERANCE = np.finfo(float).eps ** 0.25  # of R's uniroot, which searches the reciprocal of a large odds ratio


def test_the_table_has_the_rows_that_this_family_covers():
    assert len(ROWS) >= 16


@pytest.mark.parametrize(("method", "row"), ROWS, ids=[row.name for _, row in ROWS])
def test_the_row_agrees_with_r(method, row):
    beyond = deviations(method, row)
    assert set(beyond) == ({"ci"} if row.name in COARSE_LIMITS else set())


@pytest.mark.parametrize("name", sorted(COARSE_LIMITS))
def test_where_limits_part_from_rs_the_difference_is_within_its_root_search_and_ours_meet_the_definition(name):
    method, row = next((method, row) for method, row in ROWS if row.name == name)
    low, high = method.compute(row)["ci"]
    expected = [float(limit) for limit in row.expected["ci"]]
    assert [1 / low, 1 / high] == pytest.approx([1 / limit for limit in expected], abs=ROOT_TOLERANCE, rel=1e-3)
    (a, b), (c, d) = row.inputs["table"]
    margins = a + b + c + d, a + c, a + b
    assert stats.nchypergeom_fisher.sf(a - 1, *margins, low) == pytest.approx(0.025, rel=1e-6)
    assert stats.nchypergeom_fisher.cdf(a, *margins, high) == pytest.approx(0.025, rel=1e-6)
