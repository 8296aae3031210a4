"""The answer in one paragraph, built from the numbers of the result."""

from collections.abc import Sequence

from cordwise.trial.findings import EndpointFinding, ScenarioFinding, TrialFindings
from cordwise.trial.sample_size import POWER, RequiredSize


def answer(findings: TrialFindings) -> str:
    """Return what the simulated trials say about the design, in plain words."""
    null = next(each for each in findings.scenarios if each.scenario.is_null)
    assumed = [each for each in findings.scenarios if not each.scenario.is_null]
    sentences = [_size(findings, null), *map(_power, assumed), _verdict(assumed)]
    return " ".join(sentences)


def _size(findings: TrialFindings, null: ScenarioFinding) -> str:
    plan, primary = findings.result.plan, null.primary
    found = primary.characteristics.reject
    return (
        f"With {plan.total} patients the trial rejects in {_rate(found.value, found.mcse)} of simulated trials when "
        f"the cells change nothing, against a planned {primary.result.endpoint.alpha:g} (primary endpoint: "
        f"{primary.result.endpoint.name})."
    )


def _power(finding: ScenarioFinding) -> str:
    primary = finding.primary
    found = primary.characteristics.reject
    return (
        f"If {finding.scenario.description}, the true difference is {_difference(primary)}, the trial rejects in "
        f"{_rate(found.value, found.mcse)}, and {_needed(primary.required)}."
    )


def _difference(finding: EndpointFinding) -> str:
    truth = finding.characteristics.truth
    if finding.result.endpoint.measure == "ais_improvement":
        return f"{100 * truth:+.1f} percentage points"
    return f"{truth:+.2f} {finding.result.endpoint.unit}"


def _needed(required: RequiredSize) -> str:
    return f"a power of {POWER:g} takes {required.relation} {required.n_per_arm} patients per arm"


def _verdict(assumed: Sequence[ScenarioFinding]) -> str:
    able = [each.scenario.name for each in assumed if each.primary.characteristics.reject.value >= POWER]
    if not able:
        return f"As designed, the trial reaches a power of {POWER:g} in none of these scenarios."
    return f"As designed, the trial reaches a power of {POWER:g} in: {', '.join(able)}."


def _rate(value: float, mcse: float) -> str:
    return f"{value:.3f} (MCSE {mcse:.3f})"
