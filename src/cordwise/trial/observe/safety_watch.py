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
    replicates = len(enrolled.row)
    rule = plan.design.safety
    if rule is None:
        return np.full(replicates, -1), np.full(replicates, np.inf)
    treated = enrolled.arm > 0
    events = (treated & (enrolled.harm < rule.rate_treated)).cumsum(axis=1)
    stops = treated & (events >= _least_events(plan)[treated.cumsum(axis=1)])
    place = stops.argmax(axis=1)
    day = np.take_along_axis(enrolled.arrival, place[:, None], axis=1)[:, 0]
    stopped = stops.any(axis=1)
    return np.where(stopped, place + 1, -1), np.where(stopped, day, np.inf)


def _least_events(plan: TrialPlan) -> Int[ndarray, " treated"]:
    """Return the fewest events that stop the trial after so many treated patients."""
    rule = plan.design.safety
    assert rule is not None
    table = stopping_table(safety_rule(plan), plan.total)
    return np.concatenate([[np.iinfo(np.int64).max], table])


def safety_rule(plan: TrialPlan) -> SafetyRule:
    """Return the design's rule: a beta prior centred on what can be tolerated."""
    given = plan.design.safety
    assert given is not None
    return SafetyRule(
        tolerable=given.tolerable_rate,
        cut=given.certainty,
        prior_events=given.tolerable_rate * given.prior_patients,
        prior_without=(1 - given.tolerable_rate) * given.prior_patients,
        first_look=given.after_patients,
    )
