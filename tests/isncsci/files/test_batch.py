"""A file in, a file of classifications out."""

import json

import polars as pl
import pytest

from cordwise.base.errors import InputError
from cordwise.cli import main
from cordwise.isncsci.contradictions import pressure_contradicts_sacrum
from cordwise.isncsci.files import batch
from cordwise.isncsci.files.batch import BatchSummary, classify_file
from cordwise.isncsci.files.formats import write_exams
from cordwise.isncsci.files.json_records import RecordReader
from cordwise.isncsci.files.writing import json_lines
from cordwise.isncsci.possible import classify_recorded
from cordwise.isncsci.recorded import RecordedExams
from reference.isncsci_exams import answers, random_exams

CONTRACT = [
    "id", "sensory_right", "sensory_left", "motor_right", "motor_left", "nli", "complete", "ais",
    "zpp_sensory_right", "zpp_sensory_left", "zpp_motor_right", "zpp_motor_left", "tagged", "totals",
]  # fmt: skip
TOTALS = [
    "uems", "lems", "lt", "pp", "uer_right", "uer_left", "ler_right", "ler_left",
    "motor_right", "motor_left", "lt_right", "lt_left", "pp_right", "pp_left",
]  # fmt: skip
COUNT = 40


@pytest.fixture
def exams():
    drawn = random_exams(8, 2 * COUNT)
    return drawn[~pressure_contradicts_sacrum(RecordedExams.from_exams(drawn))][:COUNT]


def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_every_exam_of_a_file_gets_its_line(tmp_path, exams, kind):
    source, target = tmp_path / f"exams.{kind}", tmp_path / "answers.jsonl"
    write_exams(source, exams, [f"e{number}" for number in range(COUNT)])
    summary = classify_file(source, target, quiet=True)
    assert (summary, summary.exit_code) == (BatchSummary(COUNT, COUNT, 0), 0)
    expected = [line | {"id": f"e{line['id']}"} for line in answers(exams)]
    assert lines_of(target) == expected


def test_a_line_holds_the_keys_of_the_contract_in_their_order_and_words_only(tmp_path, exams):
    source, target = tmp_path / "exams.jsonl", tmp_path / "answers.jsonl"
    write_exams(source, exams, range(COUNT))
    classify_file(source, target, quiet=True)
    for line in lines_of(target):
        assert list(line) == CONTRACT
        assert list(line["totals"]) == TOTALS
        assert line["tagged"] == []
        words = [line[key] for key in CONTRACT[1:-2]] + list(line["totals"].values())
        assert all(isinstance(word, str) for word in words)


def test_refused_exams_keep_their_place_and_set_the_exit_code(tmp_path, exams):
    source, target = tmp_path / "exams.jsonl", tmp_path / "answers.jsonl"
    lines = list(json_lines(exams, range(COUNT)))
    spoilt = json.loads(lines[9])
    spoilt["right"]["motor"]["C5"] = "5*"
    lines[9], lines[30] = json.dumps(spoilt), "not an exam"
    source.write_text("\n".join(lines))
    summary = classify_file(source, target, quiet=True, chunk_size=7)
    assert (summary, summary.exit_code) == (BatchSummary(COUNT, COUNT - 2, 2), 2)
    written = lines_of(target)
    expected = "C5 key muscle, right side: 0-5 or NT; tagged 0-4 or NT with *, ** or *=value"
    error = {"where": "right.motor.C5", "expected": expected, "got": "5*"}
    assert written[9] == {"id": 9, "errors": [error]}
    assert written[30]["errors"][0]["where"] == "line 31"
    good = [number for number in range(COUNT) if number not in (9, 30)]
    assert [written[number] for number in good] == [answers(exams)[number] for number in good]


def test_an_old_target_stays_when_the_source_is_wrong(tmp_path):
    source, target = tmp_path / "exams.csv", tmp_path / "answers.jsonl"
    source.write_text("id,vac\n1,Yes\n")
    target.write_text("old\n")
    with pytest.raises(InputError):
        classify_file(source, target, quiet=True)
    assert target.read_text() == "old\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.jsonl", "exams.csv"]


