"""The continual reassessment method: its posterior, late toxicities, its caution."""

import numpy as np
import pytest

from cordwise.stats.dose_finding import skeleton
from cordwise.stats.dose_finding.crm import Crm, CrmModel, crm_estimate
from cordwise.stats.dose_finding.dose_history import DoseHistory, Pending
from reference import escalation_plain

MODEL = CrmModel(tuple(skeleton(0.3, doses=5, guess=3).tolist()))


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


def test_crm_does_not_rise_after_a_toxicity_in_the_last_cohort():
    counts = np.array([[3, 3, 0, 0, 0]])
    calm, alarmed = (
        DoseHistory(counts, np.array([[0, 0, 0, 0, 0]]), np.array([1]), np.array([last])) for last in (0, 1)
    )
    assert Crm(MODEL, 0.3).next_dose(calm)[0] == 2
    assert Crm(MODEL, 0.3).next_dose(alarmed)[0] == 1
