import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.errors import InputError
from cordwise.stats.bayes import (
    BetaMixture,
    GammaMixture,
    NormalMixture,
    beta,
    commensurate_normal,
    effective_sample_size,
    fit_beta,
    fit_normal,
    map_mean,
    map_proportion,
    mean_conflict,
    normal,
    predictive_success,
    probability_mean_greater,
    proportion_conflict,
    robustify_beta,
    robustify_normal,
)
from reference import bayes_plain

AS_EVENTS, AS_PATIENTS = (23, 12, 19, 9, 39, 6, 9, 10), (107, 44, 51, 39, 139, 20, 78, 35)
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


def test_the_final_analysis_of_the_rbest_vignette_is_reproduced():
    """RBesT, "for a normal endpoint": P(active - placebo <= 0) = 0.06270104 and P(... <= -50) = 3.827361e-06."""
    placebo = robustify_normal(CROHN, weight=0.2, mean=-50, sd=88).updated(-63.1, 13.9)
    active = normal(-50, 88).updated(-29.2, 14.0)
    assert 1 - probability_mean_greater(active, placebo) == pytest.approx(0.06270104, abs=1e-7)
    assert 1 - probability_mean_greater(active, placebo, margin=-50) == pytest.approx(3.827361e-06, rel=1e-4)


def test_a_component_without_weight_counts_for_nothing():
    alone = BetaMixture((0.0, 1.0), (1, 5), (1, 15))
    for method in ("elir", "moment", "morita"):
        assert effective_sample_size(alone, method=method) == pytest.approx(
            effective_sample_size(beta(5, 15), method=method)
        )
    assert effective_sample_size(alone) == 20


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_a_robust_weight_of_none_or_all_leaves_one_of_the_two_priors(weight):
    mixed = robustify_beta(beta(20, 60), weight=weight, mean=0.4)
    only = beta(20, 60) if weight == 0 else beta(0.8, 1.2)
    assert mixed.updated(3, 9).mean == pytest.approx(only.updated(3, 9).mean)
    assert mixed.quantile(0.3) == pytest.approx(only.quantile(0.3))


