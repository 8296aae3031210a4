"""What a family of reference numbers is: rows known by their name, and how cordwise computes them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of reference numbers."""

    name: str
    method: str
    inputs: Mapping[str, Any]
    expected: Mapping[str, Any]
    tolerance: str
    source: str


@dataclass(frozen=True, slots=True)
class Method:
    """How the rows of some names are computed.

    `compute` returns a value for each key of the row's `expected`; values may be nested lists.  A row that is not
    computed names the reason in `skipped` instead.
    """

    names: re.Pattern[str]
    compute: Callable[[Row], Mapping[str, Any]] | None = None
    skipped: str = ""
