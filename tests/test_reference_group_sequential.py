"""Every row on sequential and adaptive trials in the table of reference numbers, within the row's tolerance."""

import re

import numpy as np
import pytest
from verification.reference_numbers import adaptive, group_sequential

from reference.number_rows import rows_of

ROWS = rows_of((*group_sequential.METHODS, *adaptive.METHODS))
QUICK = [(method, row) for method, row in ROWS if not row.name.startswith("sim_rpact_means")]
LONG = [each for each in ROWS if each not in QUICK]
PRINTED = 5e-9  # half of the last of the eight decimals to which the table gives probabilities


def tolerances(row, key, expected):
    """Return the absolute tolerance of each expected value; a clause "on x" or "at H1" holds for what it names."""
    first, *more = (clause.strip() for clause in row.tolerance.split(";"))
    allowed = clause_value(first, expected)
    for clause in more:
        on_p = clause.endswith("on p") and re.search(r"(^|_)p|alpha", key)
        on_size = clause.endswith("on E[N]") and key.startswith("EN")
        if on_p or on_size:
            allowed = clause_value(clause, expected)
        elif clause.endswith("at H1") and key == "reject":
            allowed = np.where(np.asarray(row.inputs["delta"]) == 0, allowed, clause_value(clause, expected))
    return allowed


def clause_value(clause, expected):
    value = float(re.findall(r"\d[\d.e-]*", clause)[0])
    return value * np.abs(expected) + PRINTED if clause.startswith("rel") else np.full(expected.shape, value)


def disagreements(method, row):
    """Return the keys of a row, notes aside, whose numbers lie outside their tolerance or are missing."""
    computed, beyond = method.compute(row), {}
    for key, given in row.expected.items():
        if key == "note":
            continue
        expected, found = (np.asarray(each, dtype=np.float64) for each in (given, computed[key]))
        apart = np.where(np.isnan(expected), 0.0, np.abs(found - expected))
        if not (apart <= tolerances(row, key, np.nan_to_num(expected))).all():
            beyond[key] = (found, expected)
    return beyond


def test_the_table_has_the_rows_that_these_families_cover():
    assert len(ROWS) >= 70


@pytest.mark.parametrize(("method", "row"), QUICK, ids=[row.name for _, row in QUICK])
def test_the_row_agrees(method, row):
    assert disagreements(method, row) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("method", "row"), LONG, ids=[row.name for _, row in LONG])
def test_a_hundred_thousand_simulated_trials_agree(method, row):
    assert disagreements(method, row) == {}
