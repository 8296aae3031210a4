"""Long-form fits: derivatives against differences, faults, and a closed form."""

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.stats.longitudinal import fit_mmrm, fit_random_effects
from cordwise.stats.longitudinal.covariance_structures import Autoregressive, RandomEffects, Unstructured
from cordwise.stats.longitudinal.pattern_likelihood import derivatives, restricted_fit
from cordwise.stats.longitudinal.patterns import pattern_sums
from cordwise.stats.longitudinal.restricted_likelihood import restricted_point, subject_groups

STEP = 1e-5
STRUCTURES = [
    (Unstructured(3), np.array([0.3, -0.1, 0.2, 0.5, -0.4, 0.7]), np.array([0, 1, 2])),
    (Autoregressive(4), np.array([0.4, 0.8]), np.array([0, 2, 3])),
    (RandomEffects(2), np.array([1.5, 0.3, 0.9, 0.7]), np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 3.0]])),
]
NAMES = [type(structure).__name__ for structure, _, _ in STRUCTURES]


def _steps(parameters):
    return STEP * np.eye(len(parameters))


@pytest.mark.parametrize(("structure", "parameters", "layout"), STRUCTURES, ids=NAMES)
def test_derivatives_of_covariances_agree_with_differences(structure, parameters, layout):
    exact = structure.parts(parameters, layout)
    for place, step in enumerate(_steps(parameters)):
        up, down = structure.parts(parameters + step, layout), structure.parts(parameters - step, layout)
        np.testing.assert_allclose(exact.first[place], (up.value - down.value) / (2 * STEP), atol=1e-8)
        np.testing.assert_allclose(exact.second[place], (up.first - down.first) / (2 * STEP), atol=1e-8)


@pytest.mark.parametrize(("structure", "parameters", "layout"), STRUCTURES, ids=NAMES)
def test_score_and_information_agree_with_differences_of_the_likelihood(structure, parameters, layout):
    random = np.random.default_rng(4)
    subject = np.repeat(np.arange(12), len(layout))
    design = np.column_stack([np.ones(len(subject)), random.normal(size=len(subject))])
    groups = subject_groups(design, random.normal(size=len(subject)), subject, np.concatenate([layout] * 12))
    here = restricted_point(groups, structure, parameters)
    for place, step in enumerate(_steps(parameters)):
        up, down = (restricted_point(groups, structure, parameters + sign * step) for sign in (1, -1))
        assert here.score[place] == pytest.approx((up.log_likelihood - down.log_likelihood) / (2 * STEP), abs=1e-6)
        np.testing.assert_allclose(here.observed[place], (down.score - up.score) / (2 * STEP), atol=1e-6)


def test_score_and_information_of_the_batch_agree_with_differences():
    random = np.random.default_rng(5)
    covariates = np.concatenate([np.ones((2, 30, 1)), random.normal(size=(2, 30, 2))], axis=-1)
    sums = pattern_sums(covariates, random.normal(size=(2, 30, 3)), random.random((2, 30, 3)) < 0.8)
    covariance = np.array([[1.2, 0.4, 0.1], [0.4, 0.9, 0.3], [0.1, 0.3, 1.5]]) * np.ones((2, 1, 1))
    exact = derivatives(sums, restricted_fit(sums, covariance, np.eye(9)))
    for place, (row, column) in enumerate(zip(*np.tril_indices(3), strict=True)):
        step = np.zeros((3, 3))
        step[row, column] = step[column, row] = STEP
        up, down = (restricted_fit(sums, covariance + sign * step, np.eye(9)) for sign in (1, -1))
        slope = (up.log_likelihood - down.log_likelihood) / (2 * STEP)
        np.testing.assert_allclose(exact.score[:, place], slope, atol=1e-6)
        bend = (derivatives(sums, down).score - derivatives(sums, up).score) / (2 * STEP)
        np.testing.assert_allclose(exact.observed[:, place], bend, atol=1e-6)


def test_a_balanced_random_intercept_has_the_variances_of_the_analysis_of_variance():
    random = np.random.default_rng(6)
    values = random.normal(0, 2, (20, 1)) + random.normal(0, 1, (20, 5))
    within = ((values - values.mean(axis=1, keepdims=True)) ** 2).sum() / 80
    between = 5 * values.mean(axis=1).var(ddof=1)
    ones = np.ones((100, 1))
    fit = fit_random_effects(ones, values.ravel(), np.repeat(np.arange(20), 5), ones)
    np.testing.assert_allclose(fit.point.parameters, [(between - within) / 5, within], rtol=1e-6)
    each = fit.contrasts(df="kenward_roger_linear", information="expected")
    assert each.df[0] == pytest.approx(19, rel=1e-6)
    assert each.standard_error[0] == pytest.approx(np.sqrt(between / 100), rel=1e-6)


def test_every_fault_of_a_long_table_is_named_at_once():
    design = np.ones((4, 2))
    with pytest.raises(InputError) as caught:
        fit_mmrm(design, np.arange(4.0), np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]))
    assert [fault.where for fault in caught.value.faults] == ["design", "rows"]
    with pytest.raises(InputError, match="finite"):
        fit_mmrm(design[:, :1], np.array([1.0, np.nan, 2, 3]), np.arange(4), np.arange(4))
