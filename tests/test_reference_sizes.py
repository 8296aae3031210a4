"""Every row on sample sizes and two-stage designs in the table of reference numbers, within the row's tolerance."""

import pytest
from verification.reference_numbers import sizes

from reference.number_rows import deviations, rows_of

ROWS = rows_of(sizes.METHODS)


def test_the_table_has_the_rows_that_this_family_covers():
    assert len(ROWS) >= 30


@pytest.mark.parametrize(("method", "row"), ROWS, ids=[row.name for _, row in ROWS])
def test_the_row_agrees(method, row):
    assert deviations(method, row) == {}
