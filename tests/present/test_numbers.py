import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.present import numbers


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "< 0.0001"), (1.0, "> 0.9999"), (0.00004, "< 0.0001"), (0.0042, "0.0042"), (0.031, "0.031"), (0.5, "0.500")],
)
def test_a_probability_is_never_exactly_zero_or_one(value, shown):
    assert numbers.probability(value) == shown


@settings(max_examples=200)
@given(st.floats(0, 1))
def test_a_shown_probability_is_true_to_its_last_digit(value):
    shown = numbers.probability(value)
    if shown.startswith("<"):
        assert value < float(shown[2:])
    elif shown.startswith(">"):
        assert value > float(shown[2:])
    else:
        assert 0 < float(shown) < 1
        assert abs(float(shown) - value) <= 0.5001 * 10.0 ** -len(shown.split(".")[1])


def test_a_rate_carries_its_monte_carlo_error():
    assert numbers.rate(0.853, 0.0056) == "0.853 (MCSE 0.006)"
    assert numbers.rate(0.0, 0.0) == "< 0.001 (MCSE < 0.001)"
    assert numbers.rate(0.5, None) == "0.500"


def test_an_estimate_carries_its_interval():
    assert numbers.interval(4.5, 3.1, 5.6) == "4.5 (3.1 to 5.6)"
    assert numbers.interval(-0.46, -1.0, 0.04, 1) == "−0.5 (−1.0 to 0.0)"
    assert numbers.interval(4.5, None, None) == "4.5"


def test_shares_are_per_cent_and_keep_off_the_ends_unless_they_are_there():
    assert numbers.share(0.336).startswith("34")
    assert numbers.share(0.001).startswith("< 1")
    assert numbers.share(0.999).startswith("> 99")
    assert numbers.share(0.0).startswith("0")
    assert numbers.share_interval(0.34, 0.25, 0.44) == "34\u202f% (25 to 44\u202f%)"


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_a_missing_value_is_never_written_as_a_number(missing):
    writers = (numbers.number, numbers.probability, numbers.share, numbers.count, numbers.cells, numbers.signed)
    assert {write(missing) for write in writers} == {numbers.NOT_GIVEN}
    assert numbers.interval(missing, 1, 2) == numbers.NOT_GIVEN
    assert numbers.rate(missing, 0.1) == numbers.NOT_GIVEN


def test_differences_show_their_sign_and_zero_shows_none():
    assert numbers.signed(2.44) == "+2.4"
    assert numbers.signed(-2.44) == "−2.4"
    assert numbers.signed(-0.001) == "0.0"


def test_cells_are_written_as_powers_of_ten():
    assert numbers.cells(1.2e8) == "1.2 × 10⁸"
    assert numbers.cells(1e8) == "1 × 10⁸"
    assert numbers.cells(9.99e7) == "1 × 10⁸"
    assert numbers.cells(2000) == "2\u202f000"


def test_days_are_one_day_or_a_range():
    assert numbers.day_range([45, 50]) == "day 45 to 50"
    assert numbers.day_range([45, 45]) == "day 45"
    assert numbers.day_range(183) == "day 183"


def test_any_json_value_can_be_written():
    assert numbers.value([18.0, 70.0]) == "18, 70"
    assert numbers.value(True) == "yes"
    assert numbers.value(None) == numbers.NOT_GIVEN
    assert numbers.value(0.05) == "0.05"
