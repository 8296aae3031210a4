"""Every illegal value in every cell of the worksheet, in every format: refused by the name of the cell."""

import json
from itertools import product

import polars as pl
import pytest

from cordwise.cli import main
from cordwise.isncsci.files.columns import column_names_of
from cordwise.isncsci.files.mapping import read_preset
from cordwise.isncsci.files.writing import json_lines, table_of
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.worksheet import CELLS, FAMILIES
from reference.isncsci_exams import random_exams

WORDS = [
    "6", "-1", "3.5", "5*", "2***", "", None, "UNK", "nt", "NT***", "Nt", "05", "+1", "1e0", "0x1", "1 2", "٣", "*",
    "1*=6", "1*=", "*=1", "ND", "NA", "N/A", "?", "yes", "no", "TRUE", "Yes*", "No*", "VAC", "DAP", "absent", "present",
    "C1", "C2", "C4", "T2", "T12", "L1", "S2", "S4_5", "INT", "C9", "\u00a0\u200b", "x" * 10_000, '"', "a,b",
]  # fmt: skip
NUMBERS = [6, 7, -1, -2, 99, 255, 256, 262, 1 << 40, -(1 << 40), 3.5, 1e300, -0.5]
ILLEGAL_ONLY_HERE = {
    "motor": ["Yes", "No", "none", "C5", "true"],
    "light_touch": ["3", "4", "5", 3, 4, 5, "2*", "2**", "3*", "Yes", "No", "none", "C5", "true"],
    "pin_prick": ["3", "4", "5", 3, 4, 5, "2*", "2**", "3*", "Yes", "No", "none", "C5", "true"],
    "finding": ["0", "1", "2", 0, 1, 2, "0*", "NT*", "NT**", "none", "C5", "Maybe"],
    "non_key_muscle": ["0", "1", 0, 1, "NT", "Yes", "No", "0*", "true", "None"],
}
LEGAL_AFTER_ALL = {"non_key_muscle": ["", None]}
STRUCTURES = [True, [1], [], {}, {"score": 1}]
"""Values that only a line of JSON can hold; `true` is legal in a finding."""
SAMPLE = 23  # every so many-th case is tried by default; all cells and all values occur among them


def illegal_values(cell):
    legal = LEGAL_AFTER_ALL.get(cell.kind, [])
    return [value for value in (*WORDS, *NUMBERS, *ILLEGAL_ONLY_HERE[cell.kind]) if value not in legal]


ALL = [(cell, value) for cell in CELLS for value in illegal_values(cell)]
ONLY_JSON = [
    (cell, value)
    for cell, value in product(CELLS, STRUCTURES)
    if not (cell.kind == "finding" and value is True) and not (cell.kind == "non_key_muscle" and value == {})
]
CHOSEN = [pytest.param(SAMPLE, id="sample"), pytest.param(1, id="all", marks=pytest.mark.slow)]


@pytest.fixture(scope="module")
def good():
    return RecordedExams.from_exams(random_exams(31, 1))


@pytest.fixture
def refusals(tmp_path, capsys):
    """Run the command on a file and return its exit code, its counts, and the errors of each row."""

    def run(source):
        target = tmp_path / "answers.jsonl"
        code = main(["exam", "batch", str(source), "--out", str(target), "--json", "--quiet"])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
        return code, json.loads(printed.out), rows

    return run


def assert_each_is_refused_for_its_cell(found, cases, name_of):
    code, counts, rows = found
    assert (code, counts["read"], counts["classified"], counts["refused"]) == (2, len(cases) + 1, 1, len(cases))
    assert "ais" in rows[0]
    wrong = [
        (name_of(cell), value, row)
        for (cell, value), row in zip(cases, rows[1:], strict=True)
        if [error["where"].rpartition(": ")[2] for error in row.get("errors", [])] != [name_of(cell)]
    ]
    assert wrong == []


def put(record, cell, value):
    *outer, last = cell.keys
    for key in outer:
        record = record[key]
    record[last] = value


def test_the_sample_holds_all_cells_and_all_values():
    sample = ALL[::SAMPLE]
    assert {cell for cell, _ in sample} == set(CELLS)
    assert {str(value) for _, value in sample} >= {str(value) for value in (*WORDS, *NUMBERS)}


@pytest.mark.parametrize("step", CHOSEN)
def test_json_lines_with_an_illegal_value_are_refused_for_that_cell(tmp_path, good, refusals, step):
    (line,) = json_lines(good, ["good"])
    cases = [*ALL, *ONLY_JSON][::step]
    lines = [line]
    for number, (cell, value) in enumerate(cases):
        record = json.loads(line) | {"id": number}
        put(record, cell, value)
        lines.append(json.dumps(record, ensure_ascii=bool(number % 2)))
    source = tmp_path / "exams.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    assert_each_is_refused_for_its_cell(refusals(source), cases, lambda cell: cell.path)


