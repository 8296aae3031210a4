"""What the bank says of one endpoint in one scenario, patient by patient, before any trial is drawn."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.bank.bank import CONTROL, PatientBank
from cordwise.stats.two_arm.trials import OrderedItems
from cordwise.trial.design.measures import OF_GRADES
from cordwise.trial.enrol.losses import chance_by, withdrawal_chance
from cordwise.trial.observe.readings import (
    BASELINE,
    baseline_motor_score,
    component_values,
    covariate,
    endpoint_values,
    values_graded_up,
    worst_value,
)
from cordwise.trial.plan.endpoints import PlannedEndpoint
from cordwise.trial.plan.plan import PlannedScenario, TrialPlan


@dataclass(frozen=True, slots=True)
class Losses:
    """Chances, by each visit up to the endpoint's, of having withdrawn and of having had each further event."""

    withdrawn: Float[ndarray, "patient visit"]
    event: Float[ndarray, "patient visit event"]


@dataclass(frozen=True, slots=True)
class PotentialOutcomes:
    """The endpoint of every patient of the bank under control and in each treated arm; the control arm comes first.

    Patients come set by set, in a set group by group: `layout` has the numbers of sets and of groups in each.
    """

    endpoint: PlannedEndpoint
    layout: tuple[int, int]
    baseline: Float[ndarray, " patient"]
    worst: Float[ndarray, " patient"]
    series: Float[ndarray, "arm patient visit"]  # up to the endpoint's visit
    graded_up: Float[ndarray, "arm patient"] | None  # the endpoint, graded one AIS grade too high; None without grades
    components: Float[ndarray, "arm patient component"] | None
    muscles: tuple[OrderedItems, ...] | None  # of each arm, with one replicate
    losses: Losses

    @property
    def outcome(self) -> Float[ndarray, "arm patient"]:
        """Return the endpoint itself."""
        return self.series[:, :, -1]


def potential_outcomes_of(
    plan: TrialPlan, bank: PatientBank, scenario: PlannedScenario
) -> tuple[PotentialOutcomes, ...]:
    """Return the prospects of every endpoint in a scenario; the bank may have more visits than the plan reads."""
    bank = bank.at_visits(plan.visits)
    chances = _chances(plan, bank)
    names = (CONTROL, *(scenario.counterfactual(treatment.arm) for treatment in plan.treatments))
    return tuple(_potential_outcomes(bank, endpoint, names, chances) for endpoint in plan.endpoints)


def _potential_outcomes(
    bank: PatientBank, endpoint: PlannedEndpoint, names: tuple[str, ...], chances: Losses
) -> PotentialOutcomes:
    seen, needs = slice(endpoint.visit + 1), endpoint.method.needs
    baseline = covariate(bank, endpoint)
    return PotentialOutcomes(
        endpoint=endpoint,
        layout=(bank.sets, bank.groups),
        baseline=baseline,
        worst=worst_value(endpoint, baseline),
        series=np.stack([endpoint_values(bank, endpoint, name)[:, seen] for name in names]),
        graded_up=np.stack([values_graded_up(bank, endpoint, name)[:, endpoint.visit] for name in names])
        if endpoint.measure in OF_GRADES
        else None,
        components=np.stack([component_values(bank, endpoint, name, endpoint.visit) for name in names])
        if needs == "components"
        else None,
        muscles=tuple(_muscles(bank, name, endpoint) for name in names) if needs == "muscles" else None,
        losses=Losses(chances.withdrawn[:, seen], chances.event[:, seen]),
    )


def _muscles(bank: PatientBank, name: str, endpoint: PlannedEndpoint) -> OrderedItems:
    """Return the muscles of an endpoint's score, at baseline and at its visit, as one trial of the whole bank."""
    which: dict[str, slice] = {"uems": slice(0, 5), "lems": slice(5, 10)}
    chosen = which.get(endpoint.kind.score, slice(0, 10))
    before = bank.outcomes[CONTROL].muscles[None, :, BASELINE, :, chosen]
    return OrderedItems(before, bank.outcomes[name].muscles[None, :, BASELINE + 1 + endpoint.visit, :, chosen])


def _chances(plan: TrialPlan, bank: PatientBank) -> Losses:
    motor = baseline_motor_score(bank)
    followup, visits = followup_days(plan, bank), np.asarray(plan.visits)
    elapsed = visits - bank.baseline_day[:, None]
    rows = [(plan.dropout_rate, plan.dropout_slope)]
    rows += [(event.rate, event.log_odds_per_motor_point) for event in plan.events]
    by_visit = []
    for rate, slope in rows:
        at_end = withdrawal_chance(motor, rate=rate, slope=slope)
        by_visit.append(chance_by(at_end[:, None], elapsed=elapsed, followup=followup[:, None]))
    return Losses(by_visit[0], np.stack(by_visit[1:], axis=2) if len(by_visit) > 1 else np.zeros((*elapsed.shape, 0)))


def followup_days(plan: TrialPlan, bank: PatientBank) -> Float[ndarray, " patient"]:
    """Return each patient's days from the baseline examination to the last visit."""
    return plan.visits[-1] - bank.baseline_day


def gone_by_visit(
    uniform: Float[ndarray, "replicate patient"],
    chance: Float[ndarray, "member visit"],
    row: Int[ndarray, "replicate patient"],
) -> Bool[ndarray, "replicate patient visit"]:
    """Return whether something has befallen the enrolled patients by each visit."""
    return uniform[:, :, None] < chance[row]
