"""The cumulative logit model with a random intercept."""

import numpy as np

from cordwise.stats.ordinal import (
    fit_mixed_cumulative_logit,
)


def test_random_intercepts_are_found_again():
    random = np.random.default_rng(2)
    group, arm = np.repeat(np.arange(300), 8), np.tile([0.0, 1.0], 1200)
    latent = 0.8 * arm + 1.3 * random.normal(size=300)[group] + random.logistic(size=2400)
    fit = fit_mixed_cumulative_logit(arm[:, None], np.digitize(latent, [-1, 0.5, 2]), group)
    found = [*fit.thresholds, *fit.coefficients, fit.random_sd]
    np.testing.assert_array_less(np.abs(np.array(found) - [-1, 0.5, 2, 0.8, 1.3]), 4 * fit.standard_errors)
