"""Every ordinal row of the table of reference numbers, within the row's own tolerance."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from verification.reference_numbers import ordinal
from verification.reference_numbers.family import Row

TABLE = Path(ordinal.__file__).parent / "reference_numbers.csv"


def rows():
    with TABLE.open() as file:
        for line in csv.DictReader(file):
            method = next((each for each in ordinal.METHODS if each.names.fullmatch(line["id"])), None)
            if method:
                given = json.loads(line["inputs"]), json.loads(line["expected"])
                yield method, Row(line["id"], line["method"], *given, line["tolerance"], line["source"])


CASES = list(rows())


def test_the_table_has_the_rows_that_this_family_covers():
    assert len(CASES) >= 3


@pytest.mark.parametrize(("method", "row"), CASES, ids=[row.name for _, row in CASES])
def test_the_row_agrees_with_r(method, row):
    found = method.compute(row)
    tolerance = float(re.fullmatch(r"abs (\S+)", row.tolerance)[1])
    assert row.expected.keys() <= found.keys()
    for key, expected in row.expected.items():
        np.testing.assert_allclose(found[key], expected, rtol=0, atol=tolerance, err_msg=key)
