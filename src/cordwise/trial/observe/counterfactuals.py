"""The counterfactuals of a plan: each scenario's truth about the cells of each arm, as the bank simulates it."""

from cordwise.bank.autologous import shared_regimens_of, with_assumed_autologous_effect, with_autologous_cells
from cordwise.bank.bank import BankSpec
from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.cord.product import AutologousRegimen, Regimen
from cordwise.patient.counterfactual import Counterfactual, with_assumed_effect, with_cells
from cordwise.trial.plan.plan import PlannedScenario, Treatment, TrialPlan


def bank_spec(plan: TrialPlan, *, patients: int) -> BankSpec:
    """Return who enters the plan's bank and when they are examined."""
    return BankSpec(
        grades=plan.grades,
        levels=plan.levels,
        age_years=plan.age_years,
        baseline_day=plan.baseline_day,
        visits=plan.visits,
        patients=patients,
        visit_window_days=(plan.window_days,) * len(plan.visits) if plan.window_days else (),
        case_mix=plan.case_mix,
    )


def scenario_counterfactuals(
    plan: TrialPlan, streams: Streams, *, on_progress: Advance = lambda _: None
) -> dict[str, Counterfactual]:
    """Return what happens to the treated in every scenario but the null one, arm by arm, by the bank's names."""
    found = {}
    for scenario in plan.scenarios:
        for treatment in plan.treatments if not scenario.is_null else ():
            found[scenario.counterfactual(treatment.arm)] = _counterfactual(scenario, treatment, streams)
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


def _counterfactual(scenario: PlannedScenario, treatment: Treatment, streams: Streams) -> Counterfactual:
    given = treatment.given(scenario.translation)
    if not scenario.translation:
        shift = scenario.log_odds[treatment.arm]
        if isinstance(given, AutologousRegimen):
            return with_assumed_autologous_effect(given, streams, log_odds=shift, onset_days=scenario.onset_days)
        return with_assumed_effect(shift, dose_day=treatment.day, onset_days=scenario.onset_days)
    return with_autologous_cells(given, streams) if isinstance(given, AutologousRegimen) else with_cells(given)
