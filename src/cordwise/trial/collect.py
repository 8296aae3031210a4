"""From the findings of a simulation to its result: means over the replicates, and None for what does not exist."""

from collections.abc import Iterator, Sequence

from cordwise.base.provenance import Provenance
from cordwise.cord.self_check import Numerics
from cordwise.patient.life.result import PatientLife
from cordwise.stats.monte_carlo import MonteCarloEstimate, mean, rate
from cordwise.trial.assumptions import assumptions
from cordwise.trial.characteristics.after_stopping import AfterStopping
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay
from cordwise.trial.characteristics.examples import example_trials, known
from cordwise.trial.characteristics.findings import ArmFinding, EndpointFinding, ScenarioFinding, TrialFindings
from cordwise.trial.characteristics.sample_size import POWER
from cordwise.trial.decide.adaptive import AdaptationFinding
from cordwise.trial.result import (
    AdjustedEstimate,
    EndpointResult,
    LookResult,
    PowerAtSize,
    Predictability,
    ScenarioResult,
    SimulatedValue,
    SizeForPower,
    TrialResult,
)


def trial_result(
    findings: TrialFindings,
    days: Sequence[EnrolmentDay],
    adaptation: AdaptationFinding | None,
    *,
    numerics: Numerics,
    patient: PatientLife | None,
    provenance: Provenance,
) -> TrialResult:
    """Return the result of a simulation with what was found beside it."""
    result, plan = findings.result, findings.result.plan
    assumed = [each for each in findings.scenarios if not each.scenario.is_null]
    return TrialResult(
        question=plan.design.question,
        design=plan.design,
        replicates=result.replicates,
        seed=result.seed,
        scenarios=tuple(scenario_result(findings, each) for each in findings.scenarios),
        sample_size_curve=tuple(point for each in assumed for point in _curve(each)),
        required_size=tuple(row for each in assumed for row in _required(each)),
        enrolment_days=tuple(days),
        randomisation=Predictability(excess_correct_guesses=known(mean(result.course.excess_guesses).value)),
        adaptation=adaptation,
        example_trials=tuple(row for each in findings.scenarios for row in example_trials(findings, each)),
        assumptions=assumptions(plan, bank_patients=findings.bank_patients),
        numerics=numerics,
        patient=patient,
        provenance=provenance,
    )


def scenario_result(findings: TrialFindings, finding: ScenarioFinding) -> ScenarioResult:
    """Return how a trial behaves in one scenario."""
    rows = tuple(_endpoint(findings, each, arm) for each in finding.endpoints for arm in each.arms)
    primary, stops = next(row for row in rows if row.primary), finding.stops
    return ScenarioResult(
        name=finding.scenario.name,
        description=finding.scenario.description,
        is_null=finding.scenario.is_null,
        reject_rate=finding.reject.value,
        mcse=finding.reject.mcse,
        expected_n=float(stops.enrolled.mean()),
        expected_n_mcse=mean(stops.enrolled.astype(float)).mcse,
        expected_analysed=float(stops.analysed.mean()),
        expected_duration_days=float(stops.day.mean()),
        bias=primary.bias,
        bias_mcse=primary.bias_mcse,
        coverage=primary.coverage,
        coverage_mcse=primary.coverage_mcse,
        estimand_true=primary.estimand_true,
        estimate_mean=primary.estimate_mean,
        stopped_for_futility=rate(stops.futile).value,
        stopped_for_harm=rate(stops.harmed).value,
        looks=tuple(_looks(findings, finding)),
        endpoints=rows,
    )


def _looks(findings: TrialFindings, finding: ScenarioFinding) -> Iterator[LookResult]:
    """Yield what happens at each look; nothing where the trial has none but its end."""
    plan, course, stops = findings.result.plan, findings.result.course, finding.stops
    for look in range(len(plan.looks)) if plan.has_looks else ():
        followed, ends_here = float(course.followed[:, look].mean()), stops.look == look
        yield LookResult(
            look=look + 1,
            patients_analysed=followed,
            patients_enrolled=float(course.enrolled[:, look].mean()),
            information=followed / plan.total,
            day=float(course.day[:, look].mean()),
            efficacy_z=known(stops.efficacy[:, look].mean()),
            futility_z=known(stops.futility[:, look].mean()),
            stopped_for_efficacy=rate(ends_here & stops.any_success).value,
            stopped_for_futility=rate(ends_here & stops.futile).value,
        )


def _endpoint(findings: TrialFindings, finding: EndpointFinding, arm: ArmFinding) -> EndpointResult:
    endpoint, found = finding.endpoint, arm.characteristics
    one_sided = findings.result.plan.has_looks and endpoint.is_primary
    promised = endpoint.alpha / 2 if one_sided else endpoint.alpha
    return EndpointResult(
        name=endpoint.name,
        arm=found.arm,
        primary=endpoint.is_primary,
        analysis=endpoint.method.name,
        unit=endpoint.kind.unit,
        scale=endpoint.method.scale,
        alpha=endpoint.alpha,
        nominal=promised if endpoint.method.claims_size else None,
        estimand_true=known(found.truth),
        estimand_bank_error=known(found.truth_bank_error),
        estimate_mean=known(found.estimate_mean),
        bias=known(found.bias.value),
        bias_mcse=known(found.bias.mcse),
        rmse=known(found.rmse.value),
        coverage=known(found.coverage.value),
        coverage_mcse=known(found.coverage.mcse),
        reject_rate=found.reject.value,
        mcse=found.reject.mcse,
        better_rate=found.better.value,
        failures=found.failures,
        theory_reject_rate=None if arm.theory is None else known(arm.theory),
        after_stopping=_adjusted(arm.after_stopping) if arm.after_stopping else None,
        control_mean=known(found.control_mean),
        treated_mean=known(found.treated_mean),
        control_sd=known(found.control_sd),
    )


def _adjusted(found: AfterStopping) -> AdjustedEstimate:
    return AdjustedEstimate(
        median=found.median,
        above_truth=_simulated(found.above_truth),
        mean_bias=_simulated(found.mean_bias),
        coverage=_simulated(found.coverage),
    )


def _simulated(found: MonteCarloEstimate) -> SimulatedValue:
    return SimulatedValue(value=known(found.value), mcse=known(found.mcse))


def _curve(finding: ScenarioFinding) -> Iterator[PowerAtSize]:
    for endpoint in finding.endpoints:
        for point in endpoint.curve:
            yield PowerAtSize(
                scenario=finding.scenario.name,
                endpoint=endpoint.endpoint.name,
                n_per_arm=point.n_per_arm,
                reject_rate=point.reject.value,
                mcse=point.reject.mcse,
            )


def _required(finding: ScenarioFinding) -> Iterator[SizeForPower]:
    for endpoint in finding.endpoints:
        theory = endpoint.arms[0].theory_n_per_arm
        if endpoint.required is not None:
            yield SizeForPower(
                scenario=finding.scenario.name,
                endpoint=endpoint.endpoint.name,
                power=POWER,
                relation=endpoint.required.relation,
                n_per_arm=endpoint.required.n_per_arm,
                theory_n_per_arm=None if theory is None else known(theory),
            )
