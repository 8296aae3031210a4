"""Group-sequential limits of every family."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from cordwise.stats.sequential import (
    BoundarySpec,
    boundaries,
)

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


def test_spent_alpha_by_the_user_equals_the_family_that_spends_the_same():
    family = boundaries(BoundarySpec("kim_demets", 2.0), THIRDS, alpha=ALPHA)
    user = boundaries(BoundarySpec("user", cumulative_alpha=tuple(family.cumulative_alpha)), THIRDS, alpha=ALPHA)

    np.testing.assert_allclose(user.efficacy, family.efficacy, rtol=1e-7)
