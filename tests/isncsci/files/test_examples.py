"""The shipped examinations: those that the documentation names are there, and show what it says."""

import json

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from verification.example_examinations import COUNT, foreign_table, one_examination, registry_table

from cordwise.base.examples import example_folder
from cordwise.cli import main

FOLDER = example_folder("examinations")


def test_the_examples_are_those_that_their_script_makes():
    assert json.loads((FOLDER / "examination.json").read_text()) == one_examination()
    assert_frame_equal(pl.read_parquet(FOLDER / "registry.parquet"), registry_table())
    for name, table in (("registry", registry_table()), ("foreign_registry", foreign_table())):
        assert (FOLDER / f"{name}.csv").read_text() == table.write_csv()


@pytest.mark.parametrize("source", ["registry.parquet", "registry.csv"])
def test_the_registry_is_classified_by_its_name(tmp_path, source):
    target = tmp_path / "graded.parquet"
    assert main(["exam", "batch", source, "--out", str(target), "--quiet"]) == 0
    graded = pl.read_parquet(target)
    assert (len(graded), graded["errors"].null_count()) == (COUNT, COUNT)
    assert set(graded["ais"]) == {"A", "B", "C", "D"}
    assert (graded["nli"].str.contains(",")).any()


def test_the_foreign_registry_is_mapped_and_gives_the_same_answers(tmp_path, capsys):
    mapping, usual, foreign = (tmp_path / name for name in ("mapping.toml", "usual.jsonl", "foreign.jsonl"))
    assert main(["exam", "map", "foreign_registry.csv", "--out", str(mapping), "--quiet"]) == 0
    assert main(["exam", "batch", "registry.csv", "--out", str(usual), "--quiet"]) == 0
    options = ["--mapping", str(mapping), "--out", str(foreign), "--quiet"]
    assert main(["exam", "batch", "foreign_registry.csv", *options]) == 0
    assert foreign.read_bytes() == usual.read_bytes()


def test_the_one_examination_is_c5_and_c_with_an_open_muscle_and_a_tag(capsys):
    assert main(["exam", "classify", "examination.json", "--explain"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "Neurological level of injury C5:" in words
    assert "AIS grade C:" in words
    assert "it depends on left key muscle C6 (NT)" in words
    assert "Right motor level C6 or C7*" in words
