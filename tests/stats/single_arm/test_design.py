"""Single-arm designs against published ones and enumeration."""

import pytest
from scipy import stats

from cordwise.stats.single_arm.design import simon_designs, single_stage, upper_tail


@pytest.mark.parametrize(
    ("rates", "optimal", "minimax"),  # Simon 1989, alpha 0.05, power 0.9
    [
        ((0.1, 0.3), (2, 18, 6, 35), (2, 22, 6, 33)),
        ((0.2, 0.4), (4, 19, 15, 54), (5, 24, 13, 45)),
        ((0.3, 0.5), (8, 24, 24, 63), (7, 24, 21, 53)),
    ],
)
def test_simon_designs_are_the_published_ones(rates, optimal, minimax):
    found = simon_designs(*rates, alpha=0.05, power=0.9)
    for design, expected in zip(found, (optimal, minimax), strict=True):
        numbers = (design.first_most_failing, design.first_n, design.most_failing, design.n)
        assert numbers == expected


def test_the_two_stage_chances_agree_with_enumeration():
    design = simon_designs(0.2, 0.5, alpha=0.1, power=0.8)[0]
    for share, expected in ((0.2, design.alpha), (0.5, design.power)):
        chance = sum(
            stats.binom.pmf(x, design.first_n, share)
            * stats.binom.sf(design.most_failing - x, design.n - design.first_n, share)
            for x in range(design.first_most_failing + 1, design.first_n + 1)
        )
        assert chance == pytest.approx(expected)


def test_the_single_stage_design_is_the_smallest_that_meets_both_errors():
    design = single_stage(0.2, 0.4, alpha=0.05, power=0.8)
    assert (upper_tail(design.most_failing + 1, design.n, 0.2), upper_tail(design.most_failing + 1, design.n, 0.4)) == (
        pytest.approx(design.alpha),
        pytest.approx(design.power),
    )
    for n in range(2, design.n):
        limit = next(r for r in range(n + 1) if stats.binom.sf(r, n, 0.2) <= 0.05)
        assert stats.binom.sf(limit, n, 0.4) < 0.8


def test_a_target_that_nothing_reaches_has_no_design():
    assert simon_designs(0.4, 0.4001, alpha=0.01, power=0.99) is None
