"""Small results with invented values, in the shapes the commands write; only the report tests use them."""

from math import comb, exp, log, sqrt
from typing import Any

HOSTILE_NAME = "<script>alert('study')</script> & \"Sons\""
PROVENANCE = {
    "command": "example",
    "seed": 20260101,
    "input_name": "example.toml",
    "input_sha256": "0" * 64,
    "options": {"workers": 2},
    "versions": {"cordwise": "0.1.0", "numpy": "2.4.0"},
    "context_of_use": "Research and trial planning with simulated patients. Not for decisions about a patient's care.",
}
ASSUMPTIONS = [
    {"what": "Recovery by grade", "value": 0.51, "source": "invented registry, table 1", "status": "seen"},
    {"what": "Colony yield", "value": "invented", "source": "invented paper", "status": "recalled"},
    {"what": "Plasticity", "value": 1.25, "source": "fitted to invented targets", "status": "fitted"},
    {"what": "Prior of translation", "value": [1, 5], "source": "invented reasoning", "status": "judgement"},
]


def binomial(count: int, chance: float) -> list[float]:
    """Return the chances of 0 to `count` successes."""
    return [comb(count, k) * chance**k * (1 - chance) ** (count - k) for k in range(count + 1)]


def _field(axis, days, height, width, rise, fall):
    return [
        [round(height * (1 - exp(-day / rise)) * exp(-day / fall) * exp(-((x / width) ** 2)), 5) for x in axis]
        for day in days
    ]


def _kept(axis, days, lost, width):
    return [[round(1 - lost * (1 - exp(-day / 6)) * exp(-((x / width) ** 2)), 5) for x in axis] for day in days]


DERMATOMES = 28


def _examined(visits: list[int], gain: int) -> dict:
    """Return invented grades and dermatomes: the right side weaker, everything a little better at each visit."""

    def side(top, places, step):
        return [max(0, min(top, round(top - step * place))) for place in range(places)]

    motor, touch, pin = [], [], []
    for visit in range(len(visits)):
        better = 0.05 * visit * (1 + gain)
        motor.append({"right": side(5, 10, 0.9 - better), "left": side(5, 10, 0.6 - better)})
        touch.append({"right": side(2, DERMATOMES, 0.12), "left": side(2, DERMATOMES, 0.08)})
        pin.append({"right": side(2, DERMATOMES, 0.15), "left": side(2, DERMATOMES, 0.2)})
    count = len(visits)
    return {
        "motor": motor,
        "light_touch_by_dermatome": touch,
        "pin_prick_by_dermatome": pin,
        "motor_level": [{"right": "C5", "left": "C6"}] * count,
        "sensory_level": [{"right": "C5", "left": "C5"}] * count,
        "voluntary_anal_contraction": [False] * count,
        "deep_anal_pressure": [True] * count,
        "scim": [20 + 5 * visit + gain for visit in range(count)],
        "wisci": list(range(count)),
    }


def _segments() -> list[dict]:
    names = [f"C{number}" for number in range(1, 9)] + [f"T{number}" for number in range(1, 13)]
    return [
        {"name": name, "from_mm": 13.0 * place - 60.0, "to_mm": 13.0 * place - 47.0} for place, name in enumerate(names)
    ]


def _tracts(days: list[float], gain: float) -> dict:
    kept = {"corticospinal": 0.2, "other_descending": 0.3, "dorsal_column": 0.4, "spinothalamic": 0.5}
    return {
        side: {
            name: [
                round(min(1.0, weaker * share + gain * (1 - exp(-day / 60)) + 0.3 * exp(-day / 6)), 5) for day in days
            ]
            for name, share in kept.items()
        }
        for side, weaker in (("right", 0.4), ("left", 1.0))
    }


