"""Rows of the table of reference numbers, and how far from each of its numbers an answer may lie."""

import csv
import json
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
from verification import reference_numbers
from verification.reference_numbers.family import Row

TABLE = Path(reference_numbers.__file__).parent / "reference_numbers.csv"


def rows_of(methods):
    """Return (method, row) for every row that the methods compute."""
    found = []
    with TABLE.open() as file:
        for line in csv.DictReader(file):
            method = next((each for each in methods if each.names.fullmatch(line["id"])), None)
            if method and not method.skipped:
                given = json.loads(line["inputs"]), json.loads(line["expected"], parse_float=Decimal)
                found.append((method, Row(line["id"], line["method"], *given, line["tolerance"], line["source"])))
    return found


def deviations(method, row):
    """Return for every expected key by how much the answer exceeds its tolerance; none where it agrees."""
    found, beyond = method.compute(row), {}
    for key, expected in row.expected.items():
        allowed = _allowed(row.tolerance, key, expected)
        apart = np.abs(np.asarray(found[key], float) - np.asarray(expected, float))
        if not (apart <= allowed).all():
            beyond[key] = apart
    return beyond


def _allowed(tolerance, key, expected):
    """Return the tolerance of each number: the clause for its key, whole numbers exact if so said, and the printing."""
    clauses = [clause.strip() for clause in tolerance.split(";")]
    numbers = np.asarray(expected, dtype=object)
    values = numbers.astype(float)
    printed = np.vectorize(_half_of_last_digit, otypes=[float])(numbers)
    if clauses[0].startswith("exact"):
        rest = _clause(clauses[1], values) + printed if len(clauses) > 1 else np.zeros_like(values)
        return np.where(values == np.round(values), 0.0, rest)
    on = [(clause.rsplit(" on ", 1)[1].lower().split("/"), clause) for clause in clauses if " on " in clause]
    clause = next((clause for keys, clause in on if key.lower() in keys), clauses[0])
    return _clause(clause, values) + printed


def _half_of_last_digit(number):
    return 0.5 * 10.0 ** Decimal(str(number)).as_tuple().exponent if isinstance(number, Decimal) else 0.0


def _clause(clause, values):
    size = float(re.search(r"\d[\d.e-]*", clause).group())
    return size * np.abs(values) if clause.startswith("rel") else np.full(values.shape, size)
