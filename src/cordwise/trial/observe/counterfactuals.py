"""The counterfactuals of a plan: each scenario's truth about the cells of each arm, as the bank simulates it."""

from collections.abc import Sequence
from dataclasses import replace

from cordwise.bank.autologous import shared_regimens_of, with_assumed_autologous_effect, with_autologous_cells
from cordwise.bank.bank import BankSpec
from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.cord.product import AutologousRegimen, Regimen
from cordwise.patient.counterfactual import Counterfactual, with_assumed_effect, with_cells
from cordwise.trial.plan.plan import PlannedScenario, Treatment, TrialPlan

BankRequest = tuple[BankSpec, tuple[tuple[PlannedScenario, Treatment], ...]]
"""What decides a bank: who enters it, and what happens to them."""
_TURNED_AWAY = 3  # times as many come as are enrolled: room for a subgroup of a third or more of the people


def bank_spec(plan: TrialPlan, *, sets: int | None = None) -> BankSpec:
    """Return who enters the plan's bank and when they are examined; every parameter set when `sets` is None."""
    return BankSpec(
        grades=plan.grades,
        levels=plan.levels,
        age_years=plan.age_years,
        baseline_day=plan.baseline_day,
        visits=plan.visits,
        people=most_people(plan),
        sets=sets,
        visit_window_days=(plan.window_days,) * len(plan.visits) if plan.window_days else (),
        case_mix=plan.case_mix,
        confirmed=plan.is_graded_twice,
    )


def most_people(plan: TrialPlan) -> int:
    """Return the most people who come to one trial; where entry narrows, also those whom it then turns away."""
    change = plan.adaptation
    if change is None:
        return plan.total
    return _TURNED_AWAY * plan.total if change.kind == "enrichment" else max(plan.total, change.most_patients or 0)


def shared_requests(plans: Sequence[TrialPlan], *, sets: int | None = None) -> list[BankRequest]:
    """Return what decides each plan's bank; plans that differ in nothing but size ask for the people of the largest."""
    asked: list[BankRequest] = [
        (bank_spec(plan, sets=sets), tuple((s, t) for s in plan.scenarios for t in plan.treatments)) for plan in plans
    ]
    alike = [[spec.people for spec, treated in asked if _same_but_people((spec, treated), each)] for each in asked]
    return [(replace(spec, people=max(found)), treated) for (spec, treated), found in zip(asked, alike, strict=True)]


def _same_but_people(one: BankRequest, other: BankRequest) -> bool:
    return replace(one[0], people=1) == replace(other[0], people=1) and one[1] == other[1]


def scenario_counterfactuals(
    plan: TrialPlan, streams: Streams, *, on_progress: Advance = lambda _: None
) -> dict[str, Counterfactual]:
    """Return what happens to the treated in every scenario but the null one, arm by arm, by the bank's names."""
    found, last_day = {}, plan.visits[-1] + plan.window_days
    for scenario in plan.scenarios:
        for treatment in plan.treatments if not scenario.is_null else ():
            found[scenario.counterfactual(treatment.arm)] = _counterfactual(scenario, treatment, streams, last_day)
            on_progress(1)
    return found


def regimens(plan: TrialPlan, streams: Streams) -> list[Regimen | None]:
    """Return what the tissue model is run with: nothing, and the cells of every scenario whose effect it gives."""
    given = [
        treatment.given(scenario.translation)
        for scenario in plan.scenarios
        if scenario.translation
        for treatment in plan.treatments
    ]
    found: list[Regimen | None] = [None]
    for each in given:
        found += shared_regimens_of(each, streams) if isinstance(each, AutologousRegimen) else [each]
    return found


def _counterfactual(
    scenario: PlannedScenario, treatment: Treatment, streams: Streams, last_day: float
) -> Counterfactual:
    given = treatment.given(scenario.translation)
    if not scenario.translation:
        shift = scenario.log_odds[treatment.arm]
        if isinstance(given, AutologousRegimen):
            return with_assumed_autologous_effect(given, streams, log_odds=shift, onset_days=scenario.onset_days)
        return with_assumed_effect(shift, dose_day=treatment.day, onset_days=scenario.onset_days)
    if isinstance(given, AutologousRegimen):
        return with_autologous_cells(given, streams, last_day=last_day)
    return with_cells(given, last_day)
