"""Covariance structures: derivatives against differences."""

import numpy as np
import pytest

from cordwise.stats.longitudinal.covariance_structures import Autoregressive, RandomEffects, Unstructured

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
