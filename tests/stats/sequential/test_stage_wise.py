"""Inference after stopping: tails, coverage, uniform p values."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from cordwise.stats.sequential import (
    BoundarySpec,
    FutilityLimits,
    boundaries,
    crossings,
    final_inference,
    final_inference_by_calendar,
    repeated_p,
)

ALPHA, REPLICATES = 0.025, 20_000
SPEC = BoundarySpec("lan_demets_pocock")
LIMITS = boundaries(SPEC, (0.3, 0.6, 1.0), alpha=ALPHA)


def stopped(limits, drift, seed):
    gains = np.diff(limits.information, prepend=0.0)
    generator = np.random.default_rng(seed)
    score = np.cumsum(generator.standard_normal((REPLICATES, 3)) * np.sqrt(gains) + drift * gains, axis=1)
    z = score / np.sqrt(limits.information)
    out = (z >= limits.efficacy) | (z < limits.futility)
    look = out.argmax(axis=1)
    return look, z[np.arange(REPLICATES), look], z


def tail_under(limits, look, z, drift):
    upper = np.append(limits.efficacy[:look], z)[None]
    lower = np.full_like(upper, -np.inf)
    above, _ = crossings(limits.information[None, : look + 1], lower, upper, np.array([drift]))
    return above.sum()


@pytest.mark.parametrize(("look", "z"), [(0, 3.1), (1, 2.4), (2, 2.0), (2, -0.7), (2, -4.0)])
def test_estimate_and_interval_are_the_drifts_that_give_their_tails(look, z):
    final = final_inference(LIMITS, np.array([look]), np.array([z]), alpha=ALPHA)

    assert final.p[0] == pytest.approx(tail_under(LIMITS, look, z, 0.0), abs=1e-8)
    for found, target in ((final.estimate, 0.5), (final.low, ALPHA), (final.high, 1 - ALPHA)):
        expected = brentq(lambda drift, target=target: tail_under(LIMITS, look, z, drift) - target, -15, 15)
        assert found[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("drift", [0.0, 3.0])
def test_final_intervals_cover_and_estimates_are_median_unbiased(drift):
    look, z, _ = stopped(LIMITS, drift, seed=1)
    final = final_inference(LIMITS, look, z, alpha=ALPHA)
    mcse = np.sqrt(2 * ALPHA * (1 - 2 * ALPHA) / REPLICATES)

    assert abs(((final.low <= drift) & (drift <= final.high)).mean() - (1 - 2 * ALPHA)) < 4 * mcse
    assert abs((final.estimate < drift).mean() - 0.5) < 4 * 0.5 / np.sqrt(REPLICATES)


def test_final_p_is_uniform_without_an_effect_also_when_futility_binds():
    spec = BoundarySpec("lan_demets_pocock", futility=FutilityLimits("z", (-0.2, 0.4), binding=True))
    limits = boundaries(spec, (0.3, 0.6, 1.0), alpha=ALPHA)
    look, z, _ = stopped(limits, 0.0, seed=2)
    p = final_inference(limits, look, z, alpha=ALPHA).p

    for level in (0.025, 0.3, 0.8):
        assert abs((p <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / REPLICATES)


def test_a_success_is_a_final_p_of_at_most_alpha():
    look, z, _ = stopped(LIMITS, 2.0, seed=3)
    p = final_inference(LIMITS, look, z, alpha=ALPHA).p

    np.testing.assert_array_equal(p <= ALPHA + 1e-9, z >= LIMITS.efficacy[look])


def test_replicates_read_from_a_table_agree_with_those_solved_one_by_one():
    look, z, _ = stopped(LIMITS, 1.0, seed=4)
    some = slice(0, 300)
    table = final_inference(LIMITS, look, z, alpha=ALPHA)
    rows = (np.tile(each, (300, 1)) for each in (LIMITS.information, LIMITS.efficacy))
    each = final_inference_by_calendar(*rows, look[some], z[some], alpha=ALPHA)

    for name in ("p", "estimate", "low", "high"):
        np.testing.assert_allclose(getattr(table, name)[some], getattr(each, name), atol=1e-6)


def test_with_one_look_all_p_values_are_the_plain_one():
    fixed, z = boundaries(SPEC, [1.0], alpha=ALPHA), np.array([-1.0, 0.3, 2.5])
    look = np.zeros(3, dtype=int)
    final = final_inference(fixed, look, z, alpha=ALPHA)

    np.testing.assert_allclose(final.p, ndtr(-z), rtol=1e-9)
    np.testing.assert_allclose(final.low, z + ndtri(ALPHA), atol=1e-8)
    np.testing.assert_allclose(repeated_p(SPEC, [1.0], look, z), ndtr(-z), rtol=1e-6)


def test_a_replicate_without_a_z_value_has_no_inference():
    final = final_inference(LIMITS, np.array([0, 2]), np.array([3.0, np.nan]), alpha=ALPHA)

    assert np.isnan([final.p[1], final.estimate[1], final.low[1], final.high[1]]).all()
    assert np.isfinite(final.estimate[0])
