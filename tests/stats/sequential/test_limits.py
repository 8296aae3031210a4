from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from cordwise.base.errors import InputError
from cordwise.stats.sequential import (
    BetaSpending,
    BoundarySpec,
    FutilityLimits,
    boundaries,
    crossings,
    drift_for_power,
    effect_limits,
    efficacy_limits_by_calendar,
    operating_characteristics,
)
from reference.sequential_looks import crossing_probabilities

ALPHA = 0.025
THIRDS = (1 / 3, 2 / 3, 1)
SPECS = (
    BoundarySpec("obrien_fleming"),
    BoundarySpec("pocock"),
    BoundarySpec("wang_tsiatis", 0.3),
    BoundarySpec("haybittle_peto", 3.0),
    BoundarySpec("lan_demets_obrien_fleming"),
    BoundarySpec("lan_demets_pocock"),
    BoundarySpec("hwang_shih_decani", -2.0),
    BoundarySpec("kim_demets", 2.0),
)
looks = st.lists(st.integers(1, 999), min_size=1, max_size=6, unique=True).map(
    lambda steps: (*(step / 1000 for step in sorted(steps)), 1.0)
)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.family)
@given(information=looks, alpha=st.floats(0.01, 0.3))
@settings(max_examples=8, deadline=None)
def test_every_family_spends_its_alpha_however_close_the_looks(spec, information, alpha):
    limits = boundaries(spec, information, alpha=alpha)

    assert limits.cumulative_alpha[-1] == pytest.approx(alpha, rel=1e-6)
    assert (np.diff(limits.cumulative_alpha) >= 0).all()


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


def test_twenty_looks_are_integrated():
    limits = boundaries(BoundarySpec("obrien_fleming"), np.arange(1, 21) / 20, alpha=ALPHA)

    assert limits.cumulative_alpha[-1] == pytest.approx(ALPHA, rel=1e-9)
    assert limits.efficacy * np.sqrt(limits.information) == pytest.approx(np.full(20, limits.efficacy[-1]))


def test_a_look_that_nearly_coincides_with_the_next_hardly_changes_the_last_limit():
    spec = BoundarySpec("lan_demets_pocock")
    two, three = (boundaries(spec, times, alpha=ALPHA) for times in ((0.5, 1.0), (0.5, 0.50001, 1.0)))

    assert three.efficacy[0] == two.efficacy[0]
    assert three.efficacy[-1] == pytest.approx(two.efficacy[-1], abs=1e-3)


def test_a_single_look_is_the_fixed_design():
    assert boundaries(BoundarySpec("pocock"), [1.0], alpha=ALPHA).efficacy[0] == pytest.approx(-ndtri(ALPHA))


def test_the_drift_for_a_power_has_that_power():
    limits = boundaries(BoundarySpec("kim_demets", 1.5), THIRDS, alpha=ALPHA)

    assert operating_characteristics(limits, drift_for_power(limits, 0.85)).power[0] == pytest.approx(0.85, abs=1e-9)


def test_limits_in_points_shrink_with_the_root_of_the_information():
    limits = boundaries(BoundarySpec("pocock"), (0.25, 1.0), alpha=ALPHA)
    efficacy, _ = effect_limits(limits, final_information=0.25)

    np.testing.assert_allclose(efficacy, limits.efficacy * np.array([4.0, 2.0]))


def test_spent_alpha_by_the_user_equals_the_family_that_spends_the_same():
    family = boundaries(BoundarySpec("kim_demets", 2.0), THIRDS, alpha=ALPHA)
    user = boundaries(BoundarySpec("user", cumulative_alpha=tuple(family.cumulative_alpha)), THIRDS, alpha=ALPHA)

    np.testing.assert_allclose(user.efficacy, family.efficacy, rtol=1e-7)


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


def test_all_faults_of_a_specification_are_named_at_once():
    rule = BetaSpending("user", beta=0.99, cumulative=(0.1,), binding=True)
    with pytest.raises(InputError) as caught:
        boundaries(BoundarySpec("wang_tsiatis", futility=rule), [0.5, 0.5, 0.9], alpha=1.5)

    places = [fault.where for fault in caught.value.faults]
    assert places == [
        "alpha",
        "information",
        "information",
        "parameter",
        "futility.beta",
        "futility.cumulative",
        "futility.binding",
    ]


def test_spending_that_does_not_sum_to_alpha_is_refused():
    with pytest.raises(InputError, match=r"0\.025 spent by the last look"):
        boundaries(BoundarySpec("user", cumulative_alpha=(0.01, 0.02)), [0.5, 1], alpha=ALPHA)


def test_early_limits_that_spend_more_than_alpha_are_refused():
    with pytest.raises(InputError, match=r"spend alpha 0\.025 in all, found 0\.1"):
        boundaries(BoundarySpec("haybittle_peto", 1.5), THIRDS, alpha=ALPHA)