@pytest.mark.parametrize("kind", ["csv", "tsv", "parquet"])
@pytest.mark.parametrize("step", CHOSEN)
def test_rows_of_text_with_an_illegal_value_are_refused_for_that_cell(tmp_path, good, refusals, step, kind):
    cases = ALL[::step]
    base = table_of(good, ["good"]).cast(pl.String).row(0, named=True)
    rows = [base, *({**base, "id": f"p{n}", cell.column: as_text(value)} for n, (cell, value) in enumerate(cases))]
    table = pl.DataFrame(rows, schema=dict.fromkeys(base, pl.String))
    source = tmp_path / f"exams.{kind}"
    if kind == "parquet":
        table.write_parquet(source)
    else:
        table.write_csv(source, separator="\t" if kind == "tsv" else ",")
    assert_each_is_refused_for_its_cell(refusals(source), cases, lambda cell: cell.column)


def as_text(value):
    return None if value is None else str(value)


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Float64, pl.Int16, pl.Float32])
@pytest.mark.parametrize("value", [3, 6, 99, 100, 255, 256, -1, -128, 254, None])
def test_a_column_of_numbers_with_an_illegal_one_is_refused_for_that_cell(tmp_path, good, refusals, dtype, value):
    scores = [
        cell for cell in CELLS if cell.kind in ("light_touch", "pin_prick") or (cell.kind == "motor" and value != 3)
    ]
    base = table_of(good, ["good"]).row(0, named=True)
    rows = [base, *({**base, "id": f"p{number}", cell.column: value} for number, cell in enumerate(scores))]
    columns = [cell.column for cell in scores]
    table = pl.DataFrame(rows, infer_schema_length=None, schema_overrides=dict.fromkeys(columns, dtype))
    table.write_parquet(tmp_path / "exams.parquet")
    cases = [(cell, value) for cell in scores]
    assert_each_is_refused_for_its_cell(refusals(tmp_path / "exams.parquet"), cases, lambda cell: cell.column)


def test_a_fraction_is_refused_in_a_column_of_numbers(tmp_path, good, refusals):
    base = table_of(good, ["good"])
    bad = base.with_columns(pl.lit("bad").alias("id"), pl.lit(0.5).alias("left_motor_T1"))
    pl.concat([base, bad], how="vertical_relaxed").write_parquet(tmp_path / "exams.parquet")
    cell = next(cell for cell in CELLS if cell.column == "left_motor_T1")
    assert_each_is_refused_for_its_cell(refusals(tmp_path / "exams.parquet"), [(cell, 0.5)], lambda cell: cell.column)


def test_a_missing_key_is_refused_by_its_name(tmp_path, good, refusals):
    (line,) = json_lines(good, ["good"])
    needed = [cell for cell in CELLS if cell.kind != "non_key_muscle"]
    lines = [line]
    for cell in needed:
        record = json.loads(line)
        *outer, last = cell.keys
        block = record
        for key in outer:
            block = block[key]
        del block[last]
        lines.append(json.dumps(record))
    source = tmp_path / "exams.jsonl"
    source.write_text("\n".join(lines))
    found = refusals(source)
    assert_each_is_refused_for_its_cell(found, [(cell, None) for cell in needed], lambda cell: cell.path)


def test_a_key_that_is_no_cell_is_refused_by_its_name(tmp_path, good, refusals):
    (line,) = json_lines(good, ["good"])
    strange = list(product(("right", "left"), FAMILIES, ("C1", "INT", "T2x", "S5", "c 5", "", "L6")))
    lines = [line]
    for side, family, level in strange:
        record = json.loads(line)
        record[side][family][level] = "2"
        lines.append(json.dumps(record))
    source = tmp_path / "exams.jsonl"
    source.write_text("\n".join(lines))
    code, counts, rows = refusals(source)
    assert (code, counts["classified"], counts["refused"]) == (2, 1, len(strange))
    told = [[error["where"] for error in row["errors"]] for row in rows[1:]]
    assert told == [[".".join(keys)] for keys in strange]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_tag_without_its_choice_is_refused_in_every_cell_that_has_one(tmp_path, good, refusals, kind, capsys):
    mapping = read_preset("redcap_ubc")
    names = {cell: column_names_of(mapping, cell, mapping.pattern_of(cell), "")[0] for cell in CELLS}
    choices = {
        cell: column_names_of(mapping, cell, pattern, "")[0]
        for cell in CELLS
        if (pattern := mapping.choice_pattern_of(cell)) is not None
    }
    usual = table_of(good, ["good"]).cast(pl.String).row(0, named=True)
    base = {mapping.id[0]: "good"} | {names[cell]: usual[cell.column] for cell in CELLS}
    base |= dict.fromkeys(choices.values())
    rows = [base, *({**base, mapping.id[0]: f"p{number}", names[cell]: "ab-1"} for number, cell in enumerate(choices))]
    table = pl.DataFrame(rows, schema=dict.fromkeys(base, pl.String))
    source, target = tmp_path / f"exams.{kind}", tmp_path / "answers.jsonl"
    table.write_parquet(source) if kind == "parquet" else table.write_csv(source)
    assert main(["exam", "batch", str(source), "--out", str(target), "--preset", "redcap_ubc", "--quiet"]) == 2
    answers = [json.loads(line) for line in target.read_text().splitlines()]
    told = [[error["where"].rpartition(": ")[2] for error in row.get("errors", [])] for row in answers]
    assert told == [[], *([name] for name in choices.values())]
    assert "Traceback" not in "".join(capsys.readouterr())
