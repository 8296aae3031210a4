"""Limits at looks by the calendar."""

from math import inf

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.stats.sequential import (
    BoundarySpec,
    boundaries,
    efficacy_limits_by_calendar,
)

ALPHA = 0.025


def test_looks_by_the_calendar_have_the_limits_of_their_own_information():
    spec = BoundarySpec("lan_demets_obrien_fleming")
    information = np.array([[0.3, 0.6, 1.0], [0.41, 0.77, 1.0], [0.3, 0.6, 1.0]])
    expected = [boundaries(spec, row, alpha=ALPHA).efficacy for row in information]

    np.testing.assert_allclose(efficacy_limits_by_calendar(spec, information, ALPHA), expected, rtol=1e-9)
    np.testing.assert_allclose(efficacy_limits_by_calendar(spec, information[::-1], ALPHA), expected[::-1], rtol=1e-9)


def test_looks_by_the_calendar_hold_the_error_whatever_information_they_find():
    generator, replicates = np.random.default_rng(8), 40_000
    information = np.clip([0.3, 0.65, 1.0] + 0.05 * generator.standard_normal((replicates, 3)), 0.05, None)
    information = np.round(np.maximum.accumulate(information, axis=1), 2)
    efficacy = efficacy_limits_by_calendar(BoundarySpec("lan_demets_pocock"), information, ALPHA)
    gains = np.diff(information, axis=1, prepend=0.0)
    score = np.cumsum(generator.standard_normal((replicates, 3)) * np.sqrt(gains), axis=1)
    rejected = (score / np.sqrt(information) >= efficacy).any(axis=1).mean()

    assert abs(rejected - ALPHA) < 4 * np.sqrt(ALPHA * (1 - ALPHA) / replicates)


def test_a_look_without_new_information_spends_nothing():
    efficacy = efficacy_limits_by_calendar(BoundarySpec("lan_demets_pocock"), np.array([[0.5, 0.5, 1.0]]), ALPHA)

    assert efficacy[0, 1] == inf
    assert efficacy[0, 2] == pytest.approx(
        efficacy_limits_by_calendar(BoundarySpec("lan_demets_pocock"), np.array([[0.5, 1.0]]), ALPHA)[0, 1]
    )


def test_constant_families_have_no_limits_by_the_calendar():
    with pytest.raises(InputError, match="spending function"):
        efficacy_limits_by_calendar(BoundarySpec("pocock"), np.array([[0.5, 1.0]]), ALPHA)
