"""Simulated escalation: what holds for every design."""

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.stats.dose_finding import skeleton
from cordwise.stats.dose_finding.boin import Boin
from cordwise.stats.dose_finding.crm import Crm, CrmModel
from cordwise.stats.dose_finding.dose_history import STOP
from cordwise.stats.dose_finding.rule_based import ThreePlusThree
from cordwise.stats.dose_finding.simulate import EscalationPlan, simulate_escalation

RATES = np.array([0.05, 0.15, 0.3, 0.45, 0.6])
PLAN = EscalationPlan(30, 3, 0, window_days=28.0, patients_per_day=1 / 15)
MODEL = CrmModel(tuple(skeleton(0.3, doses=5, guess=3).tolist()))


def designs():
    return [ThreePlusThree(), Boin(0.3), Crm(MODEL, 0.3), Crm(MODEL, 0.3, waits=False)]


@pytest.mark.parametrize("rule", designs(), ids=["3+3", "boin", "crm", "tite"])
def test_the_replicates_do_not_depend_on_how_many_there_are(rule):
    few, more = (simulate_escalation(rule, RATES, PLAN, Streams(2), replicates=n) for n in (30, 1030))
    np.testing.assert_array_equal(few.patients, more.patients[:30])
    np.testing.assert_array_equal(few.duration_days, more.duration_days[:30])


@pytest.mark.parametrize("rule", designs(), ids=["3+3", "boin", "crm", "tite"])
def test_no_dose_is_skipped_and_no_more_toxicities_occur_than_patients(rule):
    trials = simulate_escalation(rule, RATES, PLAN, Streams(3), replicates=300)
    tried = trials.patients > 0
    assert np.all(tried[:, :-1] | ~tried[:, 1:])
    assert np.all((trials.toxicities >= 0) & (trials.toxicities <= trials.patients))
    assert np.all(trials.patients.sum(axis=1) <= PLAN.patients)


@pytest.mark.parametrize("rule", designs(), ids=["3+3", "boin", "crm", "tite"])
def test_harmless_doses_end_at_the_top_and_poisons_end_without_a_dose(rule):
    harmless = simulate_escalation(rule, np.full(5, 1e-9), PLAN, Streams(4), replicates=50)
    poison = simulate_escalation(rule, np.full(5, 1 - 1e-9), PLAN, Streams(4), replicates=50)
    assert np.all(harmless.selected == 4)
    assert np.all(poison.selected == STOP)
    assert np.all(poison.patients.sum(axis=1) < PLAN.patients / 2)


def test_not_waiting_shortens_the_trial_and_waiting_costs_the_window_of_every_cohort():
    waiting, going = (
        simulate_escalation(Crm(MODEL, 0.3, waits=waits), RATES, PLAN, Streams(6), replicates=400)
        for waits in (True, False)
    )
    full = (waiting.patients.sum(axis=1) == PLAN.patients) & (going.patients.sum(axis=1) == PLAN.patients)
    saved = (waiting.duration_days - going.duration_days)[full]
    np.testing.assert_allclose(saved, 9 * PLAN.window_days)
