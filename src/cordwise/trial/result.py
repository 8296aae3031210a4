"""The trial as plain JSON values: what commands print, runs store and reports are made from."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from cordwise.stats.monte_carlo import mean, rate
from cordwise.trial.answer import answer
from cordwise.trial.assumptions import assumptions
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay
from cordwise.trial.characteristics.examples import example_trials
from cordwise.trial.characteristics.findings import ArmFinding, EndpointFinding, ScenarioFinding, TrialFindings
from cordwise.trial.characteristics.sample_size import POWER
from cordwise.trial.plan.methods import METHODS


def trial_json(
    findings: TrialFindings, days: Sequence[EnrolmentDay] = (), adaptive: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the result of a simulation; values that do not exist are None."""
    result, plan = findings.result, findings.result.plan
    values = {
        "kind": "trial",
        "question": plan.design.question,
        "answer": answer(findings, days, adaptive),
        "design": plan.design.model_dump(mode="json"),
        "replicates": result.replicates,
        "seed": result.seed,
        "scenarios": [_scenario(findings, each) for each in findings.scenarios],
        "sample_size_curve": [point for each in _assumed(findings) for point in _curve(each)],
        "required_size": [row for each in _assumed(findings) for row in _required(each)],
        "enrolment_days": [asdict(each) for each in days],
        "randomisation": {"excess_correct_guesses": mean(result.course.excess_guesses).value},
        "adaptation": adaptive,
        "example_trials": [row for each in findings.scenarios for row in example_trials(findings, each)],
        "assumptions": assumptions(plan, bank_patients=findings.bank_patients),
    }
    return {key: without_nan(value) for key, value in values.items()}


def _assumed(findings: TrialFindings) -> list[ScenarioFinding]:
    return [each for each in findings.scenarios if not each.scenario.is_null]


def _scenario(findings: TrialFindings, finding: ScenarioFinding) -> dict[str, Any]:
    shared = ("bias", "bias_mcse", "coverage", "coverage_mcse", "estimand_true", "estimate_mean")
    rows = [_endpoint(findings, each, arm) for each in finding.endpoints for arm in each.arms]
    primary = next(row for row in rows if row["primary"])
    stops = finding.stops
    return {
        "name": finding.scenario.name,
        "description": finding.scenario.description,
        "is_null": finding.scenario.is_null,
        "reject_rate": finding.reject.value,
        "mcse": finding.reject.mcse,
        "expected_n": float(stops.enrolled.mean()),
        "expected_n_mcse": mean(stops.enrolled.astype(float)).mcse,
        "expected_analysed": float(stops.analysed.mean()),
        "expected_duration_days": float(stops.day.mean()),
        **{key: primary[key] for key in shared},
        "stopped_for_futility": rate(stops.futile).value,
        "stopped_for_harm": rate(stops.harmed).value,
        "looks": _looks(findings, finding),
        "endpoints": rows,
    }


def _looks(findings: TrialFindings, finding: ScenarioFinding) -> list[dict[str, Any]]:
    """Return what happens at each look; empty where the trial has none but its end."""
    plan, course, stops = findings.result.plan, findings.result.course, finding.stops
    if not plan.has_looks:
        return []
    return [
        {
            "look": look + 1,
            "patients_analysed": float(course.followed[:, look].mean()),
            "patients_enrolled": float(course.enrolled[:, look].mean()),
            "information": float(course.followed[:, look].mean() / plan.total),
            "day": float(course.day[:, look].mean()),
            "efficacy_z": float(stops.efficacy[:, look].mean()),
            "futility_z": float(stops.futility[:, look].mean()),
            "stopped_for_efficacy": rate((stops.look == look) & stops.any_success).value,
            "stopped_for_futility": rate((stops.look == look) & stops.futile).value,
        }
        for look in range(len(plan.looks))
    ]


def _endpoint(findings: TrialFindings, finding: EndpointFinding, arm: ArmFinding) -> dict[str, Any]:
    endpoint, found, plan = finding.endpoint, arm.characteristics, findings.result.plan
    one_sided = plan.has_looks and endpoint.is_primary
    method = METHODS[endpoint.analysis]
    return {
        "name": endpoint.name,
        "arm": found.arm,
        "primary": endpoint.is_primary,
        "analysis": endpoint.analysis,
        "unit": endpoint.unit,
        "scale": method.scale,
        "alpha": endpoint.alpha,
        "nominal": (endpoint.alpha / 2 if one_sided else endpoint.alpha) if method.claims_size else None,
        "estimand_true": found.truth,
        "estimand_bank_error": found.truth_bank_error,
        "estimate_mean": found.estimate_mean,
        "bias": found.bias.value,
        "bias_mcse": found.bias.mcse,
        "rmse": found.rmse.value,
        "coverage": found.coverage.value,
        "coverage_mcse": found.coverage.mcse,
        "reject_rate": found.reject.value,
        "mcse": found.reject.mcse,
        "better_rate": found.better.value,
        "failures": found.failures,
        "theory_reject_rate": arm.theory,
        "after_stopping": asdict(arm.after_stopping) if arm.after_stopping else None,
        "control_mean": found.control_mean,
        "treated_mean": found.treated_mean,
        "control_sd": found.control_sd,
    }


def _curve(finding: ScenarioFinding) -> list[dict[str, Any]]:
    return [
        {
            "scenario": finding.scenario.name,
            "endpoint": endpoint.endpoint.name,
            "n_per_arm": point.n_per_arm,
            "reject_rate": point.reject.value,
            "mcse": point.reject.mcse,
        }
        for endpoint in finding.endpoints
        for point in endpoint.curve
    ]


def _required(finding: ScenarioFinding) -> list[dict[str, Any]]:
    return [
        {
            "scenario": finding.scenario.name,
            "endpoint": endpoint.endpoint.name,
            "power": POWER,
            "relation": endpoint.required.relation,
            "n_per_arm": endpoint.required.n_per_arm,
            "theory_n_per_arm": endpoint.arms[0].theory_n_per_arm,
        }
        for endpoint in finding.endpoints
        if endpoint.required
    ]


def without_nan(value: object) -> object:
    """Return a JSON value with None in the place of every number that does not exist."""
    if isinstance(value, dict):
        return {key: without_nan(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(each) for each in value]
    if isinstance(value, np.floating | np.integer):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
