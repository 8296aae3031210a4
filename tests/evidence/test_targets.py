"""The reader of target files: what it makes of a good file, and that it names every fault of a bad one at once."""

import csv
import io
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.errors import InputError
from cordwise.base.tables import packaged_text
from cordwise.evidence import measures, packaged_targets, read_targets, registry_targets, released_targets
from cordwise.evidence.printed import grade_range, level_range
from cordwise.isncsci import LEVELS, level_index

HEADER, *LINES = packaged_text("cordwise.evidence", "calibration_targets.csv").splitlines()
COLUMNS = HEADER.split(",")
A_TARGET = dict(
    zip(
        COLUMNS,
        ["T1", "a study", "", "B", "C1-T1", "0", "15", "365", "uems", "", "mean", "29.5", "12.4", "119", ""],
        strict=True,
    )
)
A_CONVERSION = A_TARGET | {"target_id": "T2", "measure": "ais", "statistic": "proportion", "value": "0.3", "sd": ""}


def write(folder: Path, *rows: dict[str, str], columns: list[str] = COLUMNS) -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "targets.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def faults_of(path: Path):
    with pytest.raises(InputError) as caught:
        read_targets(path)
    return caught.value.faults


def test_the_packaged_targets_read_back_from_a_file_are_the_same(tmp_path):
    path = tmp_path / "copy.csv"
    path.write_text("\n".join([HEADER, *LINES]), encoding="utf-8")
    read, packaged = read_targets(path), packaged_targets()
    assert len(read) == len(packaged) == 304
    assert [target.target_id for target in read] == list(packaged.target_id)
    np.testing.assert_array_equal(read.value, packaged.value)
    np.testing.assert_array_equal(read.n, packaged.n)


def test_the_released_targets_are_those_of_the_population_and_then_those_of_the_registries(tmp_path):
    released, population, registries = released_targets(), packaged_targets(), registry_targets()
    assert (len(released), len(registries)) == (456, 152)
    assert released.target_id == population.target_id + registries.target_id
    assert len(set(released.target_id)) == 456
    np.testing.assert_array_equal(released.value[304:], registries.value)
    path = tmp_path / released.source_file.name
    path.write_bytes(released.source_file.data)
    np.testing.assert_array_equal(read_targets(path).sd, released.sd)


def test_registry_targets_begin_with_the_arms_of_sygen_at_eight_weeks_and_end_at_two_years():
    first, *_, last = registry_targets()
    assert (first.target_id, first.measure, first.followup_day, first.value, first.sd, first.n) == (
        *("NH0244", "uems", 56.0, 15.871, 12.63, 281.0),
    )
    assert (last.measure, last.followup_day, last.value) == ("lems_change", 730.0, 1.3)


def test_gains_from_week_two_to_a_year_are_those_worked_out_from_the_source():
    targets = packaged_targets()

    def gain(measure: str, grade: str, levels: str) -> float:
        is_row = [
            (m, g, span) == (measure, grade, levels) and source == "Bourguignon2022 EMSCI tables"
            for m, g, span, source in zip(
                targets.measure, targets.baseline_ais, targets.levels, targets.source, strict=True
            )
        ]
        value = dict(zip(targets.followup_day[is_row], targets.value[is_row], strict=True))
        return round(float(value[365.0] - value[14.0]), 1)

    assert [gain("uems", grade, "C1-T1") for grade in "ABCD"] == [8.1, 11.1, 18.3, 13.1]
    assert [gain("lems", grade, "C1-T1") for grade in "ABCD"] == [3.0, 14.3, 21.3, 8.1]
    assert [gain("lems", grade, "T2-S5") for grade in "ABCD"] == [2.5, 14.0, 21.5, 8.5]


def test_a_row_becomes_numbers_and_blanks_become_nan(tmp_path):
    targets = read_targets(write(tmp_path, A_TARGET, A_CONVERSION | {"category": "C-E", "levels": "T2-S5", "n": ""}))
    score, conversion = targets
    assert (score.level_first, score.level_last) == (level_index("C1"), level_index("T1"))
    assert (conversion.level_first, conversion.level_last) == (level_index("T2"), level_index("S4_5"))
    assert (score.baseline_grade_low, score.baseline_grade_high, score.value) == (1, 1, 29.5)
    assert (conversion.category_low, conversion.category_high, conversion.is_improvement) == (2, 4, False)
    assert np.isnan([conversion.sd, conversion.n]).all()
    assert targets.value.dtype == np.float64
    assert targets.level_last.dtype == np.int8
    with pytest.raises(FrozenInstanceError):
        targets.value = targets.sd


def test_a_category_counts_the_grades_reached_and_improved_counts_any_gain(tmp_path):
    rows = [A_CONVERSION | {"target_id": name, "category": name, "baseline_ais": "all"} for name in ("B", "B-D")]
    rows.append(A_CONVERSION | {"target_id": "gain", "category": "improved", "baseline_ais": "A-C"})
    single, span, gain = read_targets(write(tmp_path, *rows))
    before, after = np.array([0, 0, 1, 2, 3], np.int8), np.array([0, 1, 1, 3, 4], np.int8)
    assert single.reached(before, after).tolist() == [False, True, True, False, False]
    assert span.reached(before, after).tolist() == [False, True, True, True, False]
    assert gain.reached(before, after).tolist() == [False, True, False, True, True]
    assert (gain.baseline_grade_low, gain.baseline_grade_high) == (0, 2)


