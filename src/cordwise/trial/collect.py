"""From the findings of a simulation to its result: means over the replicates, and None for what does not exist."""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.provenance import Provenance
from cordwise.cord.self_check import Numerics
from cordwise.patient.file_types import Grade
from cordwise.stats.nested_means import nested_rate
from cordwise.trial.analyse.simulated_value import known, reject_rate_of, simulated
from cordwise.trial.assumptions import assumptions
from cordwise.trial.characteristics.after_stopping import AfterStopping
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay
from cordwise.trial.characteristics.examples import example_trials
from cordwise.trial.characteristics.findings import ArmFinding, EndpointFinding, ScenarioFinding, TrialFindings
from cordwise.trial.characteristics.sample_size import POWER
from cordwise.trial.characteristics.scenario_result import AdjustedEstimate, EndpointResult, LookResult, ScenarioResult
from cordwise.trial.decide.adaptive import AdaptationFinding
from cordwise.trial.result import PowerAtSize, Predictability, RatesBySet, SizeForPower, TrialResult

_FIGURES = 5  # of a value in one parameter set, which is known far less closely


def trial_result(
    findings: TrialFindings,
    days: Sequence[EnrolmentDay],
    adaptation: AdaptationFinding | None,
    *,
    numerics: Numerics,
    commonest_grade: Grade,
    registry: str,
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
        assurance={each.scenario.name: each.reject.value for each in assumed},
        scenarios=tuple(scenario_result(findings, each) for each in findings.scenarios),
        by_parameter_set=tuple(_by_set(findings, each) for each in findings.scenarios),
        sample_size_curve=tuple(point for each in assumed for point in _curve(each)),
        required_size=tuple(row for each in assumed for row in _required(each)),
        enrolment_days=tuple(days),
        randomisation=Predictability(excess_correct_guesses=_excess_guesses(result.course.excess_guesses)),
        adaptation=adaptation,
        example_trials=tuple(row for each in findings.scenarios for row in example_trials(findings, each)),
        assumptions=assumptions(plan, findings.bank, registry),
        numerics=numerics,
        commonest_grade=commonest_grade,
        registry=registry,
        case_mix=findings.bank.case_mix,
        provenance=provenance,
    )


def _excess_guesses(by_replicate: Float[ndarray, " replicate"]) -> float | None:
    known_of = by_replicate[np.isfinite(by_replicate)]
    return float(known_of.mean()) if len(known_of) else None


def scenario_result(findings: TrialFindings, finding: ScenarioFinding) -> ScenarioResult:
    """Return how a trial behaves in one scenario."""
    rows = tuple(_endpoint(findings, each, arm) for each in finding.endpoints for arm in each.arms)
    primary, reject = next(row for row in rows if row.primary), finding.reject
    nesting, stops = findings.result.nesting, finding.stops
    futile, harmed = simulated(nested_rate(stops.futile, nesting)), simulated(nested_rate(stops.harmed, nesting))
    return ScenarioResult(
        name=finding.scenario.name,
        description=finding.scenario.description,
        is_null=finding.scenario.is_null,
        **reject_rate_of(reject),
        expected_n=finding.enrolled.value,
        expected_n_mcse=finding.enrolled.mcse,
        expected_n_total_error=known(finding.enrolled.total_error),
        expected_analysed=finding.analysed.value,
        expected_duration_days=finding.day.value,
        expected_duration_mcse=finding.day.mcse,
        expected_duration_total_error=known(finding.day.total_error),
        bias=primary.bias,
        bias_mcse=primary.bias_mcse,
        bias_total_error=primary.bias_total_error,
        coverage=primary.coverage,
        coverage_mcse=primary.coverage_mcse,
        coverage_total_error=primary.coverage_total_error,
        estimand_true=primary.estimand_true,
        estimand_low95=primary.estimand_low95,
        estimand_high95=primary.estimand_high95,
        estimate_mean=primary.estimate_mean,
        stopped_for_futility=futile.value or 0.0,
        stopped_for_futility_total_error=futile.total_error,
        stopped_for_harm=harmed.value or 0.0,
        stopped_for_harm_total_error=harmed.total_error,
        looks=tuple(_looks(findings, finding)),
        endpoints=rows,
    )


