"""The trial as plain JSON values: what commands print, runs store and reports are made from."""

import math
from typing import Any

from cordwise.trial.answer import answer
from cordwise.trial.assumptions import assumptions
from cordwise.trial.findings import EndpointFinding, ScenarioFinding, TrialFindings
from cordwise.trial.sample_size import POWER
from cordwise.trial.theory import theory_n_per_arm

_EXAMPLE_TRIALS = 3  # single trials shown, so that a reader sees how far one trial may stray from the mean


def trial_json(findings: TrialFindings) -> dict[str, Any]:
    """Return the result of a simulation; values that do not exist are None."""
    result, plan = findings.result, findings.result.plan
    values = {
        "kind": "trial",
        "question": plan.design.question,
        "answer": answer(findings),
        "design": plan.design.model_dump(mode="json"),
        "replicates": result.replicates,
        "seed": result.seed,
        "scenarios": [_scenario(findings, each) for each in findings.scenarios],
        "sample_size_curve": [point for each in _assumed(findings) for point in _curve(each)],
        "required_size": [row for each in _assumed(findings) for row in _required(findings, each)],
        "example_trials": [row for each in findings.scenarios for row in _examples(each)],
        "assumptions": assumptions(plan, bank_patients=len(findings.scenarios[0].primary.result.prospects.control)),
    }
    return {key: _without_nan(value) for key, value in values.items()}


def _assumed(findings: TrialFindings) -> list[ScenarioFinding]:
    return [each for each in findings.scenarios if not each.scenario.is_null]


def _scenario(findings: TrialFindings, finding: ScenarioFinding) -> dict[str, Any]:
    shared = ("reject_rate", "mcse", "bias", "bias_mcse", "coverage", "coverage_mcse", "estimand_true", "estimate_mean")
    primary = _endpoint(finding.primary)
    return {
        "name": finding.scenario.name,
        "description": finding.scenario.description,
        "is_null": finding.scenario.is_null,
        "expected_n": float(findings.result.plan.total),
        "expected_duration_days": float(findings.result.duration_days.mean()),
        **{key: primary[key] for key in shared},
        "endpoints": [_endpoint(each) for each in finding.endpoints],
    }


def _endpoint(finding: EndpointFinding) -> dict[str, Any]:
    endpoint, found = finding.result.endpoint, finding.characteristics
    return {
        "name": endpoint.name,
        "primary": endpoint.is_primary,
        "analysis": endpoint.analysis,
        "unit": endpoint.unit,
        "alpha": endpoint.alpha,
        "estimand_true": found.truth,
        "estimand_bank_error": found.truth_bank_error,
        "estimate_mean": found.estimate_mean,
        "bias": found.bias.value,
        "bias_mcse": found.bias.mcse,
        "coverage": found.coverage.value,
        "coverage_mcse": found.coverage.mcse,
        "reject_rate": found.reject.value,
        "mcse": found.reject.mcse,
        "theory_reject_rate": found.theory,
        "control_mean": found.control_mean,
        "treated_mean": found.treated_mean,
        "control_sd": found.control_sd,
    }


def _curve(finding: ScenarioFinding) -> list[dict[str, Any]]:
    return [
        {
            "scenario": finding.scenario.name,
            "endpoint": endpoint.result.endpoint.name,
            "n_per_arm": point.n_per_arm,
            "reject_rate": point.reject.value,
            "mcse": point.reject.mcse,
        }
        for endpoint in finding.endpoints
        for point in endpoint.curve
    ]


def _required(findings: TrialFindings, finding: ScenarioFinding) -> list[dict[str, Any]]:
    return [
        {
            "scenario": finding.scenario.name,
            "endpoint": endpoint.result.endpoint.name,
            "power": POWER,
            "relation": endpoint.required.relation,
            "n_per_arm": endpoint.required.n_per_arm,
            "theory_n_per_arm": theory_n_per_arm(findings.result.plan, endpoint.result.prospects, power=POWER),
        }
        for endpoint in finding.endpoints
    ]


def _examples(finding: ScenarioFinding) -> list[dict[str, Any]]:
    """Return the first few single trials of a scenario: the same patients in every scenario."""
    estimates = finding.primary.result.estimates
    return [
        {
            "scenario": finding.scenario.name,
            "endpoint": finding.primary.result.endpoint.name,
            "replicate": replicate,
            "estimate": float(estimates.estimate[replicate]),
            "low": float(estimates.low[replicate]),
            "high": float(estimates.high[replicate]),
            "p": float(estimates.p[replicate]),
        }
        for replicate in range(min(_EXAMPLE_TRIALS, len(estimates.p)))
    ]


def _without_nan(value: object) -> object:
    """Return a JSON value with None in the place of every number that does not exist."""
    if isinstance(value, dict):
        return {key: _without_nan(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_nan(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
