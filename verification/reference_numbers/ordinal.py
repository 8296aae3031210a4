"""Cumulative logit models against R's MASS and ordinal.

`data/housing.csv`: 1681 householders of Copenhagen; Madsen, Scandinavian Journal of Statistics 3 (1976) 97-106.
`data/wine.csv`: bitterness of white wine, nine judges; Randall, Biometrical Journal 31 (1989) 781-793.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import chdtrc, ndtr
from verification.reference_numbers.family import Method, Row

from cordwise.stats.ordinal import fit_cumulative_logit, fit_mixed_cumulative_logit, score_and_information

DATA = Path(__file__).parent / "data"
_FORMULAS = {"housing": "Sat~Infl+Type+Cont", "wine": "rating~temp+contact"}


def _columns(name: str) -> dict[str, np.ndarray]:
    """Return every column of a data set as level numbers in order of appearance, counts as they are."""
    with (DATA / f"{name}.csv").open() as file:
        lines = list(csv.DictReader(file))
    columns = {}
    for key in lines[0]:
        values = [line[key] for line in lines]
        levels = sorted(set(values)) if values[0].isdigit() else list(dict.fromkeys(values))
        columns[key] = np.array(values, float) if key == "Freq" else np.array([levels.index(value) for value in values])
    return columns


def _dummies(columns: Mapping[str, np.ndarray], term: str) -> np.ndarray:
    """Return the treatment contrasts of a main effect or of an interaction a:b."""
    found = np.ones((len(next(iter(columns.values()))), 1))
    for name in term.split(":"):
        levels = columns[name.strip()]
        own = np.column_stack([levels == level for level in range(1, levels.max() + 1)])
        found = (own[:, :, None] * found[:, None, :]).reshape(len(found), -1)
    return found


def _terms(right: str) -> list[str]:
    terms = []
    for part in right.split("+"):
        names = [name.strip() for name in part.split("*")]
        terms += names if len(names) == 1 else [*names, ":".join(names)]
    return terms


def _data(row: Row) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, np.ndarray]:
    """Return design, outcome, weights and group of a row that names a data set."""
    name = row.inputs["data"].split("::")[-1]
    formula = row.inputs.get("formula", _FORMULAS[name]).split(",")[0]
    left, right = formula.split("~")
    random = re.search(r"\+?\s*\(1\s*\|\s*(\w+)\)", right)
    columns = _columns(name)
    design = np.hstack([_dummies(columns, term) for term in _terms(right.replace(random[0], "") if random else right)])
    group = columns[random[1] if random else "judge"] if name == "wine" else np.zeros(len(design))
    return design, columns[left.strip()], columns.get("Freq"), group


def _polr(row: Row) -> Mapping[str, Any]:
    fit = fit_cumulative_logit(*_data(row)[:3])
    errors, cuts = fit.standard_errors, len(fit.thresholds)
    return {
        "coef": fit.coefficients,
        "zeta": fit.thresholds,
        "se": np.concatenate((errors[cuts:], errors[:cuts])),
        "deviance": -2 * fit.log_likelihood,
        "logLik": fit.log_likelihood,
    }


def _clm(row: Row) -> Mapping[str, Any]:
    fit = fit_cumulative_logit(*_data(row)[:3])
    coefficients = np.concatenate((fit.thresholds, fit.coefficients))
    return {"coef": coefficients, "se": fit.standard_errors, "logLik": fit.log_likelihood}


def _clmm(row: Row) -> Mapping[str, Any]:
    design, outcome, _, group = _data(row)
    fit = fit_mixed_cumulative_logit(design, outcome, group)
    coefficients = np.concatenate((fit.thresholds, fit.coefficients))
    sd = {key: fit.random_sd for key in row.expected if key.startswith("sd_")}
    return {"coef": coefficients, "se": fit.standard_errors[:-1], "logLik": fit.log_likelihood, **sd}


def _grouped(row: Row) -> Mapping[str, Any]:
    """Fit the model to the counts of two arms."""
    counts = np.array([row.inputs["control"], row.inputs["treated"]], float)
    arm, category = np.indices(counts.shape).reshape(2, -1)
    fit = fit_cumulative_logit(arm[:, None], category, counts.ravel())
    pooled = counts.sum(axis=0)
    null = (pooled * np.log(np.where(pooled > 0, pooled, 1) / pooled.sum())).sum()
    estimate, error = fit.coefficients[0], fit.standard_errors[-1]
    score, information = score_and_information(counts)
    return {
        "coef": estimate, "log_OR": estimate, "OR": np.exp(estimate), "se": error, "zeta": fit.thresholds,
        "logLik": fit.log_likelihood, "deviance": -2 * fit.log_likelihood,
        "z_wald": estimate / error, "p_wald": 2 * ndtr(-abs(estimate / error)),
        "LR": 2 * (fit.log_likelihood - null), "p_lr": chdtrc(1, 2 * (fit.log_likelihood - null)),
        "Z": score, "V": information, "z_score": score / np.sqrt(information),
        "p_score": 2 * ndtr(-abs(score) / np.sqrt(information)),
    }  # fmt: skip


METHODS: tuple[Method, ...] = (
    Method(re.compile(r"polr_(housing|wine)\w*"), _polr),
    Method(re.compile(r"clm_(housing|wine)\w*"), _clm),
    Method(re.compile(r"clmm_wine\w*"), _clmm),
    Method(
        re.compile(r"((polr|clm|po)_(grouped|table|counts)|ordinal_(grouped|table|counts)|grouped_ordinal)\w*"),
        _grouped,
    ),
)