def test_all_faults_of_a_file_are_reported_at_once_with_row_and_column(tmp_path):
    path = write(
        tmp_path,
        A_TARGET,
        A_TARGET | {"target_id": "T3", "measure": "uemss", "levels": "T1-C5", "followup_day": "soon"},
        A_TARGET | {"target_id": "T4", "baseline_day_min": "20", "baseline_day_max": "30", "followup_day": "14"},
        A_TARGET | {"target_id": "T5", "value": "50.5", "baseline_ais": "F"},
        A_CONVERSION | {"target_id": "T6", "category": "B-A"},
        A_CONVERSION | {"target_id": "T1", "category": "D", "value": "30"},
    )
    faults = faults_of(path)
    assert {(fault.row, fault.column) for fault in faults} == {
        (3, "measure"),
        (3, "levels"),
        (3, "followup_day"),
        (4, "followup_day"),
        (5, "value"),
        (5, "baseline_ais"),
        (6, "category"),
        (7, "target_id"),
        (7, "value"),
    }
    assert [fault.row for fault in faults] == sorted(fault.row for fault in faults)
    assert (
        "targets.csv row 3 (T3), column measure: expected one of uems, lems, light_touch, pin_prick, scim, wisci, "
        'ais, uems_change, lems_change, found "uemss"' in [str(fault) for fault in faults]
    )


def test_missing_columns_are_named_each(tmp_path):
    kept = [column for column in COLUMNS if column not in ("value", "levels")]
    faults = faults_of(write(tmp_path, A_TARGET, columns=kept))
    assert [(fault.column, fault.found) for fault in faults] == [
        ("levels", "no such column"),
        ("value", "no such column"),
    ]


def test_notes_and_references_may_be_left_out_and_other_columns_are_let_be(tmp_path):
    kept = [column for column in COLUMNS if column not in ("note", "doi_or_pmid")]
    path = write(tmp_path, A_TARGET | {"registry": "own"}, columns=[*kept, "registry"])
    assert read_targets(path)[0].note == ""


@pytest.mark.parametrize(
    ("content", "expected", "found"),
    [
        (b"", "a header row and at least one row", "an empty file"),
        (b" \n\n", "a header row and at least one row", "an empty file"),
        (HEADER.encode(), "at least one target", "a header without rows"),
        (b"\xff\xfe\x00", "a CSV file in UTF-8", "a byte that is not UTF-8 at position 0"),
        (b'{"a": 1}\n', "a CSV file with the columns", '{"a": 1}'),
        (HEADER.replace(",", ";").encode() + b"\n1;2\n", "a CSV file with the columns", "target_id;source"),
        (HEADER.encode() + b'\n"open quote,1\n', "a CSV file", "unexpected end of data"),
    ],
)
def test_what_is_not_a_table_of_targets_is_said_so(tmp_path, content, expected, found):
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    (fault,) = faults_of(path)
    assert fault.expected.startswith(expected)
    assert found in fault.found


def test_a_file_or_folder_that_cannot_be_read_is_a_fault(tmp_path):
    assert [fault.found for fault in faults_of(tmp_path / "none.csv")] == ["no such file"]
    (fault,) = faults_of(tmp_path)
    assert fault.expected == "a CSV file that can be read"


def test_a_byte_order_mark_and_blank_lines_do_no_harm(tmp_path):
    path = tmp_path / "excel.csv"
    path.write_text("\n".join([HEADER, LINES[0], "", LINES[1]]), encoding="utf-8-sig")
    assert read_targets(path).target_id == ("NH0001", "NH0002")


@settings(max_examples=40, deadline=None)
@given(first=st.sampled_from(LEVELS[:-1]), last=st.sampled_from(LEVELS[:-1]))
def test_a_range_of_levels_is_read_if_and_only_if_it_runs_downwards(first, last):
    numbers = (level_index(first), level_index(last))
    assert level_range(f"{first}-{last}") == (numbers if numbers[0] <= numbers[1] else None)


@settings(max_examples=40, deadline=None)
@given(first=st.sampled_from("ABCDE"), last=st.sampled_from("ABCDE"))
def test_a_range_of_grades_is_read_if_and_only_if_it_runs_upwards(first, last):
    numbers = ("ABCDE".index(first), "ABCDE".index(last))
    assert grade_range(f"{first}-{last}") == (numbers if first <= last else None)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), measure=st.sampled_from(sorted(set(measures("calibration_targets")) - {"ais"})))
def test_a_value_is_accepted_if_and_only_if_its_measure_can_take_it(tmp_path_factory, data, measure):
    bounds = measures("calibration_targets")[measure].bounds
    value = data.draw(st.floats(bounds.low - 20, bounds.high + 20))
    row = A_TARGET | {"measure": measure, "value": repr(value), "sd": ""}
    path = write(tmp_path_factory.mktemp("targets"), row)
    if bounds.low <= value <= bounds.high:
        assert read_targets(path)[0].value == value
    else:
        assert [(fault.row, fault.column) for fault in faults_of(path)] == [(2, "value")]