def patient() -> dict:
    """Return one invented patient with and without cells."""
    axis = [round(-33 + 6 * cell, 1) for cell in range(12)]
    days = [0.0, *[round(exp(log(365) * step / 13), 3) for step in range(14)]]
    fields = {
        world: {
            "inflammation": _field(axis, days, 1.1 * less, 14, 2, 60),
            "leak": _field(axis, days, 0.9 * less, 11, 0.5, 12),
            "oedema": _field(axis, days, 0.6, 18, 1, 9),
            "border": _field(axis, days, 0.8, 9, 20, 9000),
            "matrix": _field(axis, days, 0.7, 9, 12, 9000),
            "grey": _kept(axis, days, 0.9 * less, 8),
            "axon": _kept(axis, days, 0.8 * less, 11),
            "myelin": _kept(axis, days, 0.5, 12),
            "graft": _field(axis, days, 1.6 * (1 - less), 6, 40, 80),
        }
        for world, less in (("without", 1.0), ("with", 0.88))
    }
    visits = [14, 28, 49, 84, 183, 365]
    scores = {
        "days": visits,
        "without": {
            "uems": [14, 16, 18, 20, 22, 23],
            "lems": [0, 0, 2, 4, 6, 7],
            "light_touch": [40, 44, 48, 52, 54, 55],
            "pin_prick": [32, 34, 36, 38, 39, 39],
            "ais": ["A", "A", "B", "B", "C", "C"],
            "nli": ["C5", "C5", "C5", "C6", "C6", "C6"],
            **_examined(visits, 0),
        },
        "with": {
            "uems": [14, 16, 18, 21, 24, 26],
            "lems": [0, 0, 2, 6, 11, 14],
            "light_touch": [40, 44, 48, 53, 56, 58],
            "pin_prick": [32, 34, 36, 38, 40, 41],
            "ais": ["A", "A", "B", "C", "C", "D"],
            "nli": ["C5", "C5", "C5", "C6", "C6", "C7"],
            **_examined(visits, 1),
        },
    }
    return {
        "kind": "patient",
        "patient": {
            "age": 44,
            "sex": "male",
            "centre_mm": 0.0,
            "segment": "C5",
            "severity": 0.62,
            "width_mm": 11.0,
            "ais_baseline": "B",
            "baseline_day": 28,
        },
        "regimen": {
            "product": "autologous_msc",
            "translation": 0.4,
            "doses": [{"day": 49.0, "cells": 1.2e8, "route": "intravenous"}],
        },
        "axis_mm": axis,
        "days": days,
        "fields": fields,
        "segments": _segments(),
        "tracts": {"without": _tracts(days, 0.0), "with": _tracts(days, 0.1)},
        "scores": scores,
        "provenance": PROVENANCE,
    }


def _arm(name="all patients", n=13, observed=12, chance=0.62) -> dict:
    distribution = binomial(n, chance)
    by_grade = [
        {"grade": "A", "n": 6, "observed_improved": 5, "probability": 0.34, "low95": 0.25, "high95": 0.44},
        {"grade": "B", "n": 2, "observed_improved": 2, "probability": 0.78, "low95": 0.66, "high95": 0.88},
        {"grade": "C", "n": 5, "observed_improved": 5, "probability": 0.89, "low95": 0.82, "high95": 0.94},
    ]
    return {
        "name": name,
        "n": n,
        "observed_improved": observed,
        "expected_improved": n * chance,
        "low95": 6.4,
        "high95": 9.6,
        "p_at_least": sum(distribution[observed:]),
        "p_at_least_high95": 0.045,
        "predictive_low95": 4,
        "predictive_high95": 11,
        "by_grade": [{**row, "expected": row["n"] * row["probability"]} for row in by_grade],
        "distribution": distribution,
    }


def _timeline() -> dict:
    days = [49, 60, 80, 110, 150, 183, 240, 300, 365]
    reach = {"A": 0.34, "B": 0.78, "C": 0.89}
    shares = {grade: [top * (1 - exp(-(day - 49) / 60)) for day in days] for grade, top in reach.items()}
    series = [
        {
            "grade": grade,
            "share": values,
            "low95": [0.78 * value for value in values],
            "high95": [value + 0.2 * value * (1 - value) for value in values],
        }
        for grade, values in shares.items()
    ]
    seen = (("A", 5, 6), ("B", 2, 2), ("C", 5, 5))
    observed = [{"grade": g, "day": 183, "share": k / n, "n": n, "improved": k} for g, k, n in seen]
    return {"days": days, "series": series, "observed": observed}


def _translation() -> dict:
    def beta(x, a, b):
        return x ** (a - 1) * (1 - x) ** (b - 1)

    grid = [step / 100 for step in range(101)]
    prior = [beta(x, 1, 3) for x in grid]
    posterior = [beta(x, 2, 3) for x in grid]
    return {
        "median": 0.39,
        "low95": 0.07,
        "high95": 0.81,
        "prior": {"median": 0.21, "low95": 0.01, "high95": 0.71},
        "density": [
            {"translation": x, "prior": 100 * p / sum(prior), "posterior": 100 * q / sum(posterior)}
            for x, p, q in zip(grid, prior, posterior, strict=True)
        ],
    }


