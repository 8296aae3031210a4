"""The worlds of a plan: each scenario's truth about the cells of each arm, as the cohort simulates it."""

from pathlib import Path

from cordwise.bank.autologous_worlds import assumed_to_order_world, made_to_order_world, shared_regimens_of
from cordwise.bank.bank import BankSpec
from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.cord.product import AutologousRegimen, Regimen
from cordwise.patient.counterfactual import Counterfactual, assumed_world, with_cells
from cordwise.population.case_mix.entry_file import read_case_mix
from cordwise.trial.plan.plan import PlannedScenario, Treatment, TrialPlan


def bank_spec(plan: TrialPlan, *, patients: int, base_directory: Path = Path()) -> BankSpec:
    """Return who enters the plan's bank and when they are examined; a case mix is read beside the design file."""
    mix = plan.design.population.case_mix
    window = plan.followup.window_days
    return BankSpec(
        grades=plan.grades,
        levels=plan.levels,
        age_years=plan.design.population.age_years,
        baseline_day=plan.baseline_day,
        visits=plan.visits,
        patients=patients,
        visit_window_days=(window,) * len(plan.visits) if window else (),
        case_mix=read_case_mix(mix, base_directory=base_directory, where="population.case_mix") if mix else None,
    )


def scenario_worlds(
    plan: TrialPlan, streams: Streams, *, on_progress: Advance = lambda _: None
) -> dict[str, Counterfactual]:
    """Return the worlds of every scenario but the null one, one for each treated arm, by name."""
    worlds = {}
    for scenario in plan.scenarios:
        for treatment in plan.treatments if not scenario.is_null else ():
            worlds[scenario.world(treatment.arm)] = _world(scenario, treatment, streams)
            on_progress(1)
    return worlds


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


def _world(scenario: PlannedScenario, treatment: Treatment, streams: Streams) -> Counterfactual:
    given = treatment.given(scenario.translation)
    if not scenario.translation:
        shift = scenario.log_odds[treatment.arm]
        if isinstance(given, AutologousRegimen):
            return assumed_to_order_world(given, streams, log_odds=shift, onset_days=scenario.onset_days)
        return assumed_world(shift, dose_day=treatment.day, onset_days=scenario.onset_days)
    return made_to_order_world(given, streams) if isinstance(given, AutologousRegimen) else with_cells(given)