def test_a_table_that_breaks_off_half_way_leaves_no_answers(tmp_path, exams):
    source, target = tmp_path / "exams.csv", tmp_path / "answers.jsonl"
    write_exams(source, exams, range(COUNT))
    source.write_text(source.read_text() + "1,2," * 200 + "3\n")
    with pytest.raises(InputError, match=r"exams\.csv: expected a table"):
        classify_file(source, target, quiet=True, chunk_size=5)
    assert [path.name for path in tmp_path.iterdir()] == ["exams.csv"]


def test_a_target_that_cannot_be_written_is_an_input_error(tmp_path, exams):
    source = tmp_path / "exams.jsonl"
    write_exams(source, exams, range(COUNT))
    for target in (tmp_path / "absent" / "answers.jsonl", tmp_path):
        with pytest.raises(InputError):
            classify_file(source, target, quiet=True)


def test_a_file_may_be_replaced_by_its_own_answers(tmp_path, exams):
    source = tmp_path / "exams.jsonl"
    write_exams(source, exams, range(COUNT))
    classify_file(source, source, quiet=True)
    assert lines_of(source) == answers(exams)


@pytest.fixture
def mixed(tmp_path):
    """A file of open, tagged, plain and refused exams, and its answers as JSON lines."""
    source, target = tmp_path / "exams.jsonl", tmp_path / "answers.jsonl"
    records = [json.loads(line) for line in json_lines(RecordedExams.from_exams(random_exams(3, COUNT)), range(COUNT))]
    records[1]["right"]["motor"]["C5"] = "NT"
    records[2]["left"]["light_touch"]["T4"] = "0*"
    records[3]["vac"] = "NT"
    records[4]["dap"] = "maybe"
    source.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    classify_file(source, target, quiet=True)
    return source, lines_of(target)


def test_a_parquet_answer_holds_what_the_lines_hold(tmp_path, mixed):
    source, lines = mixed
    classify_file(source, tmp_path / "answers.parquet", quiet=True, chunk_size=7)
    rows = pl.read_parquet(tmp_path / "answers.parquet").to_dicts()
    assert [{key: value for key, value in row.items() if value is not None} for row in rows] == [
        {key: str(value) if key == "id" else value for key, value in line.items()} for line in lines
    ]


def test_a_csv_answer_holds_what_the_lines_hold(tmp_path, mixed):
    source, lines = mixed
    classify_file(source, tmp_path / "answers.csv", quiet=True, chunk_size=7)
    rows = pl.read_csv(tmp_path / "answers.csv", infer_schema=False).to_dicts()
    for row, line in zip(rows, lines, strict=True):
        if "errors" in line:
            assert json.loads(row["errors"]) == line["errors"]
        else:
            assert (row["ais"], row["totals_uems"]) == (line["ais"], line["totals"]["uems"])
            assert (row["tagged"] or "") == ",".join(line["tagged"])


def test_a_stopped_run_goes_on_where_it_stopped(tmp_path, mixed, monkeypatch):
    source, _ = mixed
    for kind in ("jsonl", "csv", "parquet"):
        target, whole = tmp_path / f"stopped.{kind}", tmp_path / f"whole.{kind}"
        summary = classify_file(source, whole, quiet=True, chunk_size=6)
        calls = []

        def third_time_stops(exams, *, non_key_zpp, calls=calls):
            calls.append(len(exams))
            if len(calls) == 3:
                raise KeyboardInterrupt
            return classify_recorded(exams, non_key_zpp=non_key_zpp)

        with monkeypatch.context() as patch:
            patch.setattr(batch, "classify_recorded", third_time_stops)
            with pytest.raises(KeyboardInterrupt):
                classify_file(source, target, quiet=True, chunk_size=6)
        assert not target.exists()
        resumed = classify_file(source, target, quiet=True, chunk_size=6)
        assert (resumed.resumed, resumed.read, resumed.refused) == (12, summary.read, summary.refused)
        assert target.read_bytes() == whole.read_bytes()
        assert not (tmp_path / f".stopped.{kind}.unfinished").exists()


