"""BOIN: boundaries, decisions, a slow twin."""

import numpy as np

from cordwise.base.randomness import Streams
from cordwise.stats.dose_finding.boin import Boin, boin_boundaries, decision_table
from cordwise.stats.dose_finding.simulate import EscalationPlan, simulate_escalation
from reference import escalation_plain

RATES = np.array([0.05, 0.15, 0.3, 0.45, 0.6])
PLAN = EscalationPlan(30, 3, 0, window_days=28.0, patients_per_day=1 / 15)


def test_boin_goes_the_way_of_one_trial_at_a_time():
    replicates, limits = 60, boin_boundaries(0.3)
    trials = simulate_escalation(Boin(0.3), RATES, PLAN, Streams(8), replicates=replicates)
    tolerances = Streams(8)("escalation tolerance").uniforms(PLAN.patients, np.arange(replicates))
    for row in range(replicates):
        treated, toxic, selected = escalation_plain.boin_trial(
            tolerances[row], RATES, 0.3, (limits.escalate, limits.deescalate), PLAN.cohort, PLAN.patients
        )
        assert (trials.patients[row].tolist(), trials.toxicities[row].tolist()) == (treated, toxic)
        assert trials.selected[row] == selected


def test_the_decision_table_closes_no_dose_before_three_patients():
    table = decision_table(0.3, (1, 2, 3))
    assert table.close_at_least == (None, None, 3)
    assert table.escalate_at_most == (0, 0, 0)


def test_boundaries_lie_between_the_rates_too_low_and_too_high():
    for target in (0.1, 0.2, 0.33):
        limits = boin_boundaries(target)
        assert 0.6 * target < limits.escalate < target < limits.deescalate < 1.4 * target
