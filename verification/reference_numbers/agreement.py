"""Whether an answer agrees with a row of reference numbers: within the row's own tolerance and the digits it prints."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from verification.reference_numbers import (
    adaptive,
    bayes,
    escalation,
    group_sequential,
    longitudinal,
    ordinal,
    proportions,
    randomisation,
    ranks,
    sizes,
)
from verification.reference_numbers.family import Method, Row

TABLE = Path(__file__).parent / "reference_numbers.csv"
METHODS: Sequence[Method] = (
    *group_sequential.METHODS,
    *adaptive.METHODS,
    *proportions.METHODS,
    *ranks.METHODS,
    *sizes.METHODS,
    *ordinal.METHODS,
    *longitudinal.METHODS,
    *bayes.METHODS,
    *escalation.METHODS,
    *randomisation.METHODS,
)
NO_METHOD = "names a fact about trials, not a method"
_WORDS = ("note", "method")  # keys whose values are words
_COUNTS_AS_P = re.compile(r"(^|_)p(_|$)|alpha|nominal")

Verdict = Literal["agrees", "disagrees", "not applicable", "failed"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of one row; `apart` has the largest excess over the tolerance of each key beyond it."""

    name: str
    verdict: Verdict
    reason: str = ""
    apart: Mapping[str, float] = field(default_factory=dict)


def rows(table: Path = TABLE) -> Iterator[Row]:
    """Yield the rows of a table; numbers keep the digits that are printed."""
    with table.open(newline="") as file:
        for line in csv.DictReader(file):
            inputs = json.loads(line["inputs"])
            expected = json.loads(line["expected"], parse_float=Decimal)
            yield Row(line["id"], line["method"], inputs, expected, line["tolerance"], line["source"])


def method_of(row: Row) -> Method | None:
    """Return the method that computes a row."""
    return next((each for each in METHODS if each.names.fullmatch(row.name)), None)


def compare(row: Row) -> Comparison:
    """Compute a row and hold it against what is expected; an answer that cannot be had is a failure, told."""
    method = method_of(row)
    if method is None or method.compute is None:
        return Comparison(row.name, "not applicable", method.skipped if method else NO_METHOD)
    return _compared(row, method.compute)


def _compared(row: Row, compute: Callable[[Row], Mapping[str, Any]]) -> Comparison:
    try:
        found = compute(row)
    except Exception as error:  # a table of verdicts must be whole
        return Comparison(row.name, "failed", f"{type(error).__name__}: {error}")
    beyond = {key: excess for key in row.expected if (excess := _excess(row, key, found)) > 0}
    reason = ", ".join(f"{key} off by {excess:.2g} more than allowed" for key, excess in beyond.items())
    return Comparison(row.name, "disagrees" if beyond else "agrees", reason, beyond)


def _excess(row: Row, key: str, found: Mapping[str, Any]) -> float:
    """Return by how much the furthest number of a key lies beyond its tolerance; infinite where it is missing."""
    expected = row.expected[key]
    if key in _WORDS or isinstance(expected, str):
        return 0.0
    if key not in found:
        return np.inf
    given = np.asarray(found[key], float)
    numbers = np.asarray(expected, dtype=object)
    if given.shape != numbers.shape:
        return np.inf
    values = np.where(numbers == None, np.nan, numbers).astype(float)  # noqa: E711 - elementwise
    printed = np.vectorize(_half_of_last_digit, otypes=[float])(numbers)
    apart = np.where(np.isnan(values), 0.0, np.abs(given - values))
    return float(np.max(apart - allowed(row, key, np.nan_to_num(values)) - printed, initial=0.0))


def allowed(row: Row, key: str, values: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    """Return the tolerance of each number: the clause of the row's words that is meant for its key."""
    clauses = [clause.strip() for clause in row.tolerance.split(";")]
    if clauses[0].startswith("exact"):
        rest = _size(clauses[1], values) if len(clauses) > 1 else np.zeros_like(values)
        return np.where(values == np.round(values), 0.0, rest)
    if "percentage" in row.tolerance and not key.endswith("pct"):
        return _size(clauses[0], values) / 100 * np.sum(np.abs(values))  # points of what the numbers add up to
    limit = _size(clauses[0], values)
    for clause in clauses[1:]:
        if clause.endswith("at H1") and key == "reject":
            limit = np.where(np.asarray(row.inputs["delta"]) == 0, limit, _size(clause, values))
        elif _is_for(clause, key):
            limit = _size(clause, values)
    return limit


def _is_for(clause: str, key: str) -> bool:
    """Tell whether a clause such as `abs 0.05 on df` or `df abs 0.05` is meant for a key."""
    if clause.startswith("df"):
        return key.startswith("df")
    if " on " not in clause:
        return False
    subjects = clause.rsplit(" on ", 1)[1].split("/")
    return any(
        key.lower() == subject.lower()
        or (subject == "p" and _COUNTS_AS_P.search(key) is not None)
        or (subject == "E[N]" and key.startswith("EN"))
        for subject in subjects
    )


def _size(clause: str, values: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    found = re.search(r"\d[\d.]*(e-?\d+)?", clause)
    if found is None:
        return np.zeros_like(values)
    size = float(found.group())
    return size * np.abs(values) if clause.startswith("rel") else np.full(values.shape, size)


def _half_of_last_digit(number: object) -> float:
    return 0.5 * 10.0 ** int(number.as_tuple().exponent) if isinstance(number, Decimal) else 0.0
