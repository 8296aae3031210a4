"""The types that study, patient and design files share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cordwise.patient.file_types import CellsWindow, Window, window_in

WINDOW = TypeAdapter(Window)


@given(st.floats(0, 1000) | st.integers(0, 1000))
def test_one_number_is_a_window_that_starts_and_ends_there(day):
    assert WINDOW.validate_python(day) == (day, day) == WINDOW.validate_python([day, day])
    assert window_in({"day": day}, "day") == (day, day) == window_in({"day": [day, day]}, "day")


def test_one_number_of_cells_is_a_range_of_doses():
    assert TypeAdapter(CellsWindow).validate_python(1e8) == (1e8, 1e8)


@pytest.mark.parametrize("wrong", [-3, float("nan"), 1e9, True, "30", [5, 3], [1], [1, -2], None])
def test_what_is_wrong_with_a_window_is_told_once(wrong):
    with pytest.raises(ValidationError) as told:
        WINDOW.validate_python(wrong)
    assert told.value.error_count() == 1


@pytest.mark.parametrize("nothing", [None, "30", True, [1], [1, "2"], {}])
def test_a_table_without_a_window_holds_none(nothing):
    assert window_in({"day": nothing}, "day") is None
    assert window_in(nothing, "day") is None


def test_the_schema_takes_a_number_and_a_pair():
    number, pair = WINDOW.json_schema()["anyOf"]
    assert number["type"] == "number"
    assert pair["minItems"] == pair["maxItems"] == 2
