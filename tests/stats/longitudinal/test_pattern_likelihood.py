"""The restricted likelihood of a batch: score and information against differences."""

import numpy as np

from cordwise.stats.longitudinal.pattern_likelihood import derivatives, restricted_fit
from cordwise.stats.longitudinal.patterns import pattern_sums

STEP = 1e-5


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
