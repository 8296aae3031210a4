"""The formulas in which rows of repeated measures name their models, read as R reads them, and design matrices."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import polars as pl
from numpy import ndarray

Term = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A response, its terms (the intercept is understood), and the covariance: "us", "ar1", "random" or none named."""

    response: str
    terms: tuple[Term, ...]
    structure: str
    random: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Design:
    """A design matrix with R's names of its columns."""

    matrix: ndarray
    names: tuple[str, ...]


def parse_formula(text: str) -> Formula:
    """Return the formula written in `text`."""
    response, right = (part.strip() for part in text.split("~", 1))
    special = re.search(r"(\w*)\(([^()|]+)\|[^()]+\)", right)
    fixed = right.replace(special.group(), "") if special else right
    structure = (special.group(1) or "random") if special else ""
    random = _terms(special.group(2)) if special and structure == "random" else ()
    return Formula(response, _terms(fixed), structure, random)


def design_matrix(terms: Sequence[Term], frame: pl.DataFrame, levels: Mapping[str, Sequence[str]]) -> Design:
    """Return intercept and terms, factors by contrasts with their first level."""
    columns, names = [np.ones(len(frame))], ["(Intercept)"]
    for term in terms:
        parts = [_columns(variable, frame, levels) for variable in reversed(term)]
        for choice in product(*parts):
            columns.append(np.prod([values for _, values in reversed(choice)], axis=0))
            names.append(":".join(name for name, _ in reversed(choice)))
    return Design(np.column_stack(columns), tuple(names))


def _terms(text: str) -> tuple[Term, ...]:
    """Return the terms, lower orders first, each once."""
    found: dict[Term, None] = {}
    for piece in filter(None, (each.strip() for each in text.split("+"))):
        if piece in ("0", "1"):
            continue
        variables = [each.strip() for each in re.split(r"[*:]", piece)]
        sizes = range(1, len(variables) + 1) if "*" in piece else [len(variables)]
        found |= dict.fromkeys(each for size in sizes for each in combinations(variables, size))
    return tuple(sorted(found, key=len))


def _columns(variable: str, frame: pl.DataFrame, levels: Mapping[str, Sequence[str]]) -> list[tuple[str, ndarray]]:
    """Return the columns of one variable: itself, or an indicator for each level but the first."""
    name = re.sub(r"^factor\((.*)\)$", r"\1", variable)
    values = frame[name]
    if values.dtype.is_numeric() and name == variable:
        return [(variable, values.cast(pl.Float64).to_numpy())]
    known = levels.get(name) or sorted(values.unique())
    return [(f"{variable}{level}", (values == level).cast(pl.Float64).to_numpy()) for level in known[1:]]
