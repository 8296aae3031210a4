"""The monitoring board over simulated trials: the rule stops where its table says, and not before."""

import numpy as np

from cordwise.base.randomness import Streams
from cordwise.stats.sequential.safety import stopping_table
from cordwise.trial.enrol.enrolment import enrol
from cordwise.trial.observe.safety_watch import stop_for_harm
from cordwise.trial.plan.plan import plan_trial
from trial_bank import shared_bank, synthetic_design

SAFETY = {"event": "SAE", "tolerable_rate": 0.15, "rate_treated": 0.3, "after_patients": 5, "source": "s"}


def _watched(**changes):
    plan = plan_trial(synthetic_design(safety={**SAFETY, **changes}))
    enrolled = enrol(plan, shared_bank(), Streams(1), name="x", block=0, size=plan.total)
    return plan, enrolled, *stop_for_harm(plan, enrolled)


def test_a_trial_stops_at_the_first_patient_at_whom_the_table_says_so():
    plan, enrolled, patient, day = _watched()
    table = stopping_table(plan.safety.rule, plan.total)
    for replicate in range(len(patient)):
        treated = events = 0
        expected, when = -1, np.inf
        for place in range(plan.total):
            if enrolled.arm[replicate, place] == 1:
                treated += 1
                events += enrolled.harm[replicate, place] < 0.3
                if events >= table[treated - 1]:
                    expected, when = place + 1, enrolled.arrival[replicate, place]
                    break
        assert patient[replicate] == expected
        assert day[replicate] == when


def test_nothing_stops_before_the_first_patients_or_without_events():
    plan, enrolled, patient, _ = _watched(rate_treated=0.99)
    treated = (enrolled.arm == 1).cumsum(axis=1)
    stopped = np.take_along_axis(treated, patient[:, None] - 1, axis=1)[:, 0]
    assert (stopped == 5).all()
    assert plan.safety.rule.first_look == 5
    assert (_watched(rate_treated=0.0)[2] == -1).all()


def test_without_a_rule_nothing_stops():
    plan = plan_trial(synthetic_design())
    enrolled = enrol(plan, shared_bank(), Streams(1), name="x", block=0, size=20)
    patient, day = stop_for_harm(plan, enrolled)
    assert (patient == -1).all()
    assert np.isinf(day).all()
