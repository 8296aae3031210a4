"""Examinations classified and explained from Python: the answers of the commands, as typed results."""

import dataclasses
import json

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cordwise.base.errors import InputError
from cordwise.base.result import Result
from cordwise.cli import main
from cordwise.isncsci.files.door import classify, explain
from cordwise.isncsci.files.formats import write_exams
from cordwise.isncsci.files.writing import json_lines, table_of
from cordwise.isncsci.worksheet import codes_of, exams_of
from reference.isncsci_open_exams import random_open_exams

COUNT = 9
NAMES = [f"p{row}" for row in range(COUNT)]


@pytest.fixture(scope="module")
def exams():
    codes = codes_of(random_open_exams(91, COUNT, most_completions=200))
    codes[codes == -1] = 6
    return exams_of(codes)


@pytest.fixture(scope="module")
def records(exams):
    return [json.loads(line) for line in json_lines(exams, NAMES)]


@pytest.fixture
def batch(tmp_path, exams):
    """What `exam batch` writes, as the objects of its lines; and as Parquet."""

    def run(*options, kind="jsonl"):
        source, target = tmp_path / "exams.parquet", tmp_path / f"answers.{kind}"
        write_exams(source, exams, NAMES)
        assert main(["exam", "batch", str(source), "--out", str(target), "--quiet", *options]) == 0
        if kind == "parquet":
            return pl.read_parquet(target)
        return [json.loads(line) for line in target.read_text().splitlines()]

    return run


@pytest.mark.parametrize("kind", ["frame", "records", "jsonl", "csv", "tsv", "parquet"])
@pytest.mark.parametrize("rule", ["standard", "peer"])
def test_the_result_holds_the_lines_of_the_batch(tmp_path, exams, records, batch, kind, rule):
    path = tmp_path / f"input.{kind}"
    if kind in ("frame", "records"):
        source = table_of(exams, NAMES) if kind == "frame" else records
    else:
        write_exams(path, exams, NAMES)
        source = str(path) if kind == "csv" else path
    found = classify(source, non_key_zpp=rule)
    assert found.to_dict() == {"classifications": batch("--non-key-zpp", rule)}
    assert len(found) == COUNT


def test_the_frame_is_the_parquet_of_the_batch(records, batch):
    assert_frame_equal(classify(records).to_frame(), batch(kind="parquet"))


def test_one_record_is_a_batch_of_one_and_names_keep_their_kind(records):
    one = classify(records[0] | {"id": 17})
    assert (len(one), one.ids, one.to_frame()["id"].dtype) == (1, (17,), pl.Int64)
    assert classify([records[0] | {"id": 17}, records[1]]).ids == (17, "p1")


def test_a_refused_exam_has_its_errors_and_the_others_are_classified(records):
    wrong = json.loads(json.dumps(records[1]))
    wrong["right"]["motor"]["C5"], wrong["vac"] = 6, "maybe"
    found = classify([records[0], wrong, {"id": "empty"}])
    lines = found.to_dict()["classifications"]
    assert found.refused == 2
    assert lines[0] == classify(records[0]).to_dict()["classifications"][0]
    assert [error["where"] for error in lines[1]["errors"]] == ["right.motor.C5", "vac"]
    assert found.to_frame()["errors"].null_count() == 1
    assert set(lines[1]) == {"id", "errors"}


def test_scores_may_be_numbers_of_any_kind(records):
    plain = json.loads(json.dumps(records[0]))
    levels = plain["left"]["pin_prick"]
    plain["left"]["pin_prick"] = {
        level: np.int8(score) if score.isdigit() else score for level, score in levels.items()
    }
    assert classify([plain]).to_dict() == classify([records[0]]).to_dict()
    refused = classify([records[0] | {"vac": float("nan")}])
    assert [error["got"] for error in refused.to_dict()["classifications"][0]["errors"]] == ["nothing"]


def test_no_examinations_give_no_rows(exams):
    for nothing in ([], table_of(exams, NAMES).head(0)):
        found = classify(nothing)
        assert (len(found), found.to_dict(), found.to_frame().columns[0]) == (0, {"classifications": []}, "id")


@pytest.mark.parametrize("wrong", [3, None, [1, 2], {1, 2}])
def test_an_argument_of_another_kind_is_named(wrong):
    for function, name in ((classify, "examinations"), (explain, "examination")):
        with pytest.raises(InputError) as caught:
            function(wrong)
        assert [(fault.where, fault.is_argument) for fault in caught.value.faults] == [(name, True)]
    with pytest.raises(InputError, match="non_key_zpp: expected one of standard, peer, never"):
        classify([], non_key_zpp="always")


def test_a_frame_of_foreign_columns_is_told_by_its_names(exams):
    table = table_of(exams, NAMES)
    with pytest.raises(InputError, match=r"examinations: columns: .*a0, a1"):
        classify(table.rename({name: f"a{number}" for number, name in enumerate(table.columns)}))


def test_an_explanation_is_what_the_command_prints(tmp_path, records, capsys):
    for number, record in enumerate(records):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(record))
        for source in (record, path, str(path)):
            found = explain(source)
            assert main(["exam", "classify", str(path), "--explain", "--json"]) == 0
            assert found.to_dict() == json.loads(capsys.readouterr().out)
            assert main(["exam", "classify", str(path), "--explain"]) == 0
            assert str(found) == capsys.readouterr().out


def test_the_steps_of_an_explanation_are_a_table(records):
    found = explain(records[0])
    table = found.to_frame()
    assert table.columns == ["output", "value", "reason", "where", "words"]
    assert table["words"].to_list() == [step.words for step in found.steps]


def test_all_faults_of_an_examination_to_explain_are_told(records):
    wrong = json.loads(json.dumps(records[1]))
    wrong["right"]["motor"]["C5"], wrong["vac"] = 6, "maybe"
    with pytest.raises(InputError) as caught:
        explain(wrong)
    assert [fault.where for fault in caught.value.faults] == ["examination: right.motor.C5", "examination: vac"]


def test_results_are_frozen_and_known_as_results(records):
    for found in (classify(records), explain(records[0])):
        assert isinstance(found, Result)
        assert len(found.parts) == 1
        with pytest.raises(dataclasses.FrozenInstanceError):
            found.kind = "other"


def test_examples_are_found_by_name():
    assert len(classify("registry.csv")) == 40
    assert explain("examination").exam.id == classify("examination").ids[0] == "example"
