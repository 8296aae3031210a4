"""The commands as a user runs them, on the examples that ship: what they print, what they leave, how they refuse."""

import json
import subprocess
import sys
import tomllib

import polars as pl
import pytest
import tomli_w

from cordwise.cli import main
from paths import ROOT

STUDY, DESIGN = ROOT / "studies" / "honmou2021.toml", ROOT / "designs" / "subacute_msc.toml"
PATIENT = ROOT / "patients" / "cervical_b.toml"


def run(capsys, *arguments):
    code = main([*map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture(scope="module")
def appraisal(tmp_path_factory):
    """Return what `cordwise appraise` prints for an example, named in an empty folder, and its run folder."""
    empty = tmp_path_factory.mktemp("empty")
    asked = ["honmou2021", "--seed", "1", "--json", "--out", "runs/one", "--draws", "4", "--patients", "1500"]
    command = [sys.executable, "-m", "cordwise", "appraise", *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=empty)
    return done.stdout, empty / "runs" / "one"


def test_an_appraisal_gives_the_keys_other_programs_rely_on(appraisal):
    result = json.loads(appraisal[0])
    (arm,) = result["arms"]
    assert {"name", "n", "observed_improved", "expected_improved", "low95", "high95", "p_at_least"} <= set(arm)
    assert {"median", "low95", "high95"} <= set(result["translation"])
    assert result["verdict"] in {"within", "above", "not judgeable"}
    assert result["provenance"]["seed"] == 1


def test_fewer_than_half_of_the_sapporo_patients_are_expected_to_improve_without_cells(appraisal):
    (arm,) = json.loads(appraisal[0])["arms"]
    assert 2.0 < arm["low95"] < arm["expected_improved"] < arm["high95"] < 7
    assert arm["p_at_least"] < 0.01
    assert sum(row["expected"] for row in arm["by_grade"]) == pytest.approx(arm["expected_improved"], rel=1e-6)


def test_a_run_folder_holds_the_study_the_report_the_tables_and_the_result_that_was_printed(appraisal):
    printed, folder = appraisal
    assert {"input.toml", "provenance.json", "report.html", "results.json"} <= {path.name for path in folder.iterdir()}
    assert (folder / "input.toml").read_bytes() == STUDY.read_bytes()
    assert (folder / "results.json").read_text() == printed
    assert "<!doctype html" in (folder / "report.html").read_text()[:100].lower()
    arms = pl.read_parquet(folder / "arms.parquet")
    assert arms["observed_improved"].to_list() == [12]


def test_a_report_is_made_again_from_its_run_folder_byte_for_byte(appraisal, capsys):
    _, folder = appraisal
    before = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    assert run(capsys, "report", folder)[0] == 0
    assert (folder / "report.html").read_bytes() == before


@pytest.fixture(scope="module")
def two_scenarios(tmp_path_factory):
    """Return the shipped design with its null and one derived and one assumed effect: each more costs a tissue."""
    design = tomllib.loads(DESIGN.read_text())
    design["scenarios"] = design["scenarios"][1::2]
    path = tmp_path_factory.mktemp("design") / "design.toml"
    path.write_text(tomli_w.dumps(design))
    return path


def test_a_trial_gives_the_keys_other_programs_rely_on_and_keeps_its_type_i_error(capsys, two_scenarios):
    asked = ["--replicates", 400, "--seed", 1, "--json", "--quiet"]
    code, out, err = run(capsys, "trial", "simulate", two_scenarios, *asked)
    assert (code, err) == (0, "")
    result = json.loads(out)
    keys = {"name", "reject_rate", "mcse", "expected_n", "expected_duration_days", "bias", "coverage"}
    assert all(keys <= set(scenario) for scenario in result["scenarios"])
    assert (result["replicates"], result["seed"]) == (400, 1)
    (null,) = [scenario for scenario in result["scenarios"] if scenario["is_null"]]
    assert abs(null["reject_rate"] - 0.05) < 4 * max(null["mcse"], 0.01)
    assert len(result["scenarios"]) >= 3


def test_every_fault_of_a_file_is_told_at_once_with_exit_code_2_and_nothing_written(capsys, tmp_path):
    text = (
        STUDY.read_text()
        .replace("n = 13", "n = 12")
        .replace('"intravenous"', '"by mouth"')
        .replace("C = 5 }", "F = 5 }", 1)
    )
    (tmp_path / "bad.toml").write_text(text)
    code, out, err = run(capsys, "appraise", tmp_path / "bad.toml", "--out", tmp_path / "run")
    assert (code, out) == (2, "")
    for told in ("arms[0].baseline", "product.route", "baseline.F"):
        assert told in err
    assert "Traceback" not in err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("command", [["appraise"], ["trial", "simulate"], ["patient", "simulate"], ["check"]])
def test_a_file_that_is_not_there_is_named_without_a_traceback(capsys, tmp_path, command):
    code, _, err = run(capsys, *command, tmp_path / "nothing.toml")
    assert code == 2
    assert "nothing.toml" in err
    assert "Traceback" not in err


def test_a_targets_table_without_a_column_is_refused(capsys, tmp_path):
    (tmp_path / "targets.csv").write_text("target_id,source\nT1,somewhere\n")
    code, _, err = run(capsys, "population", "check", tmp_path / "targets.csv")
    assert code == 2
    assert "measure" in err


def test_a_mistyped_option_is_answered_with_the_right_one(capsys):
    code, out, err = run(capsys, "appraise", STUDY, "--sed", 1)
    assert code == 2
    assert "--seed" in out + err


def test_a_drawn_seed_is_told_and_a_patient_nobody_is_like_is_the_users_fault(capsys, tmp_path):
    (tmp_path / "nobody.toml").write_text(PATIENT.read_text().replace("[18, 80]", "[79.99999, 79.999991]"))
    code, _, err = run(capsys, "patient", "simulate", tmp_path / "nobody.toml")
    assert "was drawn; give --seed" in err
    assert "AIS B, C4-C6" in err
    assert code == 2
