import csv
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.stats.dose_finding import skeleton, three_plus_three
from cordwise.stats.dose_finding.boin import Boin, boin_boundaries, decision_table
from cordwise.stats.dose_finding.conventions import convention
from cordwise.stats.dose_finding.crm import Crm, CrmModel, crm_estimate
from cordwise.stats.dose_finding.dose_history import STOP, DoseHistory, Pending
from cordwise.stats.dose_finding.isotonic import isotonic_rates
from cordwise.stats.dose_finding.rule_based import ThreePlusThree
from cordwise.stats.dose_finding.simulate import EscalationPlan, simulate_escalation
from reference import escalation_plain

RATES = np.array([0.05, 0.15, 0.3, 0.45, 0.6])
PLAN = EscalationPlan(30, 3, 0, window_days=28.0, patients_per_day=1 / 15)
MODEL = CrmModel(tuple(skeleton(0.3, doses=5, guess=3).tolist()))


def designs():
    return [ThreePlusThree(), Boin(0.3), Crm(MODEL, 0.3), Crm(MODEL, 0.3, waits=False)]


@given(st.lists(st.floats(0.01, 0.95), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None)
def test_three_plus_three_is_exact(rates):
    selected, patients = escalation_plain.three_plus_three(rates)
    found = three_plus_three(rates)
    np.testing.assert_allclose(found.selected, selected, atol=1e-12)
    assert found.expected_patients == pytest.approx(patients)
    assert sum(found.selected) == pytest.approx(1)


def test_simulated_three_plus_three_agrees_with_the_exact_one():
    replicates, exact = 6_000, three_plus_three(RATES)
    trials = simulate_escalation(ThreePlusThree(), RATES, PLAN, Streams(5), replicates=replicates)
    shares = np.bincount(trials.selected + 1, minlength=6) / replicates
    mcse = np.sqrt(np.array(exact.selected) * (1 - np.array(exact.selected)) / replicates)
    assert np.all(np.abs(shares - exact.selected) < 4 * mcse)
    np.testing.assert_allclose(trials.patients.mean(axis=0), exact.patients, atol=4 * 3 / np.sqrt(replicates))
    np.testing.assert_allclose(trials.toxicities.mean(axis=0), exact.toxicities, atol=4 * 1.5 / np.sqrt(replicates))


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


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 9)), min_size=1, max_size=7))
@settings(max_examples=40, deadline=None)
def test_rising_rates_are_those_of_pooled_violators(pairs):
    rates, weights = (np.array([column]) for column in zip(*pairs, strict=True))
    plain = escalation_plain.pool_adjacent(rates[0].tolist(), weights[0].tolist())
    np.testing.assert_allclose(isotonic_rates(rates, weights, np.ones_like(rates, bool))[0], plain, atol=1e-9)


def test_an_unused_dose_has_no_rate_and_does_not_disturb_the_others():
    rates, weights = np.array([[0.4, 0.9, 0.2]]), np.ones((1, 3))
    found = isotonic_rates(rates, weights, np.array([[True, False, True]]))[0]
    assert np.isnan(found[1])
    np.testing.assert_allclose(found[[0, 2]], 0.3)


def test_the_decision_table_closes_no_dose_before_three_patients():
    table = decision_table(0.3, (1, 2, 3))
    assert table.close_at_least == (None, None, 3)
    assert table.escalate_at_most == (0, 0, 0)


def test_boundaries_lie_between_the_rates_too_low_and_too_high():
    for target in (0.1, 0.2, 0.33):
        limits = boin_boundaries(target)
        assert 0.6 * target < limits.escalate < target < limits.deescalate < 1.4 * target


def test_the_posterior_of_crm_is_the_integral():
    guesses, doses, toxic = (0.05, 0.12, 0.25, 0.4), [0, 0, 1, 1, 2, 2, 1], [0, 0, 0, 1, 1, 0, 0]
    plain = escalation_plain.crm_posterior_mean(guesses, 1.2, doses, toxic, [1] * 7)
    found = crm_estimate(CrmModel(guesses, prior_sd=1.2), target=0.25, doses=[d + 1 for d in doses], toxic=toxic)
    assert found.parameter == pytest.approx(plain, abs=1e-6)


def test_a_patient_under_observation_counts_by_the_part_of_the_window_gone():
    guesses, parts = (0.05, 0.12, 0.25), [1, 1, 0.4, 0.7]
    plain = escalation_plain.crm_posterior_mean(guesses, 1.2, [0, 1, 1, 2], [0, 1, 0, 0], parts)
    model = CrmModel(guesses, prior_sd=1.2)
    pending = Pending(np.array([[1, 2]]), np.array([[0.4, 0.7]]))
    posterior = model.posterior(np.array([[1, 1, 0]]), np.array([[0, 1, 0]]), pending)
    assert posterior[0] @ model.grid() == pytest.approx(plain, abs=1e-6)


@pytest.mark.parametrize("response", ["empiric", "logistic"])
def test_at_the_guess_the_skeleton_has_the_target_and_it_rises(response):
    rates = skeleton(0.25, doses=6, guess=4, halfwidth=0.06, model=response)
    assert rates[3] == pytest.approx(0.25)
    assert np.all(np.diff(rates) > 0)
    np.testing.assert_allclose(CrmModel(tuple(rates.tolist()), response).rates(np.array(0.0)), rates)


def test_a_skeleton_that_cannot_be_is_refused_with_every_reason():
    with pytest.raises(InputError) as caught:
        skeleton(0.05, doses=3, guess=4, halfwidth=0.1)
    assert [fault.where for fault in caught.value.faults] == ["guess", "halfwidth"]


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


def test_crm_does_not_rise_after_a_toxicity_in_the_last_cohort():
    counts = np.array([[3, 3, 0, 0, 0]])
    calm, alarmed = (
        DoseHistory(counts, np.array([[0, 0, 0, 0, 0]]), np.array([1]), np.array([last])) for last in (0, 1)
    )
    assert Crm(MODEL, 0.3).next_dose(calm)[0] == 2
    assert Crm(MODEL, 0.3).next_dose(alarmed)[0] == 1


def test_not_waiting_shortens_the_trial_and_waiting_costs_the_window_of_every_cohort():
    waiting, going = (
        simulate_escalation(Crm(MODEL, 0.3, waits=waits), RATES, PLAN, Streams(6), replicates=400)
        for waits in (True, False)
    )
    full = (waiting.patients.sum(axis=1) == PLAN.patients) & (going.patients.sum(axis=1) == PLAN.patients)
    saved = (waiting.duration_days - going.duration_days)[full]
    np.testing.assert_allclose(saved, 9 * PLAN.window_days)


def test_every_conventional_number_has_a_unit_a_source_a_status_and_a_meaning():
    text = files("cordwise.stats.dose_finding").joinpath("data/conventions.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows
    for row in rows:
        assert all(row[column] for column in ("name", "value", "unit", "source", "status", "meaning")), row
        assert row["status"] in ("seen", "recalled", "fitted", "judgement")
        assert convention(row["name"]) == float(row["value"])
