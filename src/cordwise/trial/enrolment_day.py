"""Later enrolment, fewer patients: how the spread of natural recovery, and a trial's size, fall with time.

The effect is held fixed, in the endpoint's own unit, and the follow-up after baseline too; only the day of the baseline
examination moves.  Sizes are by theory from the spread in the simulated patients, at equal allocation without losses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cordwise.cohort.bank import CONTROL, build_bank
from cordwise.cohort.posterior import Posterior
from cordwise.progress import Advance
from cordwise.randomness import Streams
from cordwise.trial.design.endpoints import Endpoint
from cordwise.trial.formulas.means import t_test_n_per_arm
from cordwise.trial.formulas.proportions import pooled_n_per_arm
from cordwise.trial.measures import MEASURES
from cordwise.trial.plan import TrialPlan
from cordwise.trial.readings import covariate, endpoint_values
from cordwise.trial.worlds import bank_spec

DAYS = (3.0, 7.0, 14.0, 28.0, 45.0, 90.0, 180.0)
PATIENTS = 2000  # simulated for each day: the spread is then known to about two per cent
FIXED_POINTS, FIXED_SHARE = 5.0, 0.2  # effects customary in sample-size work: 5 points, or 20 in 100 more patients
POWER = 0.8
_HALF_WINDOW = 0.1  # of the day, either side


@dataclass(frozen=True, slots=True)
class EnrolmentDay:
    """What enrolment about one day after injury asks of a trial."""

    day: float
    control_mean: float
    control_sd: float  # about the baseline, for a score
    n_per_arm: float


def enrolment_days(
    plan: TrialPlan,
    posterior: Posterior,
    streams: Streams,
    *,
    days: Sequence[float] = DAYS,
    patients: int = PATIENTS,
    on_progress: Advance = lambda _: None,
) -> tuple[EnrolmentDay, ...]:
    """Return the size that a fixed effect on the primary endpoint asks for, by the day of enrolment."""
    found = []
    for day in days:
        found.append(_at(plan, posterior, streams, day, patients))
        on_progress(1)
    return tuple(found)


def fixed_effect(endpoint: Endpoint) -> float:
    """Return the effect that is held fixed, in the endpoint's unit."""
    return FIXED_SHARE if _is_share(endpoint) else FIXED_POINTS


def _at(plan: TrialPlan, posterior: Posterior, streams: Streams, day: float, patients: int) -> EnrolmentDay:
    endpoint = plan.primary.spec
    later = endpoint.day - sum(plan.baseline_day) / 2
    window = ((1 - _HALF_WINDOW) * day, (1 + _HALF_WINDOW) * day)
    spec = replace(
        bank_spec(plan, patients=patients),
        baseline_day=window,
        visits=(day + later,),
        visit_window_days=(),
        case_mix=None,
    )
    bank = build_bank(spec, posterior, streams)
    values = endpoint_values(bank, endpoint, CONTROL)[:, 0]
    if _is_share(endpoint):
        share = float(values.mean())
        other = share + FIXED_SHARE if share + FIXED_SHARE < 1 else share - FIXED_SHARE
        n = pooled_n_per_arm(share, other, power=POWER, alpha=endpoint.alpha)
        return EnrolmentDay(day, share, float(np.sqrt(share * (1 - share))), n)
    sd = _about_baseline(values, covariate(bank, endpoint))
    n = t_test_n_per_arm(FIXED_POINTS, sd, power=POWER, alpha=endpoint.alpha, covariates=1)
    return EnrolmentDay(day, float(values.mean()), sd, n)


def _is_share(endpoint: Endpoint) -> bool:
    return MEASURES[endpoint.measure].kind == "binary"


def _about_baseline(values: np.ndarray, baseline: np.ndarray) -> float:
    """Return the standard deviation of the values about their regression on the baseline."""
    spread = baseline.var()
    slope = np.cov(baseline, values, bias=True)[0, 1] / spread if spread > 0 else 0.0
    return float((values - slope * baseline).std(ddof=2))
