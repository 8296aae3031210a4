"""Lines that share their keys are decoded at once, and mean just what the general reader says of them."""

import json
import subprocess
import sys

import numpy as np
import pytest

from cordwise.isncsci.files import json_lines, writing
from cordwise.isncsci.files.formats import read_exams, write_exams
from cordwise.isncsci.files.json_records import RecordReader
from cordwise.isncsci.files.layout import layout_of
from cordwise.isncsci.files.score_codes import Blank
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.worksheet import codes_of
from oracle.examinations import TOP_SCORES, blur
from reference.isncsci_exams import random_exams

COUNT = 30


@pytest.fixture
def records():
    testable = random_exams(5, COUNT)
    chosen = np.random.default_rng(6).random((COUNT, TOP_SCORES.size)) < 0.1
    opened = blur(testable, chosen, np.random.default_rng(7), tags=0.5)
    return [json.loads(line) for line in writing.json_lines(opened, [f"p{number}" for number in range(COUNT)])]


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Read lines twice, with shapes and without; assert that both say the same, and return how many had a shape."""

    def read_both(lines, **options):
        path = tmp_path / "exams.jsonl"
        path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
        general = []
        read_one = RecordReader.read
        with monkeypatch.context() as patch:
            patch.setattr(RecordReader, "read", lambda *given: general.append(1) or read_one(*given))
            found = read_exams(path, layout_of(**options))
        with monkeypatch.context() as patch:
            patch.setattr(json_lines, "_SHAPES", 0)
            slowly = read_exams(path, layout_of(**options))
        assert (found.ids, found.rows, found.refusals) == (slowly.ids, slowly.rows, slowly.refusals)
        np.testing.assert_array_equal(codes_of(found.exams), codes_of(slowly.exams))
        return len(lines) - len(general)

    return read_both


def other_order(record):
    return {key: other_order(value) if isinstance(value, dict) else value for key, value in reversed(record.items())}


def in_numbers(record):
    as_number = {str(number): number for number in range(6)}
    return {
        key: in_numbers(value) if isinstance(value, dict) else as_number.get(value, value)
        for key, value in record.items()
    }


@pytest.mark.parametrize(
    "written",
    [
        json.dumps,
        lambda record: json.dumps(other_order(record)),
        lambda record: json.dumps(in_numbers(record)),
        lambda record: json.dumps(record, separators=(",", ":")) + "\r",
        lambda record: json.dumps(
            record | {"day": 1.5, "at": "10:30", "note": None, "site": {"name": "A", "open": True}}
        ),
        lambda record: json.dumps(record | {"id": f"Müller {record['id']}"}, ensure_ascii=False),
        lambda record: json.dumps(record | {"vac": True, "dap": False}),
    ],
)
def test_lines_alike_are_decoded_at_once_whatever_their_order_spaces_and_numbers(read, records, written):
    lines = [written(record) for record in records]
    assert read(lines) == COUNT - 1


def test_blanks_are_what_the_policy_says(read, records):
    for number, record in enumerate(records):
        record["left"]["motor"]["L4"] = None if number % 2 else ""
    for blank in Blank:
        shaped = read([json.dumps(record) for record in records], blank=blank)
        assert shaped == (0 if blank is Blank.ERROR else COUNT - 1)


def with_a_key_twice(line):
    return line.replace('"C5": ', '"C5": "0", "C5": ', 1)


ODD = [
    with_a_key_twice,
    lambda line: with_a_key_twice(line).replace('"vac":', '"vac" :'),
    lambda line: with_a_key_twice(line).replace('"id": "p', '"id": "\\u003a'),
    lambda line: line.replace('"id": "p', '"id": "a:'),
    lambda line: line.replace('"id": "p', '"id": "\\"'),
    lambda line: line.replace('"id": "p', '"id": "\x01'),
    lambda line: line.replace('"id": "p', '"id": "').replace('"id": "7"', '"id": ""'),
    lambda line: line.replace('"L4": "', '"L4": " ', 1),
    lambda line: line.replace('"L4": "', '"L4": "9', 1),
    lambda line: line.replace('"L4": ', '"L4": 1.0, "Q": ', 1),
    lambda line: line.replace('"vac": ', '"vac": NaN, "was": ', 1),
    lambda line: line.replace('"vac": ', '"vac": 1, "was": ', 1),
    lambda line: line.replace('"id": ', '"id": 99999999999999999999999, "was": ', 1),
    lambda line: line.replace('"id": ', '"id": -0, "was": ', 1),
    lambda line: line.replace('"id": ', '"id": true, "was": ', 1),
    lambda line: line.replace('"id": ', '"note": [1, {"id": 2}], "id": ', 1),
    lambda line: line.replace('"id": ', '"note": {}, "id": ', 1),
    lambda line: line.replace('"id": ', f'"note": {"[" * 2000 + "]" * 2000}, "id": ', 1),
    lambda line: line + "}",
    lambda line: line[:-1],
    lambda line: "\ufeff" + line,
    lambda line: line.encode().replace(b'"id": "p', b'"id": "\xff'),
]


@pytest.mark.parametrize("spoil", ODD)
def test_an_odd_line_is_read_with_care_and_the_others_as_ever(read, records, spoil):
    lines = [json.dumps(record) for record in records]
    lines[7] = spoil(lines[7])
    assert read(lines) >= COUNT - 3


def test_a_small_batch_imports_neither_numba_nor_polars(tmp_path):
    write_exams(tmp_path / "exams.jsonl", RecordedExams.from_exams(random_exams(1, 20)), range(20))
    code = (
        "import sys; from cordwise.cli import main\n"
        f"main(['exam', 'batch', r'{tmp_path / 'exams.jsonl'}', '--out', r'{tmp_path / 'out.jsonl'}', '--quiet'])\n"
        "print({'numba', 'polars', 'scipy'} & sys.modules.keys())"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
