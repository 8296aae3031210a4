"""A few components in place of the predictive prior."""

import numpy as np
import pytest

from cordwise.stats.bayes import (
    fit_beta,
    fit_normal,
    map_mean,
    map_proportion,
)

AS_EVENTS, AS_PATIENTS = (23, 12, 19, 9, 39, 6, 9, 10), (107, 44, 51, 39, 139, 20, 78, 35)


@pytest.mark.parametrize("fit", ["beta", "normal"])
def test_three_components_stand_for_the_predictive_prior(fit):
    if fit == "beta":
        prior = map_proportion(AS_EVENTS, AS_PATIENTS)
        fitted, near = fit_beta(prior), 0.006
    else:
        prior = map_mean((4.0, 6.0, 3.0), (1.0, 0.5, 2.0), tau_scale=2.0, mean_prior=(0.0, 10.0))
        fitted, near = fit_normal(prior), 0.1
    shares = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    assert fitted.mean == pytest.approx(prior.mean, abs=near)
    np.testing.assert_allclose(fitted.quantile(shares), prior.quantile(shares), atol=near)
