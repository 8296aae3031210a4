"""The batched mixed model for repeated measures: against closed form, a slow twin, the long form, and itself moved."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.errors import InputError
from cordwise.stats.longitudinal import fit_mmrm, mmrm
from cordwise.stats.two_arm.means import ancova
from cordwise.stats.two_arm.trials import Visits
from reference.longitudinal_trials import visited_trials
from reference.repeated_measures import plain_restricted_fit


def _values(estimates):
    return np.stack([estimates.estimate, estimates.low, estimates.high, estimates.p])


def _long_table(trials, replicate, *, baseline_by_visit=True):
    """Return design, response, subject and visit of one trial, and the column of the contrast."""
    subject, visit = np.nonzero(trials.visits.observed[replicate])
    count = trials.visits.outcome.shape[-1]
    indicator = np.eye(count)[visit]
    arm, before = trials.treated[replicate, subject, None], trials.baseline[replicate, subject, None]
    last = indicator * before if baseline_by_visit else before
    design = np.concatenate([indicator, indicator * arm, last], axis=1)
    return (design, trials.visits.outcome[replicate, subject, visit], subject, visit), 2 * count - 1


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000), visits=st.integers(1, 5), patients=st.integers(24, 60))
def test_with_complete_data_the_last_visit_is_the_analysis_of_covariance(seed, visits, patients):
    trials = visited_trials(4, patients, visits, seed=seed, dropout=0.0)
    np.testing.assert_allclose(_values(mmrm(trials, alpha=0.05)), _values(ancova(trials, alpha=0.05)), rtol=1e-7)


@pytest.mark.parametrize("baseline_by_visit", [True, False])
@pytest.mark.parametrize("df", ["satterthwaite", "kenward_roger"])
def test_the_batch_agrees_with_the_long_form(baseline_by_visit, df):
    trials = visited_trials(3, 60, 4, seed=5, effect=4.0, dropout=0.15, gaps=0.1)
    found = mmrm(trials, alpha=0.05, df=df, baseline_by_visit=baseline_by_visit)
    for replicate in range(3):
        table, column = _long_table(trials, replicate, baseline_by_visit=baseline_by_visit)
        fit = fit_mmrm(*table)
        weights = np.eye(table[0].shape[1])[[column]]
        expected = fit.contrasts(weights, df="kenward_roger_linear" if df == "kenward_roger" else df)
        assert found.estimate[replicate] == pytest.approx(expected.estimate[0], rel=1e-5)
        assert found.p[replicate] == pytest.approx(expected.p[0], rel=1e-4)


def test_the_batch_agrees_with_the_likelihood_written_out():
    trials = visited_trials(1, 40, 3, seed=2, effect=5.0, dropout=0.2, gaps=0.1)
    each = trials.treated[0], trials.baseline[0], trials.visits.outcome[0], trials.visits.observed[0]
    value, estimate, error = plain_restricted_fit(*each)
    fit = fit_mmrm(*_long_table(trials, 0)[0])
    assert fit.log_likelihood == pytest.approx(value, abs=1e-5)
    assert mmrm(trials, alpha=0.05).estimate[0] == pytest.approx(estimate, abs=2e-3)
    assert fit.contrasts().standard_error[5] == pytest.approx(error, rel=1e-3)


def test_order_of_patients_and_of_earlier_visits_does_not_matter():
    trials = visited_trials(5, 50, 4, seed=8, dropout=0.15, gaps=0.1)
    random = np.random.default_rng(1)
    patient, visit = random.permutation(50), np.append(random.permutation(3), 3)
    moved = replace(
        trials,
        treated=trials.treated[:, patient],
        baseline=trials.baseline[:, patient],
        visits=Visits(trials.visits.outcome[:, patient][..., visit], trials.visits.observed[:, patient][..., visit]),
    )
    np.testing.assert_allclose(_values(mmrm(moved, alpha=0.05)), _values(mmrm(trials, alpha=0.05)), rtol=1e-6)


def test_units_change_the_estimate_and_not_the_test():
    trials = visited_trials(5, 50, 3, seed=9, dropout=0.15)
    moved = replace(
        trials,
        baseline=1e3 + 7 * trials.baseline,
        visits=Visits(1e4 + 100 * trials.visits.outcome, trials.visits.observed),
    )
    first, second = mmrm(trials, alpha=0.05), mmrm(moved, alpha=0.05)
    np.testing.assert_allclose(second.estimate, 100 * first.estimate, rtol=1e-6)
    np.testing.assert_allclose(second.p, first.p, rtol=1e-6)


def test_values_not_seen_or_not_analysed_do_not_matter():
    trials = visited_trials(4, 50, 3, seed=10, dropout=0.2)
    analysed = np.arange(50) < 45
    trials = replace(trials, analysed=np.broadcast_to(analysed, trials.treated.shape))
    hidden = ~(trials.visits.observed & trials.analysed[..., None])
    moved = replace(
        trials,
        baseline=np.where(analysed, trials.baseline, -999.0),
        visits=Visits(np.where(hidden, 1e6, trials.visits.outcome), trials.visits.observed),
    )
    np.testing.assert_allclose(_values(mmrm(moved, alpha=0.05)), _values(mmrm(trials, alpha=0.05)), rtol=1e-8)


def test_a_baseline_that_does_not_vary_is_left_out():
    trials = visited_trials(3, 50, 3, seed=11, dropout=0.1)
    flat = replace(trials, baseline=np.full_like(trials.baseline, 7.0))
    table, column = _long_table(flat, 1)
    expected = fit_mmrm(table[0][:, :6], *table[1:]).contrasts()
    found = mmrm(flat, alpha=0.05)
    assert found.estimate[1] == pytest.approx(expected.estimate[column], rel=1e-6)
    assert found.p[1] == pytest.approx(expected.p[column], rel=1e-5)


def test_trials_that_cannot_be_analysed_are_marked_and_the_others_are_not_touched():
    trials = visited_trials(6, 40, 3, seed=12, dropout=0.1)
    treated, outcome, observed = trials.treated.copy(), trials.visits.outcome.copy(), trials.visits.observed.copy()
    treated[0] = True
    observed[1, :, 2] = False
    outcome[2, :, 1] = outcome[2, :, 2] = outcome[2, :, 0]
    outcome[3] = 5.0
    analysed = trials.analysed & (np.arange(6) != 4)[:, None]
    broken = replace(trials, treated=treated, analysed=analysed, visits=Visits(outcome, observed))
    found = mmrm(broken, alpha=0.05)
    assert np.isnan(found.estimate[:5]).all()
    assert (found.p[:5] == 1).all()
    assert found.estimate[5] == mmrm(trials, alpha=0.05).estimate[5]


def test_dropout_at_random_biases_complete_cases_and_not_the_model():
    trials = visited_trials(400, 150, 3, seed=13, effect=15.0, dropout=0.35)
    seen = replace(trials, analysed=trials.visits.observed[..., -1])
    model, cases = mmrm(trials, alpha=0.05).estimate, ancova(seen, alpha=0.05).estimate
    mcse = model.std() / np.sqrt(len(model))
    assert abs(model.mean() - 15) < 4 * mcse
    assert abs(cases.mean() - 15) > 4 * mcse


@pytest.mark.parametrize("df", ["satterthwaite", "kenward_roger"])
def test_type_i_error_is_nominal_with_dropout_at_random(df):
    rejected = mmrm(visited_trials(2000, 60, 3, seed=14, dropout=0.12), alpha=0.05, df=df).p < 0.05
    assert abs(rejected.mean() - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 2000)


@pytest.mark.slow
@pytest.mark.parametrize("patients", [20, 60, 200])
def test_type_i_error_is_nominal_in_a_hundred_thousand_trials(patients):
    blocks = (visited_trials(500, patients, 3, seed=1000 + block, dropout=0.08) for block in range(200))
    rejected = np.concatenate([mmrm(block, alpha=0.05, df="kenward_roger").p < 0.05 for block in blocks])
    assert abs(rejected.mean() - 0.05) < 4 * np.sqrt(0.05 * 0.95 / len(rejected))


def test_visits_are_asked_for_where_there_are_none():
    with pytest.raises(InputError, match="visits"):
        mmrm(replace(visited_trials(1, 10, 2), visits=None), alpha=0.05)