def test_the_vaguer_the_robust_component_weighs_the_fewer_patients_the_prior_is_worth():
    sizes = [effective_sample_size(robustify_beta(beta(20, 60), weight=weight)) for weight in (0, 0.2, 0.5, 0.8)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 80


@given(
    st.floats(0.01, 0.99),
    st.lists(st.tuples(st.floats(0.1, 1), st.floats(0.6, 80), st.floats(0.6, 80)), min_size=1, max_size=3),
)
@settings(max_examples=30, deadline=None)
def test_the_quantile_undoes_the_distribution_function(share, parts):
    total = sum(weight for weight, _, _ in parts)
    prior = BetaMixture(*zip(*((weight / total, a, b) for weight, a, b in parts), strict=True))
    assert prior.cdf(prior.quantile(share)) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize("prior", [ROBUST_BETA, GammaMixture((0.3, 0.7), (2, 5), (4, 3)), normal(1, 2)])
def test_density_moments_and_distribution_of_a_mixture_agree(prior):
    low, high = prior.quantile(np.array([1e-9, 1 - 1e-9]))
    x = np.linspace(low, high, 200_001)
    density = np.exp(prior.log_density(x))
    assert np.trapezoid(density, x) == pytest.approx(1, abs=1e-5)
    assert np.trapezoid(density * x, x) == pytest.approx(prior.mean, abs=1e-4)
    assert np.trapezoid(density * (x - prior.mean) ** 2, x) == pytest.approx(prior.variance, rel=1e-4)


def test_two_updates_are_one_update_with_all_data():
    once, twice = ROBUST_BETA.updated(7, 20), ROBUST_BETA.updated(3, 8).updated(4, 12)
    np.testing.assert_allclose(once.weights, twice.weights, rtol=1e-12)
    counts = GammaMixture((0.4, 0.6), (2, 9), (1, 3))
    np.testing.assert_allclose(counts.updated(7, 3).weights, counts.updated(2, 1).updated(5, 2).weights, rtol=1e-12)


def test_wrong_numbers_of_a_mixture_are_all_told_at_once():
    with pytest.raises(InputError) as caught:
        BetaMixture((0.4, 0.4), (1, -2), (3,))
    assert {fault.where for fault in caught.value.faults} == {
        "beta mixture.weights",
        "beta mixture.successes",
        "beta mixture.failures",
    }


def test_the_effective_size_of_a_mean_needs_the_spread_of_one_patient():
    with pytest.raises(InputError, match="standard deviation"):
        effective_sample_size(normal(0, 1))
    with pytest.raises(InputError, match="ELIR"):
        effective_sample_size(BetaMixture((0.5, 0.5), (0.5, 3), (1, 3)))


def test_the_predictive_prior_of_a_proportion_is_that_of_weighted_draws():
    prior = map_proportion(AS_EVENTS[:4], AS_PATIENTS[:4])
    generator = np.random.default_rng(20)
    mean, sd, error = bayes_plain.map_proportion_moments(AS_EVENTS[:4], AS_PATIENTS[:4], 1.0, 2.0, 30_000, generator)
    assert abs(prior.mean - mean) < 4 * error
    assert prior.sd == pytest.approx(sd, rel=0.1)


def test_the_predictive_prior_of_the_spondylitis_trials_is_the_one_that_a_sampler_finds():
    """RBesT's page of `gMAP`: mean 0.255, sd 0.0864, quantiles 0.106, 0.247 and 0.461; 4000 draws."""
    prior = map_proportion(AS_EVENTS, AS_PATIENTS)
    np.testing.assert_allclose([prior.mean, prior.sd, prior.tau_mean], [0.255, 0.0864, 0.387], atol=0.01)
    np.testing.assert_allclose(prior.quantile(np.array([0.025, 0.5, 0.975])), [0.106, 0.247, 0.461], atol=0.012)


def test_without_spread_between_trials_the_predictive_prior_pools_them():
    pooled = map_mean((4.0, 6.0), (1.0, 1.0), tau_scale=1e-4, mean_prior=(0.0, 1e4))
    assert pooled.mean == pytest.approx(5, abs=1e-3)
    assert pooled.sd == pytest.approx(np.sqrt(0.5), rel=1e-3)


def test_the_mean_and_spread_of_normal_trials_are_those_of_the_exact_hierarchy():
    prior = map_mean((4.0, 6.0, 3.0), (1.0, 0.5, 2.0), tau_scale=2.0, mean_prior=(0.0, 10.0))
    tau, mean = np.linspace(1e-3, 12, 1500)[:, None], np.linspace(-20, 30, 1501)[None, :]
    logs = -((tau / 2) ** 2) / 2 - (mean / 10) ** 2 / 2
    for y, se in ((4.0, 1.0), (6.0, 0.5), (3.0, 2.0)):
        logs = logs - np.log(se**2 + tau**2) / 2 - (y - mean) ** 2 / (2 * (se**2 + tau**2))
    weight = np.exp(logs) / np.exp(logs).sum()
    first = (weight * mean).sum()
    assert prior.mean == pytest.approx(first, abs=2e-3)
    assert prior.sd == pytest.approx(np.sqrt((weight * (tau**2 + (mean - first) ** 2)).sum()), rel=2e-3)


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


def test_history_that_cannot_be_is_refused():
    with pytest.raises(InputError, match="between 0 and its patients"):
        map_proportion((5,), (4,))
    with pytest.raises(InputError, match="above 0"):
        map_mean((1.0,), (0.0,), tau_scale=1, mean_prior=(0, 1))


def test_data_that_contradict_the_prior_are_noticed_and_take_its_weight_away():
    prior = robustify_beta(beta(20, 60), weight=0.2)
    agree, against = proportion_conflict(prior, 6, 24), proportion_conflict(prior, 23, 24)
    assert agree.p > 0.5 > 0.05 > against.p
    assert agree.posterior_weights[0] > prior.weights[0] > against.posterior_weights[0]
    means = robustify_normal(normal(5, 1), weight=0.2, mean=5, sd=10)
    assert mean_conflict(means, 5.1, 1.0).p > 0.5 > 0.1 > mean_conflict(means, 20.0, 1.0).p
    assert mean_conflict(means, 20.0, 1.0).posterior_weights[1] > 0.99


def test_a_drift_that_is_wide_borrows_nothing():
    assert commensurate_normal(5, 1, drift_sd=1e6).updated(2, 1).mean == pytest.approx(2, abs=1e-6)
    assert commensurate_normal(5, 1, drift_sd=0).updated(2, 1).mean == pytest.approx(3.5)


def test_the_predictive_chance_at_the_end_of_a_trial_is_certain():
    for successes, certain in ((40, 1.0), (2, 0.0)):
        chance = predictive_success(
            beta(1, 1), successes=successes, patients=40, total=40, reference=0.6, threshold=0.9
        )
        assert chance == certain
    with pytest.raises(InputError, match="successes <= patients"):
        predictive_success(beta(1, 1), successes=9, patients=8, total=10, reference=0.5, threshold=0.9)
