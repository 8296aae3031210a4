"""Arms dropped between two stages: who is kept, and the familywise error."""

import numpy as np
import pytest

from cordwise.stats.adaptive import (
    DroppingRule,
    Stage,
    dropped_arms_test,
    keep_arms,
)

ALPHA, REPLICATES = 0.025, 10_000


def mcse(rate, count=REPLICATES):
    return np.sqrt(rate * (1 - rate) / count)


def stages_against_control(generator, effects, arms):
    """Return two stages of z of arms that share a control, equal sizes, each stage half of the patients."""
    shared = generator.standard_normal((REPLICATES, 2, 1))
    own = generator.standard_normal((REPLICATES, 2, arms))
    return (shared + own) / np.sqrt(2) + np.asarray(effects) / np.sqrt(2)


def test_arms_are_kept_by_threshold_and_by_rank():
    z = np.array([[0.5, 2.0, 1.0], [-1.0, -0.5, -2.0], [1.0, 1.0, 1.0]])
    kept = keep_arms(z, DroppingRule(threshold=0.0, most=2))

    np.testing.assert_array_equal(kept, [[False, True, True], [False, False, False], [True, True, False]])


@pytest.mark.parametrize(
    "rule", [DroppingRule(most=1), DroppingRule(threshold=0.0), DroppingRule(threshold=0.5, most=2)]
)
@pytest.mark.parametrize("effects", [(0.0, 0.0, 0.0), (4.5, 0.0, 0.0)])
def test_dropping_arms_holds_the_familywise_error(rule, effects):
    z = stages_against_control(np.random.default_rng(9), effects, 3)
    kept, sizes = keep_arms(z[:, 0], rule), (1.0, 1.0, 1.0, 1.0)
    second = np.where(kept, z[:, 1], np.nan)
    p = dropped_arms_test(Stage(z[:, 0], sizes), Stage(second, sizes), kept, (1, 1))
    true_nulls = np.asarray(effects) == 0
    wrong = (p[:, true_nulls] <= ALPHA).any(axis=1).mean()

    assert wrong < ALPHA + 4 * mcse(ALPHA)
    assert wrong > 0.0001
    assert (p[~kept] == 1).all()


def test_keeping_every_arm_is_at_its_full_level_under_the_null():
    z = stages_against_control(np.random.default_rng(10), (0.0, 0.0), 2)
    everyone, sizes = np.ones((REPLICATES, 2), dtype=bool), (1.0, 1.0, 1.0)
    p = dropped_arms_test(Stage(z[:, 0], sizes), Stage(z[:, 1], sizes), everyone, (1, 1))

    assert abs((p <= ALPHA).any(axis=1).mean() - ALPHA) < 4 * mcse(ALPHA)


def test_the_best_arm_is_found_more_often_than_in_an_undirected_trial():
    z = stages_against_control(np.random.default_rng(11), (3.0, 0.0, 0.0), 3)
    kept, sizes = keep_arms(z[:, 0], DroppingRule(most=1)), (1.0, 1.0, 1.0, 1.0)
    p = dropped_arms_test(Stage(z[:, 0], sizes), Stage(z[:, 1], sizes), kept, (1, 1))

    assert (p[:, 0] <= ALPHA).mean() > 0.5
    assert (p[:, 1:] <= ALPHA).any(axis=1).mean() < 0.02
