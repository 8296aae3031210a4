"""The answer in one paragraph, built from the numbers of the result."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from cordwise.trial.characteristics.enrolment_day import FIXED_SHARE, EnrolmentDay, falls
from cordwise.trial.characteristics.findings import EndpointFinding, ScenarioFinding, TrialFindings
from cordwise.trial.characteristics.sample_size import POWER
from cordwise.trial.plan.methods import METHODS


def answer(findings: TrialFindings, days: Sequence[EnrolmentDay] = (), adaptive: dict[str, Any] | None = None) -> str:
    """Return what the simulated trials say about the design, in plain words."""
    null = next(each for each in findings.scenarios if each.scenario.is_null)
    assumed = [each for each in findings.scenarios if not each.scenario.is_null]
    sentences = [_size(findings, null), *map(_power, assumed), _verdict(assumed), *_timing(days)]
    return " ".join([*sentences, *((adaptive["words"],) if adaptive else ())])


def _size(findings: TrialFindings, null: ScenarioFinding) -> str:
    plan, primary = findings.result.plan, null.primary
    alpha = primary.endpoint.alpha
    planned = f"{alpha / 2:g} on the side of a benefit" if plan.has_looks else f"{alpha:g}"
    against = (
        f"against a planned {planned}" if METHODS[primary.endpoint.analysis].claims_size else "with no promised rate"
    )
    if plan.is_single_arm:
        truth = 100 * primary.arms[0].characteristics.truth
        against += f" at the benchmark, from which they are {truth:+.1f} percentage points away without help"
    return (
        f"With {plan.total} patients the trial rejects in {_rate(null)} of simulated trials when "
        f"the cells change nothing, {against} (primary endpoint: {primary.endpoint.name})."
    )


def _power(finding: ScenarioFinding) -> str:
    primary = finding.primary
    truth = " and ".join(
        _difference(primary, each.characteristics.truth)
        + (f" ({each.characteristics.arm})" if len(primary.arms) > 1 else "")
        for each in primary.arms
    )
    found = f"the true {_scale(primary)} is {truth} and the trial rejects in {_rate(finding)}"
    sentence = f"If {finding.scenario.description}, {found}"
    early = f", after {finding.stops.enrolled.mean():.0f} patients on average" if finding.stops.look.any() else ""
    return f"{sentence}{early}{_needed(primary)}."


def _scale(finding: EndpointFinding) -> str:
    return METHODS[finding.endpoint.analysis].scale


def _difference(finding: EndpointFinding, truth: float) -> str:
    if _scale(finding) != "difference":
        return f"{truth:+.2f}"
    if finding.endpoint.kind.kind == "binary":
        return f"{100 * truth:+.1f} percentage points"
    return f"{truth:+.2f} {finding.endpoint.unit}"


def _needed(finding: EndpointFinding) -> str:
    required = finding.required
    if required is None:
        return ""
    where = f" to find {finding.arms[0].characteristics.arm} better" if len(finding.arms) > 1 else ""
    size = f"{required.relation} {required.n_per_arm} patients per arm"
    return f"; without looks a power of {POWER:g}{where} takes {size}"


def _verdict(assumed: Sequence[ScenarioFinding]) -> str:
    able = [each.scenario.name for each in assumed if each.reject.value >= POWER]
    if not able:
        return f"As designed, the trial reaches a power of {POWER:g} in none of these scenarios."
    return f"As designed, the trial reaches a power of {POWER:g} in: {', '.join(able)}."


def _timing(days: Sequence[EnrolmentDay]) -> list[str]:
    return [_timing_of(list(rows)) for _, rows in groupby(days, key=lambda each: each.endpoint)]


def _timing_of(rows: list[EnrolmentDay]) -> str:
    early, late = rows[0], rows[-1]
    fixed = f"{100 * FIXED_SHARE:g} percentage points" if early.fixed_effect < 1 else f"{early.fixed_effect:g} points"
    sizes = f"{early.n_per_arm:.0f} per arm on day {early.day:g}, {late.n_per_arm:.0f} on day {late.day:g}"
    if falls(rows):
        return (
            f"For a fixed effect of {fixed} on {early.endpoint}, the patients needed fall with every later day of "
            f"enrolment, because less natural recovery is still to come: {sizes}."
        )
    most = max(rows, key=lambda each: each.n_per_arm)
    return (
        f"For a fixed effect of {fixed} on {early.endpoint}, the patients needed do not fall with every later day: "
        f"{sizes}, and most, {most.n_per_arm:.0f}, on day {most.day:g}."
    )


def _rate(finding: ScenarioFinding) -> str:
    return f"{finding.reject.value:.3f} (MCSE {finding.reject.mcse:.3f})"
