"""`cordwise engine`: verification, the words of a benchmark, and the export."""

import json

import pytest

from cordwise.cli import main
from cordwise.cord.verification import accuracy
from cordwise.present.engine.text import benchmark_words

BENCHMARK = {
    "days": [1.0, 365.0],
    "steps_a_year": 300,
    "preset": "standard",
    "patients_per_second_per_core": 8000.0,
    "patients_per_second": 15000.0,
    "threads": 2,
    "error_p99": 7e-4,
    "error_max": 1e-3,
    "peers": {
        "scipy_lsoda": {
            "installed": True,
            "rtol": 1e-3,
            "patients_per_second": 100.0,
            "error_p99": 9e-4,
            "error_max": 2e-3,
            "ratio": 80.0,
        },
        "libroadrunner": {"installed": False, "missing": ["roadrunner"]},
    },
    "gpu": {"installed": False, "missing": "no package numba-cuda"},
    "start_seconds": {"help": 0.3, "first_simulation": 9.0, "next_simulation": 1.0},
    "machine": {"processor": "A", "architecture": "x86_64", "cores": 2, "matrix_product_gflops_per_core": 100.0},
}


def test_verify_reports_every_preset_and_passes(capsys):
    assert main(["engine", "verify", "--patients", "4", "--json", "--quiet"]) == 0
    result = json.loads(capsys.readouterr().out)
    errors = [result["presets"][name]["error_p99"] for name in ("fast", "standard", "fine", "reference")]
    assert errors == sorted(errors, reverse=True)
    assert result["passed"]
    assert all(1.6 < order < 2.6 for order in result["order_of_convergence"])
    assert result["reference"]["error_max"] < 1e-6


def test_verify_exits_with_3_when_the_standard_preset_is_not_exact_enough(capsys, monkeypatch):
    monkeypatch.setattr(accuracy, "LIMIT_P99", 1e-9)
    assert main(["engine", "verify", "--patients", "1", "--quiet"]) == 3
    assert "FAILED" in capsys.readouterr().out


def test_the_words_of_a_benchmark_name_each_peer_with_its_ratio():
    words = benchmark_words(BENCHMARK)
    assert "80x faster" in words
    assert "not installed (roadrunner)" in words


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
