"""The 3+3 design: exact, and simulated."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.randomness import Streams
from cordwise.stats.dose_finding import three_plus_three
from cordwise.stats.dose_finding.rule_based import ThreePlusThree
from cordwise.stats.dose_finding.simulate import EscalationPlan, simulate_escalation
from reference import escalation_plain

RATES = np.array([0.05, 0.15, 0.3, 0.45, 0.6])
PLAN = EscalationPlan(30, 3, 0, window_days=28.0, patients_per_day=1 / 15)


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
