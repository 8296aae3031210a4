"""The sliding analysis: a slow twin, a published trial, the type I error."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri

from cordwise.stats.ordinal import (
    fit_cumulative_logit,
    score_and_information,
    sliding_ordinal,
)
from reference.ordinal_plain import score_of_one_trial, sliding_grades_of_one_trial
from reference.ordinal_trials import ordinal_trials

ALPHA = 0.05
SEVERE = np.array([0.45, 0.15, 0.2, 0.18, 0.02])  # categories of an outcome whose lowest is the commonest


@pytest.mark.parametrize("cuts", [1, 2, 3])
def test_sliding_grades_agree_with_grading_patient_by_patient(cuts):
    trials = ordinal_trials(6, 43, categories=9, effect=0.5)
    found = sliding_ordinal(trials, alpha=ALPHA, cuts=cuts)
    for r in range(6):
        seen = trials.analysed[r]
        band, grade = sliding_grades_of_one_trial(trials.baseline[r, seen], trials.outcome[r, seen], 3, cuts)
        treated = trials.treated[r, seen]
        score, information = np.sum(
            [score_of_one_trial(grade[band == each], treated[band == each]) for each in set(band)], axis=0
        )
        assert found.estimate[r] == pytest.approx(score / information, rel=1e-12)


def test_the_sliding_dichotomy_of_crash_is_found_again():
    """Better and worse than expected in three bands, by arm: Critical Care 15 (2011) R127, table 4."""
    steroid, placebo = [[1162, 427], [1113, 497], [702, 899]], [[1227, 371], [1106, 466], [793, 791]]
    counts = np.stack((placebo, steroid), axis=1).astype(float)
    arm, worse = np.indices((2, 2)).reshape(2, -1)
    fits = [fit_cumulative_logit(arm[:, None], worse, band.ravel()) for band in counts]
    ratio, error = np.array([(fit.coefficients[0], fit.standard_errors[-1]) for fit in fits]).T
    interval = np.exp(ratio + np.multiply.outer([0, ndtri(ALPHA / 2), -ndtri(ALPHA / 2)], error))
    published = [[1.22, 1.06, 1.28], [1.03, 0.91, 1.11], [1.43, 1.23, 1.47]]
    np.testing.assert_allclose(interval, published, atol=0.01)  # the paper cuts some digits off
    score, information = score_and_information(counts)
    np.testing.assert_allclose(score / information, ratio, rtol=0.01)


def _null(replicates, patients, seed):
    trials = ordinal_trials(replicates, patients, seed=seed, analysed=2)
    outcome = np.random.default_rng([seed, 1]).choice(5, p=SEVERE, size=trials.outcome.shape)
    return replace(trials, outcome=outcome.astype(float))


def _within_four_mcse(estimates):
    mcse = np.sqrt(ALPHA * (1 - ALPHA) / len(estimates.p))
    return abs((estimates.p <= ALPHA).mean() - ALPHA) < 4 * mcse


def test_type_i_error_of_the_sliding_analysis_is_nominal():
    assert _within_four_mcse(sliding_ordinal(_null(4000, 60, 6), alpha=ALPHA))
