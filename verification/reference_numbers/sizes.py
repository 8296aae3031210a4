"""Sample sizes and two-stage designs, against R's power functions, rpact, Hmisc and enumeration."""

import re
from collections.abc import Mapping
from math import ceil
from typing import Any

from verification.reference_numbers.family import Method, Row

from cordwise.stats.sample_size.means import ancova_multiplier, inflated_for_dropout, t_test_n_per_arm, z_test_n_per_arm
from cordwise.stats.sample_size.ordinal import (
    dichotomy_total_n,
    mean_categories,
    ordinal_efficiency,
    shifted_categories,
    whitehead_total_n,
)
from cordwise.stats.sample_size.proportions import (
    arcsine_n_per_arm,
    corrected_n_per_arm,
    pooled_n_per_arm,
    pooled_total_n,
)
from cordwise.stats.sample_size.survival import schoenfeld_events
from cordwise.stats.single_arm.design import TwoStage, simon_designs

TWO_SIDED = 0.05  # where a row names no level


def _errors(row: Row) -> dict[str, float]:
    return {"power": row.inputs["power"], "alpha": row.inputs.get("alpha_two_sided", TWO_SIDED)}


def _t_test(row: Row) -> Mapping[str, Any]:
    given = float(row.inputs["d"]), float(row.inputs.get("sd", 1.0))
    n = t_test_n_per_arm(*given, **_errors(row), wrong_tail=row.inputs.get("strict", False))
    return {"n_t": n, "n_t_ceil": ceil(n), "n_z": z_test_n_per_arm(*given, **_errors(row))}


def _ancova(row: Row) -> Mapping[str, Any]:
    plain = z_test_n_per_arm(float(row.inputs["d"]), float(row.inputs.get("sd", 1.0)), **_errors(row))
    return {"n_per_arm": [plain * ancova_multiplier(r) for r in row.inputs["r"]]}


def _proportions(row: Row) -> Mapping[str, Any]:
    given, ratio = (row.inputs["p_control"], row.inputs["p_trt"]), float(row.inputs.get("ratio", 1.0))
    return {
        "n_pooled": pooled_n_per_arm(*given, **_errors(row)),
        "n_fleiss_cc": corrected_n_per_arm(*given, **_errors(row)),
        "n_arcsine": arcsine_n_per_arm(*given, **_errors(row)),
        "n_rpact_total": pooled_total_n(*given, **_errors(row), ratio=ratio),
    }


def _doubling(row: Row) -> Mapping[str, Any]:
    alpha = row.inputs.get("alpha_two_sided", TWO_SIDED)
    powers = {key: float(key[1:]) / 100 for key in row.expected}
    return {
        key: [ceil(pooled_n_per_arm(p, 2 * p, power=power, alpha=alpha)) for p in row.inputs["p_control"]]
        for key, power in powers.items()
    }


def _dropout(row: Row) -> Mapping[str, Any]:
    return {"N": [inflated_for_dropout(float(row.inputs["n"]), share) for share in row.inputs["d"]]}


def _ordinal(row: Row) -> Mapping[str, Any]:
    control, odds_ratio = row.inputs.get("control", row.inputs.get("p")), float(row.inputs["OR"])
    mean = row.inputs["pbar"] if "pbar" in row.inputs else mean_categories(control, odds_ratio)
    n = whitehead_total_n(mean, odds_ratio, **_errors(row))
    shared = {"N_total": n, "N_PO": n, "efficiency": ordinal_efficiency(mean)}
    if control is None:
        return shared
    treated = shifted_categories(control, odds_ratio)
    binary = dichotomy_total_n(control, odds_ratio, **_errors(row))
    return {**shared, "N_binary": binary, "p0": sum(control[1:]), "p1": treated[1:].sum()}


def _simon(row: Row) -> Mapping[str, Any]:
    inputs = row.inputs
    found = simon_designs(inputs["p0"], inputs["p1"], alpha=inputs["alpha"], power=1 - inputs["beta"])
    return {} if found is None else {"optimal": _as_listed(found[0]), "minimax": _as_listed(found[1])}


def _as_listed(design: TwoStage) -> list[float]:
    limits = design.first_most_failing, design.first_n, design.most_failing, design.n
    return [*limits, design.expected_n, design.stop_early, design.alpha, design.power]


def _schoenfeld(row: Row) -> Mapping[str, Any]:
    return {"events": [schoenfeld_events(float(ratio), **_errors(row)) for ratio in row.inputs["HR"]]}


METHODS = (
    Method(re.compile(r"n_ttest.*"), _t_test),
    Method(re.compile(r"n_ancova.*"), _ancova),
    Method(re.compile(r"n_prop.*"), _proportions),
    Method(re.compile(r"n_double_conversion.*"), _doubling),
    Method(re.compile(r"n_dropout.*"), _dropout),
    Method(re.compile(r"po_(ais|vs_binary).*"), _ordinal),
    Method(re.compile(r"simon_.*"), _simon),
    Method(re.compile(r"schoenfeld.*"), _schoenfeld),
)
