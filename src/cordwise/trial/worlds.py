"""The worlds of a plan: each scenario's truth about the cells, as the cohort simulates it."""

from cordwise.cohort.bank import BankSpec
from cordwise.cohort.world import World, assumed_world, treated_world
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.isncsci import AIS
from cordwise.progress import Advance
from cordwise.trial.plan import PlannedScenario, Treatment, TrialPlan


def bank_spec(plan: TrialPlan, *, patients: int) -> BankSpec:
    """Return who enters the plan's bank and when they are examined."""
    return BankSpec(
        grades=tuple(int(AIS[grade]) for grade in plan.grades),
        levels=plan.levels,
        age_years=plan.age_years,
        baseline_day=plan.baseline_day,
        visits=plan.visits,
        patients=patients,
    )


def scenario_worlds(plan: TrialPlan, *, on_progress: Advance = lambda _: None) -> dict[str, World]:
    """Return the world of every scenario but the null one, by name; `on_progress` hears of each."""
    worlds = {}
    for scenario in plan.scenarios:
        if not scenario.is_null:
            worlds[scenario.world] = _world(scenario, plan.treatment)
            on_progress(1)
    return worlds


def regimens(plan: TrialPlan) -> list[Regimen | None]:
    """Return what the tissue model is run with: nothing, and the cells of every scenario whose effect it gives."""
    return [None, *(regimen_of(plan.treatment, each.translation) for each in plan.scenarios if each.translation)]


def regimen_of(treatment: Treatment, translation: float) -> Regimen:
    """Return the one dose of the treated arm, at a share of the rodent effect."""
    dose = Dose(treatment.day, treatment.dose_cells, Route(treatment.route))
    return Regimen((dose,), treatment.product, translation)


def _world(scenario: PlannedScenario, treatment: Treatment) -> World:
    if scenario.translation:
        return treated_world(regimen_of(treatment, scenario.translation))
    return assumed_world(scenario.assumed_log_odds, dose_day=treatment.day, onset_days=scenario.onset_days)
