"""The restricted likelihood of one table: score and information against differences."""

import numpy as np
import pytest

from cordwise.stats.longitudinal.covariance_structures import Autoregressive, RandomEffects, Unstructured
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