def test_another_job_does_not_go_on_with_the_parts_of_the_first(tmp_path, mixed):
    source, _ = mixed
    folder = tmp_path / ".answers.csv.unfinished"
    folder.mkdir()
    done = {"position": {"rows": 6, "bytes": 10}, "classified": 6, "refused": 0, "converted": 0, "written": 0}
    (folder / "journal.json").write_text(json.dumps({"job": {"source": "other"}, "done": done}))
    assert classify_file(source, tmp_path / "answers.csv", quiet=True).resumed == 0


def test_lines_that_are_alike_are_read_by_their_layout(tmp_path, exams, monkeypatch):
    source = tmp_path / "exams.jsonl"
    write_exams(source, exams, range(COUNT))
    general = []
    read = RecordReader.read
    monkeypatch.setattr(RecordReader, "read", lambda *arguments: general.append(1) or read(*arguments))
    classify_file(source, tmp_path / "answers.jsonl", quiet=True)
    assert len(general) == 1


def test_a_file_without_exams_is_told_as_a_fault_and_leaves_no_answers(tmp_path, capsys):
    source, target = tmp_path / "exams.jsonl", tmp_path / "answers.jsonl"
    source.write_text("")
    assert main(["exam", "batch", str(source), "--out", str(target)]) == 2
    assert "exams.jsonl: expected at least one examination, found none" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["exams.jsonl"]


HOSTILE = [
    b'{"id": 1, "id": 2}', b"\xff\xfe{}", b'{"id": NaN}', b"{" * 100_000, b"[" * 100_000, b"9" * 5000, b"\x00",
    b'{"id": 1e999}', b'{"id": "a", "right": {"motor": {"C5": {"C5": {"C5": 1}}}}}', b'{"id": "\\ud800"}',
    b'{"right.motor.C5": "5", "right": {"motor": {"C5": "4"}}}', b'"' + b"x" * (3 << 20) + b'"', b"null", b"{}",
]  # fmt: skip


def test_hostile_lines_are_refused_each_and_the_good_ones_classified(tmp_path, exams, capsys):
    good = [line.encode() for line in json_lines(RecordedExams.from_exams(exams), range(COUNT))]
    source, target = tmp_path / "exams.jsonl", tmp_path / "answers.jsonl"
    source.write_bytes(b"\n".join([*HOSTILE, *good]))
    assert main(["exam", "batch", str(source), "--out", str(target)]) == 2
    written = lines_of(target)
    assert all(line["errors"] for line in written[: len(HOSTILE)])
    assert written[len(HOSTILE) :] == answers(exams)
    assert "Traceback" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_another_column_may_name_the_examinations(tmp_path, exams, kind):
    source, target = tmp_path / f"exams.{kind}", tmp_path / "answers.jsonl"
    write_exams(source, exams, range(COUNT))
    if kind == "jsonl":
        source.write_text(source.read_text().replace('{"id":', '{"id": "twice", "who {is}":'))
    else:
        table = pl.read_csv(source) if kind == "csv" else pl.read_parquet(source)
        table = table.rename({"id": "who {is}"}).with_columns(id=pl.lit("twice"))
        table.write_csv(source) if kind == "csv" else table.write_parquet(source)
    arguments = ["exam", "batch", str(source), "--out", str(target), "--quiet", "--id-column"]
    assert main([*arguments, "who {is}"]) == 0
    assert [str(line["id"]) for line in lines_of(target)] == [str(number) for number in range(COUNT)]
    assert main([*arguments, "nobody"]) == 2


def test_quoted_cells_with_line_breaks_and_blank_lines_do_not_depend_on_the_pieces(tmp_path, exams):
    source = tmp_path / "exams.csv"
    write_exams(source, exams, range(COUNT))
    table = pl.read_csv(source, infer_schema=False).with_columns(note=pl.lit('two\nlines, "quoted"'))
    table.write_csv(source)
    lines = source.read_text().splitlines(keepends=True)
    source.write_text("".join([*lines[:21], "\n", *lines[21:]]))
    answers_by_size = []
    for size in (1, 7, 1000):
        summary = classify_file(source, tmp_path / "answers.jsonl", quiet=True, chunk_size=size)
        assert (summary.classified, summary.refused) == (COUNT, 1)
        answers_by_size.append((tmp_path / "answers.jsonl").read_bytes())
    assert len(set(answers_by_size)) == 1
