"""Effective sample sizes against RBesT."""

import pytest

from cordwise.base.errors import InputError
from cordwise.stats.bayes import (
    BetaMixture,
    GammaMixture,
    NormalMixture,
    beta,
    effective_sample_size,
    normal,
    robustify_beta,
    robustify_normal,
)

ROBUST_BETA = BetaMixture((0.2, 0.8), (1, 10), (1, 2))


@pytest.mark.parametrize(("method", "patients"), [("elir", 7.65152), ("moment", 3.161034), ("morita", 8.487603)])
def test_a_beta_mixture_is_worth_the_patients_that_rbest_prints(method, patients):
    assert effective_sample_size(ROBUST_BETA, method=method) == pytest.approx(patients, abs=2e-6)


@pytest.mark.parametrize(
    ("sd", "method", "patients"), [(10, "elir", 10.82796), (10, "moment", 8.163265), (20, "elir", 43.31185)]
)
def test_a_normal_mixture_is_worth_the_patients_that_rbest_prints(sd, method, patients):
    prior = NormalMixture((0.5, 0.5), (0, 3), (2, 4))
    assert effective_sample_size(prior, method=method, sd=sd) == pytest.approx(patients, abs=5e-6)


def test_a_gamma_mixture_is_worth_the_exposure_that_rbest_prints():
    prior = GammaMixture((0.3, 0.7), (20, 50), (4, 10))
    assert effective_sample_size(prior) == pytest.approx(7.159378, abs=2e-6)


SPONDYLITIS = BetaMixture(
    (0.4612914, 0.1917812, 0.1893896, 0.1575378),
    (33.9513487, 19.4400089, 12.2692310, 2.2521243),
    (103.0146367, 41.5205219, 55.9202833, 5.4812202),
)
CROHN = NormalMixture(
    (0.50104846, 0.41871594, 0.08023561),
    (-51.42408665, -47.25917128, -55.07086416),
    (19.04525409, 7.85193726, 44.57325000),
)


def test_the_priors_of_the_rbest_vignettes_are_worth_the_patients_printed_there():
    robust = robustify_beta(SPONDYLITIS, weight=0.2)
    found = [effective_sample_size(SPONDYLITIS, method=method) for method in ("elir", "moment", "morita")]
    assert [round(each) for each in (*found, effective_sample_size(robust))] == [38, 24, 95, 27]
    robust = robustify_normal(CROHN, weight=0.2, mean=-50, sd=88)
    found = [effective_sample_size(CROHN, method=method, sd=88) for method in ("elir", "moment", "morita")]
    assert [round(each) for each in (*found, effective_sample_size(robust, sd=88))] == [39, 21, 89, 28]


def test_a_component_without_weight_counts_for_nothing():
    alone = BetaMixture((0.0, 1.0), (1, 5), (1, 15))
    for method in ("elir", "moment", "morita"):
        assert effective_sample_size(alone, method=method) == pytest.approx(
            effective_sample_size(beta(5, 15), method=method)
        )
    assert effective_sample_size(alone) == 20


def test_the_effective_size_of_a_mean_needs_the_spread_of_one_patient():
    with pytest.raises(InputError, match="standard deviation"):
        effective_sample_size(normal(0, 1))
    with pytest.raises(InputError, match="ELIR"):
        effective_sample_size(BetaMixture((0.5, 0.5), (0.5, 3), (1, 3)))
