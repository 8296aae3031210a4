"""Operating characteristics of boundaries: a plain twin, simulated scores, power."""

from math import inf

import numpy as np
import pytest

from cordwise.stats.sequential import (
    BoundarySpec,
    FutilityLimits,
    boundaries,
    crossings,
    drift_for_power,
    effect_limits,
    operating_characteristics,
)
from reference.sequential_looks import crossing_probabilities

ALPHA = 0.025
THIRDS = (1 / 3, 2 / 3, 1)


def test_probabilities_of_crossing_are_those_of_the_plain_twin():
    information, lower, upper = (0.2, 0.25, 0.7, 1.0), (-0.5, -inf, 0.3, 1.9), (3.0, 2.5, 2.2, 1.9)
    rows = [np.array([values]) for values in (information, lower, upper)]

    for drift in (0.0, 2.5, -1.0):
        above, below = crossings(*rows, np.array([drift]))
        plain_above, plain_below = crossing_probabilities(information, lower, upper, drift)
        np.testing.assert_allclose(above[0], plain_above, atol=2e-6)
        np.testing.assert_allclose(below[0], plain_below, atol=2e-6)


def test_rates_of_simulated_scores_agree_with_the_integrals():
    spec = BoundarySpec("lan_demets_pocock", futility=FutilityLimits("z", (0.2, 0.8), binding=True))
    limits = boundaries(spec, (0.3, 0.7, 1.0), alpha=ALPHA)
    generator, replicates = np.random.default_rng(5), 200_000
    gains = np.diff(limits.information, prepend=0.0)
    for drift in (0.0, 3.0):
        steps = generator.standard_normal((replicates, 3)) * np.sqrt(gains) + drift * gains
        z = np.cumsum(steps, axis=1) / np.sqrt(limits.information)
        out = (z >= limits.efficacy) | (z < limits.futility)
        stage = out.argmax(axis=1)
        success = z[np.arange(replicates), stage] >= limits.efficacy[stage]
        expected = operating_characteristics(limits, drift).success[0]
        simulated = np.bincount(stage[success], minlength=3) / replicates
        assert (np.abs(simulated - expected) < 4 * np.sqrt(expected * (1 - expected) / replicates)).all()


def test_the_drift_for_a_power_has_that_power():
    limits = boundaries(BoundarySpec("kim_demets", 1.5), THIRDS, alpha=ALPHA)

    assert operating_characteristics(limits, drift_for_power(limits, 0.85)).power[0] == pytest.approx(0.85, abs=1e-9)


def test_limits_in_points_shrink_with_the_root_of_the_information():
    limits = boundaries(BoundarySpec("pocock"), (0.25, 1.0), alpha=ALPHA)
    efficacy, _ = effect_limits(limits, final_information=0.25)

    np.testing.assert_allclose(efficacy, limits.efficacy * np.array([4.0, 2.0]))
