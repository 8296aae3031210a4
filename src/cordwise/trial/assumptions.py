"""What a trial's numbers rest on, each with where it comes from."""

from collections.abc import Iterator

from cordwise.bank.bank import PatientBank
from cordwise.base.assumptions import Assumption
from cordwise.trial.plan.plan import PlannedScenario, TrialPlan

_DESIGN_FILE = "the design file"


def assumptions(plan: TrialPlan, bank: PatientBank, registry: str | None = None) -> tuple[Assumption, ...]:
    """Return what a trial's numbers rest on; `registry` says whose natural recovery is assumed, where one trial is."""
    whose = f"those of {registry}: " if registry else ""
    return (
        *(row for scenario in plan.scenarios if not scenario.is_null for row in _effects(scenario)),
        *_losses(plan),
        *_conduct(plan),
        *_grading(plan),
        *_match(bank),
        *_assessment(plan),
        *_safety(plan),
        _row("endpoints beside the primary are tested without adjustment for their number", "as stated", _DESIGN_FILE),
        _row(
            "natural recovery of the simulated patients",
            f"{whose}{bank.groups} groups of {bank.people} people from each of {bank.sets} parameter sets; every trial "
            "draws from one group of one set",
            "population fitted to published registries; unless one is named, each parameter set is a registry not yet "
            "seen",
            status="fitted",
        ),
    )


def _effects(scenario: PlannedScenario) -> Iterator[Assumption]:
    if scenario.translation:
        what = f'{scenario.name}: share of the rodent effect that carries over ("translation")'
        source = "mechanistic cord model; the share itself is assumed by the design file"
        yield _row(what, scenario.translation, source)
        return
    onset = f"full after some {scenario.onset_days:g} days; assumed, not derived"
    for arm, shift in scenario.log_odds.items():
        where = f" ({arm})" if len(scenario.log_odds) > 1 else ""
        yield _row(f"{scenario.name}: shift of tract log odds{where}, {onset}", shift, _DESIGN_FILE)


def _losses(plan: TrialPlan) -> Iterator[Assumption]:
    dropout = plan.design.dropout
    yield _row("withdrawn by the last visit", dropout.rate, dropout.source)
    yield _row("log odds of withdrawing per motor point at baseline", dropout.log_odds_per_motor_point, dropout.source)
    for event in plan.events:
        yield _row(f"{event.name} by the last visit", event.rate, event.source)
    what = "losses do not depend on the arm, given the motor score at baseline"
    yield _row(what, "as stated", "simplification")


def _conduct(plan: TrialPlan) -> Iterator[Assumption]:
    accrual = plan.design.accrual
    yield _row("sites", accrual.sites, accrual.source)
    yield _row("patients enrolled per site and month", accrual.patients_per_site_month, accrual.source)
    if plan.design.population.case_mix:
        yield _row("patients resemble the published baseline table", plan.design.population.case_mix, _DESIGN_FILE)


def _grading(plan: TrialPlan) -> Iterator[Assumption]:
    if not plan.is_graded_twice:
        return
    entry = "both examinations at baseline gave the same grade, or the patient did not enter"
    yield _row("grades are confirmed: who enters", entry, _DESIGN_FILE)
    names = ", ".join(each.name for each in plan.design.endpoints if each.confirmed)
    if names:
        what = f"grades are confirmed: what counts at a visit ({names})"
        yield _row(what, "the lower grade of two examinations on one day", _DESIGN_FILE)
    yield _row("the two examiners of a day err independently", "as stated", "simplification")


def _match(bank: PatientBank) -> Iterator[Assumption]:
    if found := bank.case_mix:
        words = "; ".join((found.kept_words, *(row.words for row in found.missed)))
        yield _row("weighed to the baseline table", words, "this run", status="computed")


def _assessment(plan: TrialPlan) -> Iterator[Assumption]:
    assessment = plan.design.assessment
    if assessment.blinded:
        what = "assessors do not know the arm, and a control injection changes nothing"
        yield _row(what, "as stated", "simplification")
        return
    what = "treated patients graded one step too high by assessors who know the arm"
    yield _row(what, assessment.upgrade_rate, assessment.source)
    for score, points in assessment.points.items():
        yield _row(f"points that such assessors add to {score}", points, assessment.source)


def _safety(plan: TrialPlan) -> Iterator[Assumption]:
    safety = plan.design.safety
    if safety:
        yield _row(f"{safety.event}: rate in treated patients", safety.rate_treated, safety.source)


def _row(what: str, value: float | int | str, source: str, *, status: str = "judgement") -> Assumption:
    return Assumption(what=what, value=value, source=source, status=status)
