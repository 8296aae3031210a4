"""The monitoring board over simulated trials: where the safety rule would stop each of them."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.stats.sequential.safety import SafetyRule, stopping_table
from cordwise.trial.enrol.enrolment import Enrolled
from cordwise.trial.plan.plan import TrialPlan


def stop_for_harm(
    plan: TrialPlan, enrolled: Enrolled
) -> tuple[Int[ndarray, " replicate"], Float[ndarray, " replicate"]]:
    """Return how many patients are enrolled when harm stops each replicate (-1: it does not), and on which day.

    Treated patients are counted in order of entry; an event is known when the next patient comes.
    """
    replicates, watch = len(enrolled.row), plan.safety
    if watch is None:
        return np.full(replicates, -1), np.full(replicates, np.inf)
    treated = enrolled.arm > 0
    events = (treated & (enrolled.harm < watch.rate_treated)).cumsum(axis=1)
    stops = treated & (events >= _least_events(watch.rule, plan.total)[treated.cumsum(axis=1)])
    place = stops.argmax(axis=1)
    day = np.take_along_axis(enrolled.arrival, place[:, None], axis=1)[:, 0]
    stopped = stops.any(axis=1)
    return np.where(stopped, place + 1, -1), np.where(stopped, day, np.inf)


def _least_events(rule: SafetyRule, patients: int) -> Int[ndarray, " treated"]:
    """Return the fewest events that stop the trial after so many treated patients."""
    return np.concatenate([[np.iinfo(np.int64).max], stopping_table(rule, patients)])
