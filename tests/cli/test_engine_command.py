"""`cordwise engine`: verification, the words of a benchmark, and the export."""

import json

import pytest

from cordwise.cli import main
from cordwise.cord.verification import accuracy
from cordwise.cord.verification.result import (
    EngineBenchmark,
    Machine,
    MeasuredPeer,
    MissingGpu,
    MissingPeer,
    StartSeconds,
)
from cordwise.present.presenters import read_result, report_html

BENCHMARK = EngineBenchmark(
    patients=2048,
    peer_patients=8,
    days=(1.0, 365.0),
    preset="standard",
    steps_a_year=300,
    patients_per_second_per_core=8000.0,
    patients_per_second=15000.0,
    threads=2,
    error_p99=7e-4,
    error_max=1e-3,
    peers={
        "scipy_lsoda": MeasuredPeer(rtol=1e-3, patients_per_second=100.0, error_p99=9e-4, error_max=2e-3, ratio=80.0),
        "libroadrunner": MissingPeer(missing=("roadrunner",)),
    },
    gpu=MissingGpu(missing="no package numba-cuda"),
    start_seconds=StartSeconds(help=0.3, first_simulation=9.0, next_simulation=1.0),
    machine=Machine(processor="A", architecture="x86_64", cores=2, matrix_product_gflops_per_core=100.0),
)


def test_verify_reports_every_preset_and_passes(capsys):
    assert main(["engine", "verify", "--patients", "4", "--json", "--quiet"]) == 0
    result = json.loads(capsys.readouterr().out)
    errors = [result["presets"][name]["error_p99"] for name in ("fast", "standard", "fine", "reference")]
    assert errors == sorted(errors, reverse=True)
    assert result["passed"]
    assert all(1.6 < order < 2.6 for order in result["order_of_convergence"])
    assert result["reference"]["error_max"] < 1e-6
    again = read_result(result)
    assert again.to_dict() == result
    assert "keeps to its limit" in report_html(again)
    assert again.to_frame().height == len(result["presets"])


def test_verify_exits_with_3_when_the_standard_preset_is_not_exact_enough(capsys, monkeypatch):
    monkeypatch.setattr(accuracy, "LIMIT_P99", 1e-9)
    assert main(["engine", "verify", "--patients", "1", "--quiet"]) == 3
    assert "FAILED" in capsys.readouterr().out


def test_the_text_of_a_benchmark_names_each_peer_with_its_ratio():
    assert "80x faster" in str(BENCHMARK)
    assert "not installed (roadrunner)" in str(BENCHMARK)


def test_a_stored_benchmark_is_read_as_what_it_was_and_has_a_page_and_a_table():
    stored = json.loads(json.dumps(BENCHMARK.to_dict()))
    assert stored["peers"]["libroadrunner"] == {"installed": False, "missing": ["roadrunner"]}
    assert read_result(stored) == BENCHMARK
    assert "8,000 patients a second" in report_html(BENCHMARK)
    assert BENCHMARK.to_frame()["solver"].to_list() == ["cordwise", "scipy_lsoda"]


@pytest.mark.slow
def test_export_writes_a_document_with_the_patient_asked_for(tmp_path, capsys):
    libsbml = pytest.importorskip("libsbml")
    out = tmp_path / "model.xml"
    cells = ["--cells", "1e7", "--cells-day", "9", "--route", "intrathecal", "--translation", "0.25"]
    assert main(["engine", "export-sbml", str(out), "--severity", "0.6", "--width", "11", *cells]) == 0
    assert capsys.readouterr().out == ""
    model = libsbml.readSBMLFromFile(str(out)).getModel()
    values = {name: model.getParameter(name).getValue() for name in ("severity", "lesion_width", "translation")}
    assert values == {"severity": 0.6, "lesion_width": 11.0, "translation": 0.25}
    assert model.getParameter("depot_1_day").getValue() == 9.0


def test_export_names_all_faults_of_its_options_at_once(tmp_path, capsys):
    options = ["--severity", "-1", "--width", "0", "--cells", "1e7", "--route", "oral", "--translation", "2"]
    assert main(["engine", "export-sbml", str(tmp_path / "model.xml"), *options]) == 2
    told = capsys.readouterr().err
    assert all(word in told for word in ("severity", "width", "route", "translation"))
    assert "Traceback" not in told


@pytest.mark.slow
def test_a_benchmark_measures_engine_and_peers_in_one_run(capsys):
    assert main(["engine", "benchmark", "--patients", "64", "--peer-patients", "4", "--json", "--quiet"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["patients_per_second_per_core"] > 0
    assert all(peer["error_p99"] < 2e-3 for peer in result["peers"].values() if peer["installed"])
