"""Three single trials of each scenario shown in full, so that a reader sees how far one trial strays from the mean."""

from typing import Any

import numpy as np

from cordwise.trial.characteristics.findings import ScenarioFinding, TrialFindings
from cordwise.trial.decide.stopping import z_of

_EXAMPLES = 3


def example_trials(findings: TrialFindings, finding: ScenarioFinding) -> list[dict[str, Any]]:
    """Return the first few trials of a scenario: the same patients in every scenario, each look and how it ends."""
    count = min(_EXAMPLES, findings.result.replicates)
    return [_example(findings, finding, replicate) for replicate in range(count)]


def _example(findings: TrialFindings, finding: ScenarioFinding, replicate: int) -> dict[str, Any]:
    result, stops = finding.primary.result.arms[0], finding.stops
    look, estimates = int(stops.look[replicate]), result.estimates
    return {
        "scenario": finding.scenario.name,
        "endpoint": finding.primary.endpoint.name,
        "arm": result.arm,
        "replicate": replicate,
        "patients": int(stops.enrolled[replicate]),
        "day": float(stops.day[replicate]),
        "estimate": float(estimates.estimate[replicate, look]),
        "low": float(estimates.low[replicate, look]),
        "high": float(estimates.high[replicate, look]),
        "p": float(estimates.p[replicate, look]),
        "ends": _ending(finding, replicate),
        "looks": [_look(findings, finding, replicate, each) for each in range(look + 1)],
    }


def _look(findings: TrialFindings, finding: ScenarioFinding, replicate: int, look: int) -> dict[str, Any]:
    estimates, course = finding.primary.result.arms[0].estimates, findings.result.course
    limit = float(finding.stops.efficacy[replicate, look])
    return {
        "look": look + 1,
        "day": float(course.day[replicate, look]),
        "patients": int(course.followed[replicate, look]),
        "estimate": float(estimates.estimate[replicate, look]),
        "z": float(z_of(estimates)[replicate, look]),
        "efficacy_z": None if np.isnan(limit) else limit,
    }


def _ending(finding: ScenarioFinding, replicate: int) -> str:
    stops = finding.stops
    if stops.harmed[replicate]:
        return "stopped for harm"
    if stops.any_success[replicate]:
        return "rejects"
    return "stopped for futility" if stops.futile[replicate] else "does not reject"
