"""Reference numbers on randomisation: how predictable its lists are and how uneven."""

import re
from collections.abc import Mapping
from typing import Any

from verification.reference_numbers.family import Method, Row

from cordwise.trial.enrol.predictability import expected_excess, simple_imbalance


def _blocks(row: Row) -> Mapping[str, Any]:
    return {"excess": [expected_excess(int(size)) for size in row.inputs["block"]]}


def _simple(row: Row) -> Mapping[str, Any]:
    uneven, none = simple_imbalance(int(row.inputs["n"]))
    return {"E_abs": uneven, "P0": none}


METHODS = (
    Method(re.compile(r"blackwell_hodges.*"), _blocks),
    Method(re.compile(r"simple_rand.*"), _simple),
)
