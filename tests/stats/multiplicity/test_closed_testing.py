"""Closed tests."""

import numpy as np

from cordwise.stats.multiplicity.closed_testing import closed_dunnett
from cordwise.stats.multiplicity.many_to_one import dunnett


def test_the_closed_dunnett_test_steps_down_from_the_single_step():
    z = np.array([[3.0, 2.0, 0.5], [1.0, 2.5, 2.4]])
    single, closed = dunnett(z, (40, 40, 40, 40)), closed_dunnett(z, (40, 40, 40, 40))
    best = z.argmax(axis=1)

    np.testing.assert_allclose(closed[[0, 1], best], single[[0, 1], best])
    assert (closed <= single + 1e-12).all()
    assert closed[0, 2] < single[0, 2]


def test_the_closed_dunnett_test_holds_the_familywise_error_when_one_arm_works():
    generator, replicates, root = np.random.default_rng(4), 10_000, np.sqrt(0.5)
    shared = generator.standard_normal((replicates, 1))
    z = root * (shared + generator.standard_normal((replicates, 3))) + np.array([4.0, 0.0, 0.0])
    wrong = (closed_dunnett(z, (1, 1, 1, 1))[:, 1:] <= 0.025).any(axis=1).mean()

    assert abs(wrong - 0.025) < 4 * np.sqrt(0.025 * 0.975 / replicates)
