"""Files of examinations: what is read, and what is refused with which words."""

import json
from dataclasses import fields

import numpy as np
import polars as pl
import pytest

from cordwise.base.errors import InputError
from cordwise.isncsci.files.formats import count_rows, read_exams, read_pieces, write_exams
from cordwise.isncsci.files.pieces import join, values_of
from cordwise.isncsci.files.writing import json_lines
from cordwise.isncsci.recorded import RecordedExams
from reference.isncsci_exams import random_exams

KINDS = ["jsonl", "csv", "tsv", "parquet"]


def assert_same_exams(left, right):
    for field in fields(RecordedExams):
        np.testing.assert_array_equal(getattr(left, field.name), getattr(right, field.name), err_msg=field.name)


@pytest.fixture
def exams():
    return RecordedExams.from_exams(random_exams(21, 7))


@pytest.fixture
def records(exams):
    return [json.loads(line) for line in json_lines(exams, range(len(exams)))]


@pytest.fixture
def read(tmp_path):
    """Write records as JSON lines and read them."""

    def write_and_read(records):
        path = tmp_path / "exams.jsonl"
        path.write_text("".join(f"{record if isinstance(record, str) else json.dumps(record)}\n" for record in records))
        return read_exams(path)

    return write_and_read


def only_faults(reading):
    (refusal,) = reading.refusals
    return [(fault.where, fault.found) for fault in refusal.faults]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read_again(tmp_path, exams, kind):
    path = tmp_path / f"exams.{kind}"
    names = [f"patient {number:03}" for number in range(len(exams))]
    write_exams(path, exams, names)
    reading = read_exams(path)
    assert (reading.ids, reading.refusals) == (tuple(names), ())
    assert_same_exams(reading.exams, exams)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_the_size_of_the_pieces_does_not_matter(tmp_path, exams, kind, size):
    path = tmp_path / f"exams.{kind}"
    write_exams(path, exams, range(len(exams)))
    pieces = list(read_pieces(path, chunk_size=size))
    assert sum(map(len, pieces)) == count_rows(path) == len(exams)
    ids = [str(name) for piece in pieces for name in values_of(piece.names)]
    assert ids == [str(number) for number in range(len(exams))]


def test_json_lines_hold_no_more_than_a_piece_at_a_time(tmp_path, exams):
    path = tmp_path / "exams.jsonl"
    write_exams(path, exams, range(len(exams)))
    assert [len(piece) for piece in read_pieces(path, chunk_size=3)] == [3, 3, 1]


@pytest.mark.parametrize(("kind", "place"), [("jsonl", "line 6: id"), ("csv", "row 6: id")])
def test_rows_are_counted_through_all_pieces(tmp_path, exams, kind, place):
    path = tmp_path / f"exams.{kind}"
    write_exams(path, exams, ["a", "b", "c", "d", "e", "", "g"])
    whole = join(read_pieces(path, chunk_size=2))
    (refusal,) = whole.refusals
    assert (whole.rows, refusal.row, refusal.faults[0].where) == ((0, 1, 2, 3, 4, 6), 5, place)


@pytest.mark.parametrize("spell", [int, float, lambda score: f"{score}.0", lambda score: f" {score} "])
def test_scores_may_be_numbers_or_texts(read, records, exams, spell):
    for record in records:
        for side in ("right", "left"):
            for family in ("motor", "light_touch", "pin_prick"):
                scores = record[side][family]
                record[side][family] = {level: spell(int(score)) for level, score in scores.items()}
    reading = read(records)
    assert not reading.refusals
    assert_same_exams(reading.exams, exams)


@pytest.mark.parametrize("spelling", ["S45", "S4-5"])
def test_the_lowest_dermatome_may_be_spelt_otherwise(read, records, exams, spelling, tmp_path):
    for record in records:
        record["right"]["light_touch"][spelling] = record["right"]["light_touch"].pop("S4_5")
    assert_same_exams(read(records).exams, exams)
    table = tmp_path / "exams.csv"
    write_exams(table, exams, range(len(exams)))
    table.write_text(table.read_text().replace("left_pin_prick_S4_5", f"left_pin_prick_{spelling}"))
    assert_same_exams(read_exams(table).exams, exams)


