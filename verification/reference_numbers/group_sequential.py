"""Group-sequential boundaries, their power, and inference after stopping, against R's rpact and gsDesign and tables."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy import ndarray
from scipy.special import ndtr, ndtri
from scipy.stats import nct
from scipy.stats import t as student
from verification.reference_numbers.family import Method, Row
from verification.reference_numbers.group_sequential_simulation import means_z, rates_z, stopped, survival_z

from cordwise.stats.sample_size.proportions import pooled_n_per_arm
from cordwise.stats.sequential import (
    BetaSpending,
    Boundaries,
    BoundarySpec,
    Family,
    FutilityLimits,
    boundaries,
    crossings,
    drift_for_power,
    error_spent,
    final_inference,
    inflation_factor,
    operating_characteristics,
    repeated_interval,
    repeated_p,
)

ALPHA = 0.025  # one-sided, where a row names none
FAMILIES: dict[
    str, Family
] = {  # how rows name a family, in their text or by the abbreviations of R's packages; the first found counts
    r"haybittle|\bHP\b": "haybittle_peto",
    r"wang.tsiatis|\bWT\b": "wang_tsiatis",
    r"hwang|HSD": "hwang_shih_decani",
    r"kim.demets|\bKD\b|asKD|power spending": "kim_demets",
    r"pocock.type|asP\b|LDP|lan-demets pocock": "lan_demets_pocock",
    r"type spending|asOF|LDOF|OF-type": "lan_demets_obrien_fleming",
    r"o'brien|\bOF\b": "obrien_fleming",
    r"pocock": "pocock",
}
PARAMETERS = {  # what rows call a family's parameter, and its value in this table's rows that do not say
    "wang_tsiatis": ("delta", 0.25),
    "hwang_shih_decani": ("gamma", -4),
    "kim_demets": ("rho", 3),
    "haybittle_peto": ("early_z", 3),
}
NUMBER = r"(-?\d*\.?\d+)"


def _spec(text: str, inputs: Mapping[str, Any]) -> BoundarySpec:
    """Return the family that a text names, with its parameter from the inputs or else the text."""
    family = next(name for pattern, name in FAMILIES.items() if re.search(pattern, text, re.IGNORECASE))
    if family not in PARAMETERS:
        return BoundarySpec(family)
    word, usual = PARAMETERS[family]
    found = re.search(rf"(?:{word}\s*=\s*|HSD\(){NUMBER}", text, re.IGNORECASE)
    return BoundarySpec(family, float(inputs.get(word, found.group(1) if found else usual)))


def _information(inputs: Mapping[str, Any]) -> ndarray:
    given = inputs.get("info", "equal")
    if isinstance(given, str):
        return np.arange(1, inputs["K"] + 1) / inputs["K"]
    equal = np.arange(1, len(given) + 1) / len(given)
    return equal if np.allclose(given, equal, atol=1e-5) else np.asarray(given, dtype=np.float64)


def _alpha(inputs: Mapping[str, Any]) -> float:
    return inputs.get("alpha_one_sided", inputs.get("alpha", ALPHA))


def _limits(row: Row) -> Boundaries:
    return boundaries(_spec(_text(row), row.inputs), _information(row.inputs), alpha=_alpha(row.inputs))


def _text(row: Row) -> str:
    return f"{row.method} {row.name.replace('_', ' ')}"


def _bounds(row: Row) -> Mapping[str, Any]:
    limits = _limits(row)
    return {
        "z": limits.efficacy,
        "nominal_one_sided_p": ndtr(-limits.efficacy),
        "cumulative_alpha": limits.cumulative_alpha,
    }


def _inflation(row: Row) -> Mapping[str, Any]:
    limits = _limits(row)
    answer: dict[str, list[Any]] = {"inflation": [], "ASN_ratio_H1": [], "ASN_ratio_mid": [], "ASN_ratio_H0": []}
    for power in np.atleast_1d(row.inputs["power"]):
        drift, inflation = drift_for_power(limits, power), inflation_factor(limits, power)
        operation = operating_characteristics(limits, [drift, drift / 2, 0.0])
        answer["inflation"].append(inflation)
        for key, ratio in zip(("H1", "mid", "H0"), operation.expected_information * inflation, strict=True):
            answer[f"ASN_ratio_{key}"].append(ratio)
        answer[f"cum_reject_H1_power{power:g}"] = list(np.cumsum(operation.success[0]))
    return answer


def _spending(row: Row) -> Mapping[str, Any]:
    spec = _spec(_text(row), row.inputs)
    times = np.asarray([*row.inputs["t"], 1.0])
    values = error_spent(spec.family, times[None], np.array([_alpha(row.inputs)]), parameter=spec.parameter)
    return {"spend": values[0, :-1]}


def _with_futility(row: Row) -> Mapping[str, Any]:
    """Compute a design with futility limits, by beta spending or given as z."""
    inputs, information = row.inputs, _information(row.inputs)
    power = inputs.get("power", 1 - inputs.get("beta", 0.0))
    binding = not re.search(r"non-?binding", row.method)
    if "futility_z" in inputs:
        rule = FutilityLimits("z", tuple(inputs["futility_z"]), binding)
        upper = _spec(_text(row), inputs)
    else:
        lower = _spec(inputs.get("lower", row.method), inputs)
        rule = BetaSpending(lower.family, 1 - power, lower.parameter, binding=binding)
        upper = _spec(inputs.get("upper", "LDOF"), inputs)
    spec = BoundarySpec(upper.family, upper.parameter, futility=rule)
    limits = boundaries(spec, information, alpha=_alpha(inputs))
    drift, inflation = drift_for_power(limits, power), inflation_factor(limits, power)
    operation = operating_characteristics(limits, [0.0, drift])
    null, effect = operation.expected_information * inflation
    return {
        "upper": limits.efficacy,
        "lower": limits.futility,
        "z": limits.efficacy,
        "inflation": inflation,
        "p_upper_H0": operation.success[0],
        "p_upper_H1": operation.success[1],
        "p_lower_H0": operation.failure[0],
        "p_lower_H1": operation.failure[1],
        "fut_H1": operation.failure[1, :-1],
        "E_info_H0": null,
        "E_info_H1": effect,
        "ASN0": null,
        "ASN1": effect,
    }


def _rates(row: Row) -> Mapping[str, Any]:
    inputs, limits = row.inputs, _limits(row)
    alpha, power = _alpha(inputs), inputs["power"]
    fixed = 2 * pooled_n_per_arm(inputs["p_control"], inputs["p_trt"], power=power, alpha=2 * alpha)
    largest = fixed * inflation_factor(limits, power)
    operation = operating_characteristics(limits, [0.0, drift_for_power(limits, power)])
    null, effect = operation.expected_information * largest
    return {"maxN": largest, "EN_H0": null, "EN_H1": effect}


def _power_at_size(row: Row) -> Mapping[str, Any]:
    """Compute the power at given sizes; the drift is that which gives a fixed design the power of its t test."""
    inputs, looks = row.inputs, row.inputs.get("K", int(re.findall(r"(\d+) looks", row.method)[0]))
    alpha, degrees = _alpha(inputs), inputs["N"] - 2
    limits = boundaries(_spec(_text(row), inputs), np.arange(1, looks + 1) / looks, alpha=alpha)
    shift = np.asarray(inputs["delta"]) / inputs["sd"] * np.sqrt(inputs["N"] / 4)
    drift = ndtri(nct.sf(student.isf(alpha, degrees), degrees, shift)) - ndtri(alpha)
    operation = operating_characteristics(limits, drift)
    early = operation.success[:, :-1].sum(axis=1)
    return {"power": operation.power, "EN": operation.expected_information * inputs["N"], "early_stop": early}


def _stages_of_means(inputs: Mapping[str, Any]) -> tuple[ndarray, ndarray]:
    """Return the difference of the means and its standard error from all patients up to each stage."""
    arms = []
    for arm in ("1", "2"):
        n, mean, sd = (np.asarray(inputs[key + arm], dtype=np.float64) for key in ("n", "means", "sd"))
        total = np.cumsum(n)
        overall = np.cumsum(n * mean) / total
        squares = np.cumsum((n - 1) * sd**2 + n * mean**2) - total * overall**2
        arms.append((total, overall, squares))
    (n1, mean1, squares1), (n2, mean2, squares2) = arms
    variance = (squares1 + squares2) / (n1 + n2 - 2)
    return mean1 - mean2, np.sqrt(variance * (1 / n1 + 1 / n2))


def _analysis_of_means(row: Row) -> Mapping[str, Any]:
    effect, error = _stages_of_means(row.inputs)
    sizes = np.cumsum(np.asarray(row.inputs["n1"]) + np.asarray(row.inputs["n2"]))
    looks, spec = np.arange(len(effect)), _spec(row.inputs["design"], row.inputs)
    information = _information({"info": list(sizes / sizes[-1])})
    limits, z = boundaries(spec, information, alpha=ALPHA), effect / error
    crossed = z >= limits.efficacy
    last = int(crossed.argmax()) if crossed.any() else len(z) - 1
    final = final_inference(limits, looks[last : last + 1], z[last : last + 1], alpha=ALPHA)
    unit = error[last] * np.sqrt(information[last])
    rci_low, rci_high = repeated_interval(limits.efficacy, effect, error)
    return {
        "overall_z": z,
        "repeated_p": repeated_p(spec, information, looks, z),
        "RCI_lower": rci_low,
        "RCI_upper": rci_high,
        "final_stage": last + 1,
        "final_p": _at(last, final.p[0], len(z)),
        "MUE": _at(last, final.estimate[0] * unit, len(z)),
        "final_CI_lower": _at(last, final.low[0] * unit, len(z)),
        "final_CI_upper": _at(last, final.high[0] * unit, len(z)),
    }


def _at(look: int, value: float, looks: int) -> list[float | None]:
    return [float(value) if each == look else None for each in range(looks)]


def _constants(row: Row) -> Mapping[str, Any]:
    """Compute limits of constant families for several numbers of looks."""
    answer: dict[str, list[float]] = {"OF": [], "Pocock": [], "final_z": [], "first_z": []}
    for looks in row.inputs["K"]:
        equal = np.arange(1, looks + 1) / looks
        obrien, pocock = (
            boundaries(BoundarySpec(family), equal, alpha=_alpha(row.inputs)) for family in ("obrien_fleming", "pocock")
        )
        answer["OF"].append(obrien.efficacy[-1])
        answer["Pocock"].append(pocock.efficacy[-1])
        answer["final_z"].append(obrien.efficacy[-1])
        answer["first_z"].append(obrien.efficacy[0])
    return answer


def _unadjusted(row: Row) -> Mapping[str, Any]:
    answer = []
    for looks in row.inputs["K"]:
        limit = np.full((1, looks), -ndtri(row.inputs.get("alpha", 2 * ALPHA) / 2))
        sides = crossings(np.arange(1, looks + 1)[None] / looks, -limit, limit, np.zeros(1))
        answer.append(sum(float(side.sum()) for side in sides))
    return {"type1": answer}


def _simulated_means(row: Row) -> Mapping[str, Any]:
    inputs, answer = row.inputs, dict[str, Any](reject=[])
    for delta, seed in zip(inputs["delta"], np.resize(inputs["seed"], len(inputs["delta"])), strict=True):
        rate, size = _operation(means_z(inputs["looks"], delta, inputs["reps"], int(seed)), inputs["looks"])
        answer["reject"].append(rate)
        answer[f"EN_at_{delta:g}"] = size
    return answer


def _simulated_rates(row: Row) -> Mapping[str, Any]:
    inputs = row.inputs
    rate, size = _operation(rates_z(inputs["looks"], inputs["p"], inputs["reps"], inputs["seed"]), inputs["looks"])
    return {"reject": rate, "EN": size}


def _simulated_survival(row: Row) -> Mapping[str, Any]:
    inputs, control = row.inputs, row.inputs["lambda_c"]
    hazards, seed = (control, control * inputs["HR"]), inputs.get("seed", 1)
    z = survival_z(inputs["events"], hazards, inputs["N"], inputs["accrual"], inputs["reps"], seed)
    return {"reject": _operation(z, inputs["events"])[0]}


def _operation(blocks: Iterable[ndarray], sizes: list[int]) -> tuple[float, ...]:
    """Return the rate of success and the mean size, with the limits of looks planned at equal distances."""
    looks = np.arange(1, len(sizes) + 1) / len(sizes)
    limits = boundaries(_spec("LDOF", {}), looks, alpha=ALPHA)
    results = [stopped(z, limits.efficacy, sizes) for z in blocks]
    return tuple(float(np.concatenate(each).mean()) for each in zip(*results, strict=True))


def _mcse(row: Row) -> Mapping[str, Any]:
    p, n = np.asarray(row.inputs["p"]), np.asarray(row.inputs["n"])
    return {"mcse": np.sqrt((p * (1 - p))[:, None] / n)}


METHODS = (
    Method(re.compile(r"gsd_\w+_(bounds|t[\d-]+)|gsd_HP_K\d+"), _bounds),
    Method(re.compile(r"gsd_\w+_inflation"), _inflation),
    Method(re.compile(r"spend_\w+"), _spending),
    Method(re.compile(r"gsd_\w*([Bb]etaSpend|binding|fut)\w*"), _with_futility),
    Method(re.compile(r"gsd_rates_\w+"), _rates),
    Method(re.compile(r"gsd_power_\w+"), _power_at_size),
    Method(re.compile(r"gsd_analysis_means\w*"), _analysis_of_means),
    Method(re.compile(r"py_gsdesign_\w+|jt_\w+"), _constants),
    Method(re.compile(r"amr_\w+"), _unadjusted),
    Method(re.compile(r"sim_rpact_means_\w+"), _simulated_means),
    Method(re.compile(r"sim_rpact_rates_\w+"), _simulated_rates),
    Method(re.compile(r"sim_rpact_surv_\w+"), _simulated_survival),
    Method(re.compile(r"mcse\w*"), _mcse),
)
