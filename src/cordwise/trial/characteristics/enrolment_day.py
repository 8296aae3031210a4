"""Later enrolment, fewer patients: how the spread of natural recovery, and a trial's size, fall with time.

The effect is held fixed, in the endpoint's own unit, and the follow-up after baseline too; only the day of the baseline
examination moves.  The total motor score, on which the rule was found (Fawcett 2007), stands beside the primary
endpoint.  Sizes are by theory from the spread in the simulated patients, at equal allocation without losses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.bank.bank import CONTROL, PatientBank, build_bank
from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.population.posterior import Posterior
from cordwise.stats.sample_size.means import t_test_n_per_arm
from cordwise.stats.sample_size.proportions import pooled_n_per_arm
from cordwise.trial.design.complete import complete_endpoint
from cordwise.trial.design.endpoints import EndpointTable
from cordwise.trial.observe.counterfactuals import bank_spec
from cordwise.trial.observe.readings import covariate, endpoint_values
from cordwise.trial.plan.endpoints import PlannedEndpoint, planned_endpoint
from cordwise.trial.plan.plan import TrialPlan

DAYS = (3.0, 7.0, 14.0, 28.0, 45.0, 90.0, 180.0)
PEOPLE = 10  # simulated for each day from every parameter set: the spread is then known to about two per cent
FIXED_POINTS, FIXED_SHARE = 5.0, 0.2  # effects customary in sample-size work: 5 points, or 20 in 100 more patients
POWER = 0.8
_HALF_WINDOW = 0.1  # of the day, either side


@dataclass(frozen=True, slots=True)
class EnrolmentDay:
    """What enrolment about one day after injury asks of a trial, on one endpoint."""

    day: float
    endpoint: str
    fixed_effect: float
    control_mean: float
    control_sd: float  # about the baseline, for a score
    n_per_arm: float


def enrolment_days(
    plan: TrialPlan,
    posterior: Posterior,
    streams: Streams,
    *,
    days: Sequence[float] = DAYS,
    sets: int | None = None,
    on_progress: Advance = lambda _: None,
) -> tuple[EnrolmentDay, ...]:
    """Return the size that a fixed effect asks for by the day of enrolment, endpoint by endpoint."""
    endpoints = _endpoints(plan)
    found = []
    for day in days:
        bank = _bank(plan, posterior, streams, day, sets)
        found.append([_needed(bank, endpoint, day) for endpoint in endpoints])
        on_progress(1)
    return tuple(row[place] for place in range(len(endpoints)) for row in found)


def falls(rows: Sequence[EnrolmentDay]) -> bool:
    """Tell whether the patients needed fall from each day to the next."""
    return all(later.n_per_arm < earlier.n_per_arm for earlier, later in pairwise(rows))


def _endpoints(plan: TrialPlan) -> list[PlannedEndpoint]:
    day, kind, design = plan.primary.day, plan.primary.kind, plan.design
    table = EndpointTable(name="total motor score", measure="total_motor_change", day=day)
    motor = planned_endpoint(complete_endpoint(table, design.population, design.arms, is_primary=False), (day,))
    usable = kind.kind == "binary" or kind.is_change
    return [plan.primary, motor] if usable and kind.score != "total_motor" else [motor]


def _bank(plan: TrialPlan, posterior: Posterior, streams: Streams, day: float, sets: int | None) -> PatientBank:
    """Return patients examined about a day after injury, and again as long after it as the trial follows them."""
    later = plan.primary.day - sum(plan.baseline_day) / 2
    spec = replace(
        bank_spec(plan, sets=sets),
        people=PEOPLE,
        groups=1,
        case_mix=None,  # the table describes another day
        baseline_day=((1 - _HALF_WINDOW) * day, (1 + _HALF_WINDOW) * day),
        visits=(day + later,),
        visit_window_days=(),
    )
    return build_bank(spec, posterior, streams)


def _needed(bank: PatientBank, endpoint: PlannedEndpoint, day: float) -> EnrolmentDay:
    values = endpoint_values(bank, endpoint, CONTROL)[:, 0]
    if endpoint.kind.kind == "binary":
        share = float(values.mean())
        other = share + FIXED_SHARE if share + FIXED_SHARE < 1 else share - FIXED_SHARE
        n = pooled_n_per_arm(share, other, power=POWER, alpha=endpoint.alpha)
        return EnrolmentDay(day, endpoint.name, FIXED_SHARE, share, float(np.sqrt(share * (1 - share))), n)
    sd = _about_baseline(values, covariate(bank, endpoint))
    n = t_test_n_per_arm(FIXED_POINTS, sd, power=POWER, alpha=endpoint.alpha, covariates=1)
    return EnrolmentDay(day, endpoint.name, FIXED_POINTS, float(values.mean()), sd, n)


def _about_baseline(values: Float[ndarray, " patient"], baseline: Float[ndarray, " patient"]) -> float:
    """Return the standard deviation of the values about their regression on the baseline."""
    spread = baseline.var()
    slope = np.cov(baseline, values, bias=True)[0, 1] / spread if spread > 0 else 0.0
    return float((values - slope * baseline).std(ddof=2))