@pytest.mark.parametrize("none", [None, "", "none"])
def test_no_non_key_muscle_may_be_nothing_or_none(read, records, none):
    records[0]["left"]["lowest_non_key_muscle"] = none
    assert read(records[:1]).exams.lowest_non_key_muscle[0, 1] == 0


@pytest.mark.parametrize("name", [17, "17", 'Müller "2"'])
def test_names_keep_their_kind(read, records, name):
    assert read([records[0] | {"id": name}]).ids == (name,)


BAD_MOTOR = [
    "6",
    "-1",
    "3.5",
    "5*",
    "2***",
    "UNK",
    "nt",
    "",
    None,
    7,
    2.5,
    True,
    [3],
    {"score": 3},
    "5 or 4",
    "٣",
    "05",
]


@pytest.mark.parametrize("score", BAD_MOTOR)
def test_an_illegal_motor_score_refuses_the_exam_and_no_other(read, records, score):
    records[2]["left"]["motor"]["L4"] = score
    reading = read(records)
    (refusal,) = reading.refusals
    (fault,) = refusal.faults
    assert (refusal.row, refusal.id, fault.where, fault.expected) == (
        2,
        2,
        "left.motor.L4",
        "L4 key muscle, left side: 0-5 or NT; tagged 0-4 or NT with *, ** or *=value",
    )
    assert reading.rows == (0, 1, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("score", "code"),
    [("NT", 6), ("0*", 10), ("4**", 24), ("NT*", 16), ("NT**", 26), ("3*=2", 53), ("NT*=5", 86), (" 2 ", 2), (4.0, 4)],
)
def test_open_and_tagged_scores_have_codes(read, records, score, code):
    records[0]["right"]["motor"]["C7"] = score
    assert read(records[:1]).exams.motor[0, 0, 2] == code


@pytest.mark.parametrize("score", ["3", "2*", "2**", "1*=3", "NT***", "NT*=", "-0", "1,0", "one"])
def test_an_illegal_sensory_score_is_refused(read, records, score):
    records[0]["right"]["pin_prick"]["S4_5"] = score
    (refusal,) = read(records[:1]).refusals
    fault = refusal.faults[0]
    assert (fault.where, fault.found) == ("right.pin_prick.S4_5", score)
    assert fault.expected.startswith("pin prick at S4-5, right side: 0-2 or NT")


@pytest.mark.parametrize("finding", ["Y", "", None, 1, "maybe", "yes", "NT*"])
def test_a_finding_is_yes_or_no_or_not_testable(read, records, finding):
    records[0]["vac"] = finding
    (refusal,) = read(records[:1]).refusals
    assert refusal.faults[0].where == "vac"
    assert refusal.faults[0].expected.startswith("voluntary anal contraction: Yes, true, No, false or NT")


@pytest.mark.parametrize("muscle", ["T5", "S2", "C4", "yes", 3])
def test_a_non_key_muscle_lies_in_a_limb(read, records, muscle):
    records[0]["right"]["lowest_non_key_muscle"] = muscle
    assert only_faults(read(records[:1])) == [("right.lowest_non_key_muscle", str(muscle))]


def test_all_faults_of_an_exam_are_reported_together(read, records):
    del records[0]["left"]["pin_prick"]
    del records[0]["right"]["motor"]["C5"]
    records[0] |= {"dap": "perhaps", "id": None}
    assert only_faults(read(records[:1])) == [
        ("line 1: id", "nothing"),
        ("left.pin_prick", "nothing"),
        ("right.motor.C5", "nothing"),
        ("dap", "perhaps"),
    ]


@pytest.mark.parametrize(
    "line", ['{"id": 1', "[]", "7", "null", '"text"', '{"id": NaN}', '{"id": 1} {"id": 2}', "{" * 5000]
)
def test_a_line_that_is_no_object_is_refused_by_its_number(read, records, line):
    reading = read([records[0], "", line, records[1]])
    (refusal,) = reading.refusals
    assert (refusal.row, refusal.id, refusal.faults[0].where) == (1, None, "line 3")
    assert reading.ids == (0, 1)


def test_a_line_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "exams.jsonl"
    path.write_bytes(b"\xff\xfe{}\n")
    assert read_exams(path).refusals[0].faults[0].where == "line 1"


