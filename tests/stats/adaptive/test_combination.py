import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from cordwise.base.errors import InputError
from cordwise.stats.adaptive import fisher_alpha, fisher_critical_values, fisher_product, inverse_normal, stage_z
from cordwise.stats.sequential import BoundarySpec, boundaries

ALPHA, REPLICATES = 0.025, 100_000


def mcse(rate):
    return np.sqrt(rate * (1 - rate) / REPLICATES)


def test_weights_as_planned_give_the_z_of_all_patients_together():
    generator = np.random.default_rng(1)
    scores = generator.standard_normal((50, 100))
    parts = np.split(scores, (30, 70), axis=1)
    stages = np.stack([part.sum(axis=1) / np.sqrt(part.shape[1]) for part in parts], axis=1)

    np.testing.assert_allclose(inverse_normal(stages, (30, 40, 30))[:, -1], scores.sum(axis=1) / 10)


def test_p_values_of_nought_and_one_have_finite_z():
    assert np.isfinite(stage_z(np.array([0.0, 1.0]))).all()


@pytest.mark.parametrize("method", ["equal_alpha", "full_alpha"])
@pytest.mark.parametrize(("stages", "futility"), [(2, 1.0), (2, 0.5), (3, 1.0), (3, 0.6)])
def test_fishers_critical_values_hold_the_error_of_simulated_p_values(method, stages, futility):
    critical = fisher_critical_values(stages, ALPHA, method=method, futility=futility)
    p = np.random.default_rng(2).random((REPLICATES, stages))
    going_on = np.cumprod(np.column_stack([np.ones(REPLICATES), p[:, :-1] <= futility]), axis=1) > 0
    rejected = ((fisher_product(p) <= critical) & going_on).any(axis=1).mean()

    assert fisher_alpha(critical, futility=futility) == pytest.approx(ALPHA, rel=1e-9)
    assert abs(rejected - ALPHA) < 4 * mcse(ALPHA)


def test_stopping_for_futility_buys_bauer_and_koehne_a_larger_first_value():
    """Bauer and Koehne (1994), table 1: 0.0102 for alpha 0.025 and futility above 0.5."""
    critical = fisher_critical_values(2, ALPHA, method="full_alpha", futility=0.5)

    assert critical == pytest.approx([0.0102, 0.0038], abs=5e-5)


def test_a_size_chosen_from_the_first_stage_inflates_the_plain_test_and_not_the_combined_one():
    generator = np.random.default_rng(3)
    first = generator.standard_normal(REPLICATES)
    later = np.where(first < 1.5, 3.0, 0.2)  # second stage in first-stage sizes: long when the first was poor
    second = generator.standard_normal(REPLICATES)
    combined = inverse_normal(np.column_stack([first, second]), (1, 1))[:, -1]
    pooled = (first + second * np.sqrt(later)) / np.sqrt(1 + later)
    nominal = 0.05
    critical = -ndtri(nominal)

    assert abs((combined >= critical).mean() - nominal) < 4 * mcse(nominal)
    assert (pooled >= critical).mean() > nominal + 4 * mcse(nominal)


def test_the_inverse_normal_keeps_group_sequential_limits():
    limits = boundaries(BoundarySpec("pocock"), (0.5, 1.0), alpha=ALPHA)
    p = ndtr(-np.random.default_rng(4).standard_normal((REPLICATES, 2)))
    rejected = (inverse_normal(stage_z(p), (1, 1)) >= limits.efficacy).any(axis=1).mean()

    assert abs(rejected - ALPHA) < 4 * mcse(ALPHA)


def test_faults_of_a_combination_test_are_named_at_once():
    with pytest.raises(InputError) as caught:
        fisher_critical_values(0, 2.0, method="equal_alpha", futility=0.5)

    assert [fault.where for fault in caught.value.faults] == ["stages", "alpha", "futility"]
