"""Tests and intervals of proportions, single and stratified, against R's stats package.

`data/ucb_admissions.csv`: admissions to six departments of Berkeley in 1973; Bickel, Hammel and O'Connell, Science 187
(1975) 398-404.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from verification.reference_numbers.family import Method, Row

from cordwise.stats.sample_size.proportions import exact_power
from cordwise.stats.single_arm.design import upper_tail
from cordwise.stats.two_arm.cochran_mantel_haenszel import mantel_haenszel
from cordwise.stats.two_arm.contingency import exact_common_odds_ratio, mcnemar
from cordwise.stats.two_arm.freeman_halton import fisher_freeman_halton_p
from cordwise.stats.two_arm.intervals import clopper_pearson_interval, jeffreys_interval, wilson_interval

DATA = Path(__file__).parent / "data"
TWO_SIDED = 0.05  # where a row names no level


def _level(row: Row) -> float:
    inputs = row.inputs
    return 1 - inputs["conf"] if "conf" in inputs else inputs.get("alpha_two_sided", inputs.get("alpha", TWO_SIDED))


def _fisher(row: Row) -> Mapping[str, Any]:
    table = np.asarray(row.inputs["table"])
    if table.shape != (2, 2):
        return {"p": fisher_freeman_halton_p(table)}
    found = exact_common_odds_ratio(table, alpha=_level(row))
    return {"p": found.p, "or": found.odds_ratio, "ci": [found.low, found.high]}


def _power(row: Row) -> Mapping[str, Any]:
    inputs = row.inputs
    counts = [inputs.get(f"n_{arm}", inputs.get("n_per_arm")) for arm in ("control", "trt")]
    exact = {"counts": tuple(counts), "alpha": _level(row), "test": "fisher_exact"}
    control, treated = inputs["p_control"], inputs["p_trt"]
    return {
        "power": exact_power(control, treated, **exact),
        "type1_at_control": exact_power(control, control, **exact),
        "type1_at_trt": exact_power(treated, treated, **exact),
    }


def _intervals(row: Row) -> Mapping[str, Any]:
    given = np.array(row.inputs["x"]), np.array(row.inputs["n"])
    methods = {"cp": clopper_pearson_interval, "wilson": wilson_interval, "jeffreys_raw": jeffreys_interval}
    return {name: interval(*given, alpha=_level(row)) for name, interval in methods.items()}


def _tail(row: Row) -> Mapping[str, Any]:
    return {"tail": upper_tail(row.inputs["x"], row.inputs["n"], np.asarray(row.inputs["p"]))}


def _strata(inputs: Mapping[str, Any]) -> np.ndarray:
    """Return the two-by-two tables, by stratum, row and column."""
    if "data" in inputs:
        with (DATA / "ucb_admissions.csv").open() as file:
            values = [int(line["Freq"]) for line in csv.DictReader(file)]
    else:
        values = next(value for key, value in inputs.items() if key.startswith("strata"))
    return np.reshape(values, (-1, 2, 2)).transpose(0, 2, 1)


def _cmh(row: Row) -> Mapping[str, Any]:
    tables = _strata(row.inputs)
    found, exact = mantel_haenszel(tables, alpha=_level(row)), exact_common_odds_ratio(tables, alpha=_level(row))
    p = found.p if "X2" in row.expected else found.corrected_p
    return {
        "X2_cc": found.corrected_chi_square,
        "p_cc": found.corrected_p,
        "X2": found.chi_square,
        "p": p,
        "common_OR": found.odds_ratio,
        "OR_ci": [found.low, found.high],
        "exact_p": exact.p,
        "exact_OR": exact.odds_ratio,
        "exact_ci": [exact.low, exact.high],
    }


def _mcnemar(row: Row) -> Mapping[str, Any]:
    found = mcnemar(row.inputs["table"])
    corrected = row.inputs.get("correct", True)
    chi_square, p = (found.corrected_chi_square, found.corrected_p) if corrected else (found.chi_square, found.p)
    return {"X2": chi_square, "p": p, "X2_nocc": found.chi_square, "p_nocc": found.p, "exact_p": found.exact_p}


METHODS = (
    Method(re.compile(r"fisher_(?!comb).*"), _fisher),
    Method(re.compile(r"power_fisher.*"), _power),
    Method(re.compile(r"binomCI_.*"), _intervals),
    Method(re.compile(r"singlearm_.*tail.*"), _tail),
    Method(re.compile(r"cmh_.*"), _cmh),
    Method(re.compile(r"mcnemar.*"), _mcnemar),
)
