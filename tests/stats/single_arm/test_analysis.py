"""Single-arm analyses, batched, against SciPy and enumeration."""

import numpy as np
import pytest
from scipy import stats

from cordwise.stats.single_arm.analysis import simon_two_stage, single_arm_exact
from cordwise.stats.single_arm.design import simon_designs
from cordwise.stats.two_arm.trials import Trials

DESIGN = simon_designs(0.2, 0.4, alpha=0.05, power=0.8)[0]


def _single(outcome, treated=None):
    everyone = np.ones(outcome.shape, dtype=bool)
    zeros = np.zeros(outcome.shape)
    treated = everyone if treated is None else treated
    return Trials(treated, everyone, outcome.astype(float), zeros, zeros.astype(int))


def test_the_exact_test_agrees_with_scipy_and_ignores_controls():
    random = np.random.default_rng(2)
    trials = _single(random.random((9, 25)) < 0.4, random.random((9, 25)) < 0.7)
    found = single_arm_exact(trials, alpha=0.05, benchmark=0.3)
    for r in range(9):
        seen = trials.outcome[r, trials.treated[r]]
        tests = [stats.binomtest(int(seen.sum()), len(seen), 0.3, side) for side in ("greater", "less")]
        assert found.p[r] == pytest.approx(min(1.0, 2 * min(test.pvalue for test in tests)))
        interval = stats.binomtest(int(seen.sum()), len(seen)).proportion_ci()
        assert (found.low[r] + 0.3, found.high[r] + 0.3) == pytest.approx(tuple(interval))
        assert (found.p[r] <= 0.05) == (found.low[r] > 0 or found.high[r] < 0)


def test_no_treated_patient_is_no_estimate():
    found = single_arm_exact(_single(np.ones((1, 5)), np.zeros((1, 5), bool)), alpha=0.05, benchmark=0.3)
    assert np.isnan(found.estimate).all()
    assert (found.p == 1).all()


def _decided(outcome):
    """Return the design's decision in one trial, patient by patient."""
    if outcome[: DESIGN.first_n].sum() <= DESIGN.first_most_failing:
        return False
    return bool(outcome[: DESIGN.n].sum() > DESIGN.most_failing)


def test_the_two_stage_p_value_decides_as_the_design_does():
    outcome = np.random.default_rng(4).random((400, DESIGN.n)) < 0.3
    found = simon_two_stage(_single(outcome), alpha=0.1, benchmark=0.2, design=DESIGN)
    assert (found.p / 2 <= DESIGN.alpha * (1 + 1e-9)).tolist() == [_decided(each) for each in outcome]
    assert (found.low <= found.estimate).all()
    assert (found.estimate <= found.high).all()


def test_the_two_stage_estimate_is_unbiased_and_the_interval_covers():
    replicates, share = 40_000, 0.35
    outcome = np.random.default_rng(5).random((replicates, DESIGN.n)) < share
    found = simon_two_stage(_single(outcome), alpha=0.1, benchmark=0.2, design=DESIGN)
    error = found.estimate.std() / replicates**0.5
    assert found.estimate.mean() == pytest.approx(share - 0.2, abs=4 * error)
    covered = ((found.low <= share - 0.2) & (share - 0.2 <= found.high)).mean()
    assert covered > 0.9 - 4 * (0.09 / replicates) ** 0.5


def test_a_two_stage_trial_short_of_its_patients_is_not_analysed():
    outcome = np.stack([np.ones(DESIGN.n - 1), np.zeros(DESIGN.n - 1)])
    found = simon_two_stage(_single(outcome), alpha=0.1, benchmark=0.2, design=DESIGN)
    assert np.isnan(found.estimate).tolist() == [True, False]
    assert found.p[0] == 1
