import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from cordwise.base.errors import InputError
from cordwise.stats.sequential import (
    BoundarySpec,
    FutilityLimits,
    boundaries,
    crossings,
    final_inference,
    final_inference_by_calendar,
    repeated_interval,
    repeated_p,
    repeated_p_by_calendar,
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


def test_repeated_intervals_cover_at_all_looks_together():
    drift = 1.5
    _, _, z = stopped(LIMITS, drift, seed=5)
    error = 1 / np.sqrt(LIMITS.information)
    low, high = repeated_interval(LIMITS.efficacy, z * error, error)
    missed = 1 - ALPHA - (drift >= low).all(axis=1).mean()
    mcse = np.sqrt(ALPHA * (1 - ALPHA) / REPLICATES)

    assert abs(missed) < 4 * mcse
    assert abs((drift > high).any(axis=1).mean() - ALPHA) < 4 * mcse


@pytest.mark.parametrize("family", ["obrien_fleming", "lan_demets_obrien_fleming"])
def test_at_its_own_limit_a_repeated_p_is_the_alpha_of_the_design(family):
    spec, level = BoundarySpec(family), 0.04
    limits = boundaries(spec, (0.3, 0.6, 1.0), alpha=level)

    np.testing.assert_allclose(
        repeated_p(spec, limits.information, np.arange(3), limits.efficacy), np.full(3, level), rtol=1e-4
    )


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


def test_limits_that_do_not_follow_alpha_have_no_repeated_p():
    with pytest.raises(InputError, match="limits that follow alpha"):
        repeated_p(BoundarySpec("haybittle_peto", 3.0), (0.5, 1.0), np.array([0]), np.array([2.0]))


def test_repeated_p_values_of_looks_by_the_calendar_are_those_of_their_own_plan():
    plans = [(0.3, 0.6, 1.0), (0.45, 0.8, 1.0), (0.3, 0.6, 1.0), (0.3, 0.6, 1.0)]
    look, z = np.array([0, 1, 2, 2]), np.array([1.7, 2.6, -0.5, np.nan])
    each = [repeated_p(SPEC, plan, look[[row]], z[[row]])[0] for row, plan in enumerate(plans[:3])]

    np.testing.assert_allclose(repeated_p_by_calendar(SPEC, np.array(plans), look, z), [*each, np.nan], rtol=1e-4)


def test_repeated_p_values_beyond_the_table_stay_at_its_ends():
    p = repeated_p_by_calendar(SPEC, np.array([[0.5, 1.0]] * 2), np.array([0, 0]), np.array([12.0, -9.0]))

    assert p[0] < 1e-15
    assert p[1] > 0.99
