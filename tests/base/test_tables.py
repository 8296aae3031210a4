"""Tables of the package and of users: rows as they are written, numbers with what is known of them."""

import pytest

from cordwise.base.errors import InputError
from cordwise.base.tables import packaged_numbers, packaged_table, packaged_values, parse_table, read_table, table_bytes


def test_rows_keep_the_number_that_a_spreadsheet_shows_and_cells_lose_their_blanks():
    table = parse_table("name, value\n a ,1\n\nb,2\n", name="small", file="small.csv")
    assert table.columns == ("name", "value")
    assert [(row.number, row["name"], row["value"]) for row in table] == [(2, "a", "1"), (4, "b", "2")]
    assert table.rows[0]["source"] == ""


def test_a_number_of_the_package_has_its_unit_range_source_and_status():
    (half,) = [row for row in packaged_numbers("cordwise.cord", "delivery_parameters") if row.name == "blood_half_life"]
    assert half.low90 < half.value < half.high90
    assert half.unit
    assert half.source
    assert half.status in ("seen", "recalled", "fitted", "judgement")
    assert half.species == ""


def test_values_by_name_are_those_of_the_rows_and_cannot_be_changed():
    values = packaged_values("cordwise.appraisal", "conventions")
    assert dict(values) == {row.name: row.value for row in packaged_numbers("cordwise.appraisal", "conventions")}
    with pytest.raises(TypeError):
        values["new"] = 1.0


def test_a_table_is_read_once():
    assert packaged_table("cordwise.patient", "syndromes") is packaged_table("cordwise.patient", "syndromes")


@pytest.mark.parametrize(
    ("data", "found"), [(b"", "an empty file"), (b"name\n\xff\n", "a byte that is not UTF-8 at position 5")]
)
def test_what_is_no_table_is_told(data, found, tmp_path):
    with pytest.raises(InputError) as caught:
        read_table(data, tmp_path / "mine.csv", name="mine")
    assert [fault.found for fault in caught.value.faults] == [found]


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        table_bytes(tmp_path / "none.csv")


def test_a_row_knows_its_columns():
    (row,) = parse_table("name,value\na,1\n", name="t", file="t.csv").rows
    assert list(row) == ["name", "value"]
    assert "value" in row
    assert "unit" not in row
