"""Repeated confidence intervals and p values."""

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.stats.sequential import (
    BoundarySpec,
    boundaries,
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