def _by_set(findings: TrialFindings, finding: ScenarioFinding) -> RatesBySet:
    """Return the reject rate and the truth in every parameter set."""
    bank, reject = findings.bank, finding.reject
    return RatesBySet(
        scenario=finding.scenario.name,
        parameter_set=tuple(bank.parameter_draw[bank.rows[:, 0, 0]].tolist()),
        reject_rate=_figures(reject.by_set),
        without_noise=_figures(reject.without_noise),
        estimand_true=_figures(finding.primary.arms[0].characteristics.truth.over_sets.without_noise),
    )


def _figures(values: Float[ndarray, " set"]) -> tuple[float | None, ...]:
    return tuple(float(f"{each:.{_FIGURES}g}") if np.isfinite(each) else None for each in values)


def _looks(findings: TrialFindings, finding: ScenarioFinding) -> Iterator[LookResult]:
    """Yield what happens at each look; nothing where the trial has none but its end."""
    plan, course, stops = findings.result.plan, findings.result.course, finding.stops
    for look in range(len(plan.looks)) if plan.has_looks else ():
        followed, ends_here = float(course.followed[:, look].mean()), stops.look == look
        efficacy, futility = (
            nested_rate(ends_here & each, findings.result.nesting) for each in (stops.any_success, stops.futile)
        )
        yield LookResult(
            look=look + 1,
            patients_analysed=followed,
            patients_enrolled=float(course.enrolled[:, look].mean()),
            information=followed / plan.total,
            day=float(course.day[:, look].mean()),
            efficacy_z=known(stops.efficacy[:, look].mean()),
            futility_z=known(stops.futility[:, look].mean()),
            stopped_for_efficacy=efficacy.value,
            stopped_for_efficacy_mcse=efficacy.mcse,
            stopped_for_efficacy_total_error=known(efficacy.total_error),
            stopped_for_futility=futility.value,
            stopped_for_futility_mcse=futility.mcse,
            stopped_for_futility_total_error=known(futility.total_error),
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
        estimand_true=known(found.truth.value),
        estimand_bank_error=known(found.truth.bank_error),
        estimand_low95=known(found.truth.over_sets.sets_low95),
        estimand_high95=known(found.truth.over_sets.sets_high95),
        estimate_mean=known(found.estimate_mean),
        bias=known(found.bias.value),
        bias_mcse=known(found.bias.mcse),
        bias_total_error=known(found.bias.total_error),
        rmse=known(found.rmse),
        coverage=known(found.coverage.value),
        coverage_mcse=known(found.coverage.mcse),
        coverage_total_error=known(found.coverage.total_error),
        reject_rate=found.reject.value,
        mcse=found.reject.mcse,
        total_error=known(found.reject.total_error),
        low95=found.reject.interval95[0],
        high95=found.reject.interval95[1],
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
        above_truth=simulated(found.above_truth),
        mean_bias=simulated(found.mean_bias),
        coverage=simulated(found.coverage),
    )


def _curve(finding: ScenarioFinding) -> Iterator[PowerAtSize]:
    for endpoint in finding.endpoints:
        for point in endpoint.curve:
            yield PowerAtSize(
                scenario=finding.scenario.name,
                endpoint=endpoint.endpoint.name,
                n_per_arm=point.n_per_arm,
                reject_rate=point.reject.value,
                mcse=point.reject.mcse,
                total_error=known(point.reject.total_error),
                low95=point.reject.interval95[0],
                high95=point.reject.interval95[1],
                extrapolated=point.extrapolated,
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
                mcse=endpoint.required.mcse,
                total_error=endpoint.required.total_error,
                low95=endpoint.required.low95,
                high95=endpoint.required.high95,
                largest=int(endpoint.curve[-1].n_per_arm),
                theory_n_per_arm=None if theory is None else known(theory),
            )