def appraisal(name: str = "An invented study of stem cells") -> dict:
    """Return an appraisal of an invented claim: 12 of 13 improved."""
    rates = [step / 100 for step in range(0, 51, 5)]
    ratios = [round(exp(log(20) * step / 12), 4) for step in range(13)]
    return {
        "kind": "appraisal",
        "question": f"{name}: 12 of 13 improved. How many would have improved without cells?",
        "answer": "Of 13 simulated patients with these grades, 8.1 (6.4 to 9.6) improve without cells; "
        "12 or more improve in 2 of 100 such groups. The result is above natural recovery, "
        "and a modest error of grading or selection would be enough to explain it.",
        "verdict": "above",
        "verdict_words": "above what natural recovery alone would give",
        "study": {
            "name": name,
            "citation": "Invented 2020",
            "product": "autologous_msc",
            "route": "intravenous",
            "dose_cells": [5e7, 2e8],
            "baseline_day": [45, 50],
            "followup_day": 183,
            "levels": "C1-C8",
            "sources": [
                {"label": "Invented paper", "url": "https://doi.org/10.0000/invented", "status": "seen"},
                {"label": "Hostile link", "url": "javascript:alert(1)", "status": "recalled"},
            ],
            "notes": ["One of the changes of grade is disputed.", "No screening log was published."],
        },
        "arms": [_arm()],
        "timeline": _timeline(),
        "baseline_day_curve": [
            {
                "day": day,
                "expected": 11.5 * exp(-day / 130),
                "low95": 9.9 * exp(-day / 120),
                "high95": 12.6 * exp(-day / 150),
            }
            for day in range(7, 92, 7)
        ],
        "bias": {
            "misgrading": {
                "explains_at": 0.21,
                "matches_at": 0.32,
                "curve": [
                    {"rate": r, "expected": 13 - 4.9 * exp(-5 * r), "p_at_least": 1 - exp(-3 * r)} for r in rates
                ],
            },
            "selection": {
                "explains_at": 5.2,
                "matches_at": 7.4,
                "curve": [
                    {"odds_ratio": o, "expected": 13 * 1.63 * o / (1 + 1.63 * o), "p_at_least": 1 - exp(-o / 9)}
                    for o in ratios
                ],
            },
        },
        "translation": _translation(),
        "patient": patient(),
        "assumptions": ASSUMPTIONS,
        "provenance": PROVENANCE,
    }


def _endpoint(name, primary, power, effect, theory) -> dict:
    return {
        "name": name,
        "arm": "cells",
        "primary": primary,
        "analysis": "ancova" if primary else "proportional_odds",
        "unit": "LEMS points" if primary else "AIS grades",
        "scale": "difference" if primary else "log odds ratio",
        "estimand_true": effect,
        "estimand_bank_error": 0.05,
        "estimate_mean": effect + 0.03,
        "bias": 0.03,
        "bias_mcse": 0.04,
        "rmse": 1.9,
        "coverage": 0.951,
        "coverage_mcse": 0.003,
        "reject_rate": power,
        "mcse": sqrt(power * (1 - power) / 4000),
        "better_rate": 0.99 * power,
        "failures": 0,
        "alpha": 0.025,
        "nominal": 0.025,
        "theory_reject_rate": theory,
        "control_mean": 12.4 if primary else 0.42,
        "treated_mean": 12.4 + effect if primary else 0.42 + effect / 20,
        "control_sd": 11.2 if primary else 0.49,
    }


def _single_trials(scenario: str, effect: float) -> list[dict]:
    """Return three single trials of a scenario, each with the one look at its end."""
    trials = []
    for replicate, luck in enumerate((-1.3, 0.4, 2.0)):
        estimate = effect + luck
        is_found = estimate > 4
        look = {"look": 1, "day": 1200.0, "patients": 120, "estimate": estimate, "z": estimate / 2, "efficacy_z": None}
        trials.append(
            {
                "scenario": scenario,
                "endpoint": "LEMS at one year",
                "arm": "cells",
                "replicate": replicate,
                "patients": 120,
                "day": 1200.0,
                "estimate": estimate,
                "low": estimate - 4,
                "high": estimate + 4,
                "p": 0.01 if is_found else 0.3,
                "ends": "rejects" if is_found else "does not reject",
                "looks": [look],
            }
        )
    return trials


def _designed_endpoint(name, measure, primary) -> dict:
    estimand = {
        "population": "invented adults",
        "treatment": "cells against sham",
        "variable": name,
        "intercurrent_events": "withdrawal: the outcome had the patient stayed",
        "strategy": "hypothetical",
        "events": {},
        "summary": "difference in means" if primary else "common odds ratio",
    }
    found = {"name": name, "measure": measure, "day": 365.0, "primary": primary, "missing": "complete_case"}
    return {**found, "analysis": "ancova" if primary else "proportional_odds", "estimand": estimand}


def _design() -> dict:
    return {
        "name": "An invented trial",
        "question": "As above",
        "population": {"grades": ["A", "B"], "baseline_day": [14.0, 28.0]},
        "arms": [{"name": "sham", "control": "sham"}, {"name": "cells", "product": "allogeneic_msc"}],
        "randomisation": {"method": "permuted_block", "ratio": [1, 1], "block_size": 4, "stratify_by": []},
        "size": {"total": 120},
        "followup": {"visits": [180.0, 365.0]},
        "endpoints": [
            _designed_endpoint("LEMS at one year", "lems_change", True),
            _designed_endpoint("AIS at one year", "ais_grade", False),
        ],
        "multiplicity": "dunnett",
        "looks": None,
        "adaptation": None,
        "safety": None,
        "dropout": {"rate": 0.15, "source": "invented"},
        "intercurrent_events": [],
    }


