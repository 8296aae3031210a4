"""`cordwise check` on designs: every fault at once with exit code 2, and the whole design with its defaults."""

import json
import tomllib

import pytest
import tomli_w

from cordwise.cli import main
from cordwise.trial.design.file import check_design, read_design, resolved
from paths import ROOT
from trial_bank import CELLS, THREE_ARMS, ais_endpoint, raw_design, uems_endpoint

DESIGNS = ROOT / "designs"
BAD = {
    "arms": [{"name": "sham", "control": "sham", "dose_cells": 1e8}, CELLS, CELLS],
    "size": {"total": 0},
    "followup": {"visits": [90, 135]},
    "endpoints": [ais_endpoint(alpha=0), uems_endpoint(alpha=1)],
    "looks": {"patients": [60, 40, 120], "boundary": "user", "alpha_spent": [0.01, 0.02, 0.03]},
}
PLACES = (
    "arms[0].dose_cells",
    "arms[2].name",
    "size.total",
    "endpoints[0].alpha",
    "endpoints[1].alpha",
    "endpoints[0].day",
    "looks.patients[1]",
    "looks.alpha_spent",
)
RICH = {
    "looks": {"information": [0.5, 1.0], "futility": {"scale": "conditional_power", "values": [0.2]}},
    "safety": {"event": "SAE", "tolerable_rate": 0.1, "rate_treated": 0.2, "source": "s"},
    "intercurrent_events": [{"name": "stim", "rate": 0.1, "points": {"uems": 2}, "source": "s"}],
    "randomisation": {"method": "minimisation", "stratify_by": ["grade", "site"]},
    "accrual": {"holds": [[3, 6]], "months_between_openings": 1},
}


def _written(folder, **changes):
    path = folder / "design.toml"
    path.write_text(tomli_w.dumps(raw_design(**changes)))
    return path


def _run(capsys, *words):
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("command", [["check"], ["trial", "simulate"]], ids=" ".join)
def test_a_design_bad_in_every_way_names_each_place_at_once_and_ends_with_two(capsys, tmp_path, command):
    path = _written(tmp_path, **BAD)
    out_folder = ["--out", tmp_path / "run"] if command[0] == "trial" else []
    code, _, err = _run(capsys, *command, path, *out_folder)
    assert code == 2
    assert [place for place in PLACES if place not in err] == []
    assert "Traceback" not in err
    assert not (tmp_path / "run").exists()


def test_a_good_design_is_without_faults(capsys, tmp_path):
    code, out, _ = _run(capsys, "check", _written(tmp_path, **RICH))
    assert code == 0
    assert "a design file without faults" in out


@pytest.mark.parametrize("changes", [{}, RICH, THREE_ARMS], ids=["plain", "rich", "three arms"])
def test_a_resolved_design_reads_back_as_the_same_design(capsys, tmp_path, changes):
    path = _written(tmp_path, **changes)
    code, out, _ = _run(capsys, "check", path, "--resolved")
    assert code == 0
    whole = resolved(read_design(path))
    assert check_design(tomllib.loads(out), "resolved.toml") == whole
    assert resolved(whole) == whole


def test_defaults_are_visible_in_the_resolved_design(capsys, tmp_path):
    kept = ("name", "question", "population", "arms", "size")
    endpoint = {"name": "response", "measure": "ais_improvement", "day": 225}
    path = tmp_path / "design.toml"
    path.write_text(tomli_w.dumps({**{key: raw_design()[key] for key in kept}, "endpoints": [endpoint]}))
    code, out, _ = _run(capsys, "check", path, "--resolved", "--json")
    shown = json.loads(out)["resolved"]
    assert code == 0
    assert shown["randomisation"] == {
        "method": "permuted_block",
        "ratio": [1, 1],
        "block_size": 4,
        "stratify_by": [],
        "minimisation_probability": 0.8,
    }
    assert shown["followup"]["visits"] == [225]
    assert (shown["dropout"]["rate"], shown["accrual"]["sites"]) == (0.15, 6)
    decided = shown["endpoints"][0]
    assert (decided["analysis"], decided["missing"], decided["alpha"]) == ("n_minus_1_chi_square", "non_improver", 0.05)
    assert decided["primary"] is True
    assert decided["estimand"]["population"] == "AIS A, B, C, levels C1-C8, examined on days 40 to 50 after injury"
    assert shown["scenarios"][0]["translation"] == 1.0


def test_only_designs_have_defaults_to_show(capsys):
    code, _, err = _run(capsys, "check", DESIGNS / "escalation_msc.toml", "--resolved")
    assert code == 2
    assert "a design file" in err
