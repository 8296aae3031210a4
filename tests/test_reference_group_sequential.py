import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from verification.reference_numbers import adaptive, group_sequential
from verification.reference_numbers.family import Method, Row

METHODS = (*group_sequential.METHODS, *adaptive.METHODS)
TABLE = Path(group_sequential.__file__).parent / "reference_numbers.csv"
LONG = "sim_rpact_means"
PRINTED = 5e-9  # half of the last of the eight decimals to which the table gives probabilities


def method_of(name: str) -> Method | None:
    return next((method for method in METHODS if method.names.fullmatch(name)), None)


def rows() -> list[Row]:
    with TABLE.open() as file:
        lines = list(csv.DictReader(file))
    return [
        Row(
            line["id"],
            line["method"],
            json.loads(line["inputs"]),
            json.loads(line["expected"]),
            line["tolerance"],
            line["source"],
        )
        for line in lines
        if method_of(line["id"])
    ]


def tolerances(row: Row, key: str, expected: np.ndarray) -> np.ndarray:
    """Return the absolute tolerance of each expected value; a clause "on x" or "at H1" holds for what it names."""
    first, *more = (clause.strip() for clause in row.tolerance.split(";"))
    allowed = clause_value(first, expected)
    for clause in more:
        on_p = clause.endswith("on p") and re.search(r"(^|_)p|alpha", key)
        on_size = clause.endswith("on E[N]") and key.startswith("EN")
        if on_p or on_size:
            allowed = clause_value(clause, expected)
        elif clause.endswith("at H1") and key == "reject":
            allowed[np.asarray(row.inputs["delta"]) != 0] = clause_value(clause, expected)[0]
    return allowed


def clause_value(clause: str, expected: np.ndarray) -> np.ndarray:
    value = float(re.search(r"\d[\d.e-]*", clause).group())
    return value * np.abs(expected) + PRINTED if clause.startswith("rel") else np.full(expected.shape, value)


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row.name, marks=[pytest.mark.slow] * row.name.startswith(LONG)) for row in rows()]
)
def test_the_answers_computed_elsewhere_are_reproduced(row):
    computed = method_of(row.name).compute(row)
    compared = [key for key in row.expected if key in computed]
    assert compared
    for key in compared:
        expected, found = (np.asarray(each[key], dtype=np.float64) for each in (row.expected, computed))
        assert found.shape == expected.shape, key
        apart = np.abs(found - expected)
        known = ~np.isnan(expected)
        assert (apart[known] <= tolerances(row, key, np.atleast_1d(expected)).reshape(expected.shape)[known]).all(), (
            f"{key}: {found} expected {expected}"
        )


def test_only_notes_are_left_out_of_the_comparison():
    simple = [row for row in rows() if not row.name.startswith("sim_")]
    left_out = {key for row in simple for key in row.expected if key not in method_of(row.name).compute(row)}

    assert left_out == {"note"}
