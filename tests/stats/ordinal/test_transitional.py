"""The transitional model of ordered items: a slow twin, mirrored sides, the type I error."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.stats.ordinal import (
    fit_cumulative_logit,
    transitional_ordinal,
)
from cordwise.stats.two_arm.trials import OrderedItems
from reference.ordinal_plain import covariance_of_one_trial
from reference.ordinal_trials import item_trials

ALPHA = 0.05


def _transitional_rows(trials, r):
    rows, grades, patients = [], [], []
    for patient in np.flatnonzero(trials.analysed[r]):
        for side in range(2):
            for item in range(trials.items.outcome.shape[-1]):
                above = trials.items.outcome[r, patient, side, item - 1] if item else 6
                own = trials.items.baseline[r, patient, side, item]
                levels = [above == level for level in range(1, 7)] + [own == level for level in range(1, 6)]
                rows.append([trials.treated[r, patient], *levels])
                grades.append(trials.items.outcome[r, patient, side, item])
                patients.append(patient)
    return np.array(rows, float), np.array(grades), np.array(patients)


def test_transitional_model_agrees_with_items_listed_one_by_one():
    trials = item_trials(2, 120, effect=0.6)
    found = transitional_ordinal(trials, alpha=ALPHA)
    for r in range(2):
        design, grade, patient = _transitional_rows(trials, r)
        fit = fit_cumulative_logit(design, grade)
        parameters = np.concatenate((fit.thresholds, fit.coefficients))
        sandwich = covariance_of_one_trial(parameters, design, grade, cluster=patient)
        first = len(fit.thresholds)
        assert found.estimate[r] == pytest.approx(fit.coefficients[0], rel=1e-6)
        z = found.estimate[r] / np.sqrt(sandwich[first, first])
        assert found.p[r] == pytest.approx(_t_tail(z, len(set(patient)) - 2), rel=1e-3)


def _t_tail(z, degrees):
    from scipy.stats import t

    return 2 * t.sf(abs(z), degrees)


def test_transitional_model_is_the_same_from_either_side():
    trials = item_trials(5, 40, effect=0.6)
    mirrored = replace(trials, items=OrderedItems(trials.items.baseline[:, :, ::-1], trials.items.outcome[:, :, ::-1]))
    there, here = transitional_ordinal(trials, alpha=ALPHA), transitional_ordinal(mirrored, alpha=ALPHA)
    np.testing.assert_allclose(there.p, here.p, rtol=1e-6)


def test_transitional_model_without_an_arm_has_no_estimate():
    trials = item_trials(3, 20)
    found = transitional_ordinal(replace(trials, treated=np.zeros_like(trials.treated)), alpha=ALPHA)
    assert np.isnan(found.estimate).all()
    assert (found.p == 1).all()


def _size_error(p):
    """Return how many Monte Carlo standard errors the share of rejections is from the level."""
    return ((p <= ALPHA).mean() - ALPHA) / np.sqrt(ALPHA * (1 - ALPHA) / len(p))


@pytest.mark.slow
@pytest.mark.parametrize("patients", [20, 60, 200])
def test_type_i_error_of_the_transitional_model_is_nominal(patients):
    assert abs(_size_error(transitional_ordinal(item_trials(4000, patients, seed=5), alpha=ALPHA).p)) < 4
