"""A file in, a file of classifications out."""

import json

import pytest

from cordwise.errors import InputError
from cordwise.isncsci.files.batch import BatchSummary, classify_file
from cordwise.isncsci.files.formats import write_exams
from cordwise.isncsci.files.writing import json_lines
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
    return random_exams(8, COUNT)


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
