"""Combination tests, conditional power and adjusted p values, against R's rpact, p.adjust and mvtnorm."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri
from verification.reference_numbers.family import Method, Row

from cordwise.stats.adaptive import fisher_critical_values
from cordwise.stats.multiplicity.adjusted_p import benjamini_hochberg, hochberg, holm, hommel
from cordwise.stats.multiplicity.many_to_one import dunnett_critical
from cordwise.stats.sequential import conditional_power, predictive_power


def _fisher(row: Row) -> Mapping[str, Any]:
    inputs = row.inputs
    method = "full_alpha" if "full" in inputs["method"].lower() else "equal_alpha"
    futility = float(np.min(inputs.get("alpha0", 1.0)))
    return {"c": fisher_critical_values(inputs["K"], inputs["alpha"], method=method, futility=futility)}


def _conditional_power(row: Row) -> Mapping[str, Any]:
    inputs = row.inputs
    given = inputs["z"], inputs["t"], inputs["final_bound"]
    levels = [float(level) for level in re.findall(r"z_(\.\d+)", row.method)]
    drift = inputs.get("drift", float(ndtri(levels).sum()))
    return {
        "CP_trend": conditional_power(*given),
        "CP_design": conditional_power(*given, drift=drift),
        "PP": predictive_power(*given),
    }


def _adjusted(row: Row) -> Mapping[str, Any]:
    p = np.asarray(row.inputs["p"], dtype=np.float64)[None]
    methods = {"holm": holm, "hochberg": hochberg, "hommel": hommel, "BH": benjamini_hochberg}
    return {name: method(p)[0] for name, method in methods.items()}


def _dunnett(row: Row) -> Mapping[str, Any]:
    """Compute critical values; comparisons correlate by rho when arms have rho / (1 - rho) of the control's size."""
    inputs = row.inputs
    rho, alpha = (float(inputs.get(name) or _named(name, row.method)) for name in ("rho", "alpha"))
    return {"z": [dunnett_critical([1.0, *[rho / (1 - rho)] * arms], alpha) for arms in np.atleast_1d(inputs["k"])]}


def _named(name: str, text: str) -> str:
    """Return the number that follows a name in a text."""
    return re.findall(rf"{name}\s*=?\s*(0?\.\d+)", text)[0]


METHODS = (
    Method(re.compile(r"fisher_comb_\w+"), _fisher),
    Method(re.compile(r"condpower_\w+"), _conditional_power),
    Method(re.compile(r"padjust\w*"), _adjusted),
    Method(re.compile(r"dunnett_z\w*"), _dunnett),
)