def trial() -> dict:
    """Return the operating characteristics of an invented trial."""
    assumed = (
        ("No effect", True, 0.024, 0.0, 0.025),
        ("Low translation", False, 0.31, 2.4, 0.305),
        ("Translation as in the prior", False, 0.66, 4.1, 0.668),
        ("Full animal effect", False, 0.999, 8.6, None),
    )
    scenarios: list[dict[str, Any]] = []
    for name, is_null, power, effect, theory in assumed:
        primary = _endpoint("LEMS at one year", True, power, effect, theory)
        second = _endpoint("AIS at one year", False, 0.8 * power, effect, None)
        scenario = {
            key: primary[key] for key in ("reject_rate", "mcse", "bias", "bias_mcse", "coverage", "coverage_mcse")
        }
        scenario |= {"estimand_true": effect, "estimate_mean": effect + 0.03, "endpoints": [primary, second]}
        scenario |= {"name": name, "description": f"Invented: {name.lower()}", "is_null": is_null, "looks": []}
        scenario |= {"stopped_for_futility": 0.0, "stopped_for_harm": 0.0, "expected_n": 120.0}
        scenarios.append({**scenario, "expected_analysed": 120.0, "expected_duration_days": 1210.0})
    curve = [
        {
            "scenario": item["name"],
            "endpoint": "LEMS at one year",
            "n_per_arm": size,
            "reject_rate": rate,
            "mcse": sqrt(rate * (1 - rate) / 1000),
        }
        for item in scenarios
        for size in (20, 40, 60, 100, 150, 200)
        for rate in [0.025 if item["is_null"] else 0.999 - 0.97 * exp(-size * item["estimand_true"] ** 2 / 700)]
    ]
    return {
        "kind": "trial",
        "question": "Would a blinded trial of 60 a group detect the effect the animal work suggests?",
        "answer": "With 60 in each arm the trial rejects in 0.660 (MCSE 0.007) of simulated trials if translation is "
        "as in the prior, and in 0.024 (MCSE 0.002) if the cells do nothing.",
        "design": _design(),
        "replicates": 4000,
        "seed": 7,
        "scenarios": scenarios,
        "sample_size_curve": curve,
        "required_size": [],
        "enrolment_days": [
            {
                "day": day,
                "endpoint": "total motor score",
                "fixed_effect": 5.0,
                "control_mean": 40 / day**0.5,
                "control_sd": 40 / day**0.4,
                "n_per_arm": 900 / day**0.6,
            }
            for day in (3.0, 14.0, 45.0, 180.0)
        ],
        "randomisation": {"excess_correct_guesses": 0.21},
        "adaptation": None,
        "example_trials": [row for item in scenarios for row in _single_trials(item["name"], item["estimand_true"])],
        "patient": patient(),
        "assumptions": ASSUMPTIONS,
        "provenance": PROVENANCE,
    }


def population_check() -> dict:
    """Return a comparison of invented predictions with invented observations."""
    tops = {"uems": 45, "lems": 40, "light_touch": 100, "pin_prick": 95, "ais": 1.0, "scim": 90, "wisci": 18}
    targets = []
    for measure, top in tops.items():
        for place in range(14):
            observed = top * (place + 1) / 16
            predicted = observed + 0.06 * top * ((place * 7 % 5) - 2) / 2
            targets.append(
                {
                    "target_id": f"T{len(targets):03d}",
                    "source": "invented registry",
                    "measure": measure,
                    "category": "B-E" if measure == "ais" else "",
                    "baseline_ais": "ABCD"[place % 4],
                    "levels": "C1-T1",
                    "followup_day": 183,
                    "n": 40 + place,
                    "observed": observed,
                    "predicted": predicted,
                    "low95": predicted - 0.05 * top,
                    "high95": predicted + 0.05 * top,
                }
            )
    rmse = {measure: 0.04 * top for measure, top in tops.items()}
    covered = sum(row["low95"] <= row["observed"] <= row["high95"] for row in targets)
    summary = {"n": len(targets), "coverage95": covered / len(targets), "rmse": rmse}
    return {"kind": "population_check", "targets": targets, "summary": summary, "provenance": PROVENANCE}


def example(kind: str) -> dict:
    """Return the example result of one kind."""
    makers = {"appraisal": appraisal, "trial": trial, "patient": patient, "population_check": population_check}
    return makers[kind]()
