"""Every row on ranks, wins and one data set's covariance in the table of reference numbers, within its tolerance."""

import pytest
from verification.reference_numbers import ranks
from verification.reference_numbers.family import Row

from reference.number_rows import deviations, rows_of

ROWS = rows_of(ranks.METHODS)


def test_the_table_has_the_rows_that_this_family_covers():
    assert len(ROWS) >= 7


@pytest.mark.parametrize(("method", "row"), ROWS, ids=[row.name for _, row in ROWS])
def test_the_row_agrees_with_r(method, row):
    assert deviations(method, row) == {}


def test_the_trend_of_job_satisfaction_with_income_is_that_of_the_literature():
    """Agresti 2002, section 7.5.3: generalised CMH correlation statistic 6.1563, P = 0.01, with these scores."""
    inputs = {"data": "job_satisfaction", "row_scores": [3, 10, 20, 35], "column_scores": [1, 3, 4, 5]}
    method = next(each for each in ranks.METHODS if each.names.fullmatch("lbl_job_satisfaction"))
    found = method.compute(Row("lbl_job_satisfaction", "", inputs, {}, "", ""))
    assert found["M2"] == pytest.approx(6.1563, abs=5e-5)
