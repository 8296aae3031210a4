"""Power and sample size by theory, against numbers from R."""

import pytest

from cordwise.trial.analysis.power import mean_n_per_arm, mean_power, proportion_n_per_arm, proportion_power
from reference.trial_analyses import exact_fisher_power


@pytest.mark.parametrize(
    ("n", "control", "treated", "power", "size"),  # reference numbers power_fisher_n30, _n50, _n25 (R fisher.test)
    [(30, 0.2, 0.5, 0.596443, 0.022232), (50, 0.2, 0.4, 0.515238, 0.028163), (25, 0.1, 0.5, 0.832573, 0.008824)],
)
def test_exact_fisher_power_agrees_with_r(n, control, treated, power, size):
    exact = {"counts": (n, n), "alpha": 0.05, "test": "fisher_exact"}
    assert proportion_power(control, treated, **exact) == pytest.approx(power, abs=1e-5)
    assert proportion_power(control, control, **exact) == pytest.approx(size, abs=1e-5)


def test_exact_power_agrees_with_every_table_of_a_small_trial():
    expected = exact_fisher_power(9, 0.2, 0.7, 0.05)
    assert proportion_power(0.2, 0.7, counts=(9, 9), alpha=0.05, test="fisher_exact") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("d", "power", "n"),  # reference numbers n_ttest_d* (R power.t.test)
    [(0.4, 0.8, 99.0806), (0.5, 0.8, 63.7658), (0.4, 0.9, 132.3106), (0.5, 0.9, 85.0313)],
)
def test_t_test_sample_size_agrees_with_r(d, power, n):
    assert mean_n_per_arm(d, 1.0, power=power, alpha=0.05) == pytest.approx(n, abs=1e-3)


@pytest.mark.parametrize(
    ("control", "treated", "power", "n"),  # reference numbers n_prop_* (R power.prop.test), column n_pooled
    [(0.1, 0.2, 0.8, 198.963), (0.15, 0.3, 0.9, 160.778), (0.25, 0.5, 0.8, 57.673), (0.4, 0.6, 0.8, 96.924)],
)
def test_proportion_sample_size_agrees_with_r(control, treated, power, n):
    assert proportion_n_per_arm(control, treated, power=power, alpha=0.05) == pytest.approx(n, abs=0.05)


@pytest.mark.parametrize(
    ("correlation", "n"),  # reference number n_ancova (closed form, normal approximation), d = 0.4, power 0.8
    [(0.3, 89.281), (0.5, 73.5832), (0.7, 50.0366), (0.8, 35.32)],
)
def test_ancova_sample_size_is_the_normal_one_and_a_little_more(correlation, n):
    residual = (1 - correlation**2) ** 0.5
    found = mean_n_per_arm(0.4, residual, power=0.8, alpha=0.05, covariates=1)
    assert n < found < n + 2


def test_power_without_a_difference_is_alpha_and_no_number_of_patients_is_enough():
    assert mean_power(0.0, 3.0, counts=(60.0, 60.0), alpha=0.05, covariates=1) == pytest.approx(0.05)
    assert mean_n_per_arm(0.0, 3.0, power=0.8, alpha=0.05) == float("inf")


def test_power_counts_the_wrong_tail_too():
    assert mean_power(-2.0, 5.0, counts=(20.0, 30.0), alpha=0.05) == mean_power(
        2.0, 5.0, counts=(20.0, 30.0), alpha=0.05
    )


def test_the_n_minus_1_test_keeps_its_size_nearer_to_nominal_than_fisher():
    exact = {"counts": (20, 20), "alpha": 0.05}
    score = proportion_power(0.4, 0.4, test="n_minus_1_chi_square", **exact)
    fisher = proportion_power(0.4, 0.4, test="fisher_exact", **exact)
    assert abs(score - 0.05) < abs(fisher - 0.05)