def test_a_side_that_is_no_object_is_refused_without_a_fault_for_each_cell(read, records):
    records[0]["right"] = 5
    records[0]["left"]["motor"] = [1, 2]
    assert only_faults(read(records[:1])) == [("right", "5"), ("left.motor", "[1, 2]")]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_bad_cells_of_a_table_are_named_by_their_column(tmp_path, exams, kind):
    path = tmp_path / f"exams.{kind}"
    write_exams(tmp_path / "good.csv", exams, [f"p{number}" for number in range(len(exams))])
    table = pl.read_csv(tmp_path / "good.csv", infer_schema=False).with_row_index("row")
    bad = pl.col("row") == 4
    table = table.with_columns(
        pl.when(bad).then(pl.lit("9")).otherwise("left_light_touch_T4").alias("left_light_touch_T4"),
        pl.when(bad).then(pl.lit("nt")).otherwise("right_motor_C5").alias("right_motor_C5"),
        pl.when(pl.col("row") == 1).then(None).otherwise("vac").alias("vac"),
        pl.when(pl.col("row") == 6).then(None).otherwise("id").alias("id"),
    ).drop("row")
    table.write_parquet(path) if kind == "parquet" else table.write_csv(path)
    reading = read_exams(path)
    assert reading.ids == ("p0", "p2", "p3", "p5")
    assert_same_exams(reading.exams, exams[np.array([0, 2, 3, 5])])
    found = [(one.row, one.id, [(fault.where, fault.found) for fault in one.faults]) for one in reading.refusals]
    assert found == [
        (1, "p1", [("row 2: vac", "nothing")]),
        (4, "p4", [("row 5: right_motor_C5", "nt"), ("row 5: left_light_touch_T4", "9")]),
        (6, None, [("row 7: id", "nothing")]),
    ]


def test_a_parquet_table_may_hold_numbers_and_truth_values(tmp_path, exams):
    path = tmp_path / "exams.parquet"
    write_exams(path, exams, range(len(exams)))
    table = pl.read_parquet(path)
    scores = [name for name in table.columns if table[name].dtype.is_integer() and name != "id"]
    table = table.with_columns(pl.col(scores).cast(pl.Float64), vac=pl.col("vac") == "Yes")
    table.write_parquet(path)
    reading = read_exams(path)
    assert reading.ids == tuple(range(len(exams)))
    assert_same_exams(reading.exams, exams)


def test_all_missing_and_doubled_columns_are_named_at_once(tmp_path, exams):
    path = tmp_path / "exams.csv"
    write_exams(path, exams, range(len(exams)))
    table = pl.read_csv(path).drop("dap", "right_motor_S1").with_columns(pl.lit(2).alias("left_pin_prick_S4-5"))
    table.write_csv(path)
    with pytest.raises(InputError) as caught:
        read_exams(path)
    named = [(fault.where.rpartition(" ")[2], fault.found) for fault in caught.value.faults]
    assert named == [
        ("left_pin_prick_S4_5", "left_pin_prick_S4_5 and left_pin_prick_S4-5"),
        ("right_motor_S1", "none"),
        ("dap", "none"),
    ]


@pytest.mark.parametrize("name", ["nothing.csv", ".", "exams.xlsx"])
def test_a_file_that_cannot_be_read_is_an_input_error(tmp_path, name):
    (tmp_path / "exams.xlsx").write_text("x")
    with pytest.raises(InputError):
        read_exams(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"), [("exams.csv", b""), ("exams.parquet", b"no table"), ("a.csv", b"\xff\xff")]
)
def test_a_broken_table_is_an_input_error_that_names_the_file(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=name):
        read_exams(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"), [("a.jsonl", ""), ("a.jsonl", "\n \n"), ("a.csv", None), ("a.parquet", None)]
)
def test_a_file_without_exams_is_an_input_error_that_says_so(tmp_path, exams, name, content):
    path = tmp_path / name
    if content is None:
        write_exams(path, exams[:0], [])
    else:
        path.write_text(content)
    with pytest.raises(InputError, match=f"{name}: expected at least one examination, found none"):
        read_exams(path)
