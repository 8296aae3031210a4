"""`cordwise check`: every fault at once with exit code 2, any kind of file, and a design with its defaults."""

import json
import tomllib

import pytest
import tomli_w

from cordwise.base.codec import to_plain
from cordwise.base.examples import KINDS, list_examples
from cordwise.cli import main
from cordwise.isncsci.anatomy import DERMATOMES, MYOTOMES
from cordwise.trial.design.file import check_design, read_design
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
    assert to_plain(check_design(tomllib.loads(out), "resolved.toml")) == to_plain(read_design(path))


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


FOREIGN = "examinations/foreign_registry.csv"  # written to be mapped
SHIPPED = [f"{each.folder}/{each.path.name}" for each in list_examples(*KINDS)]


@pytest.mark.parametrize("name", sorted({*SHIPPED} - {FOREIGN}))
def test_every_example_is_without_faults_under_its_name_from_anywhere(capsys, monkeypatch, tmp_path, name):
    monkeypatch.chdir(tmp_path)
    code, out, err = _run(capsys, "check", name, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["faults"] == []


def test_faults_are_told_as_json_where_json_is_asked_for(capsys, tmp_path):
    code, out, err = _run(capsys, "check", _written(tmp_path, **BAD), "--json")
    told = json.loads(out)
    assert (code, err, told["kind"]) == (2, "", "design")
    assert {"where", "expected", "found", "advice"} == set(told["faults"][0])
    assert all(any(place in fault["where"] for fault in told["faults"]) for place in PLACES)


def test_a_table_with_columns_of_its_own_is_told_how_to_be_read(capsys):
    code, _, err = _run(capsys, "check", FOREIGN)
    assert code == 2
    assert "cordwise exam map" in err


MAPPING = """
[columns]
motor = "{side}_{level}_M"
light_touch = "{side}_{level}_LT"
pin_prick = "{side}_{level}_PP"
vac = "VAC"
dap = "DAP"
"""


def test_a_mapping_is_checked(capsys, tmp_path):
    (tmp_path / "mapping.toml").write_text(MAPPING)
    assert _run(capsys, "check", tmp_path / "mapping.toml")[1].endswith(": a mapping file without faults.\n")
    (tmp_path / "mapping.toml").write_text(MAPPING.replace("{level}_M", "{segment}_M"))
    code, _, err = _run(capsys, "check", tmp_path / "mapping.toml")
    assert code == 2
    assert "{segment}_M" in err


def test_examinations_are_checked_and_each_bad_cell_is_told_with_its_row(capsys, tmp_path):
    side = {
        "motor": dict.fromkeys(MYOTOMES, "5"),
        "light_touch": dict.fromkeys(DERMATOMES, "2"),
        "pin_prick": dict.fromkeys(DERMATOMES, "2"),
        "lowest_non_key_muscle": None,
    }
    exam = {"id": "p1", "vac": "Yes", "dap": "Yes", "right": side, "left": side}
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(json.dumps(exam) + "\n")
    bad.write_text(json.dumps(exam) + "\n" + json.dumps({**exam, "id": "p2", "vac": "perhaps"}) + "\n")
    assert _run(capsys, "check", good)[:2] == (0, f"{good}: a file of examinations without faults.\n")
    code, _, err = _run(capsys, "check", bad)
    assert code == 2
    assert "row 2 (id p2): vac" in err
    bad.write_text("")
    assert "expected at least one examination, found none" in _run(capsys, "check", bad)[2]


def test_the_folder_of_a_run_is_told_what_it_is_for(capsys, tmp_path):
    for name in ("results.json", "provenance.json"):
        (tmp_path / name).write_text("{}")
    for name in (tmp_path, tmp_path / "results.json"):
        code, _, err = _run(capsys, "check", name)
        assert code == 2
        assert "cordwise report" in err


def test_tables_of_no_kind_are_answered_with_the_signs_of_every_kind(capsys, tmp_path):
    (tmp_path / "x.toml").write_text("[studdy]\n")
    code, _, err = _run(capsys, "check", tmp_path / "x.toml")
    assert code == 2
    for sign in ("[study]", "[patient]", "[conditions]", "[toxicity]", "[goal] and [cost]", "[columns]"):
        assert sign in err
    assert "found [studdy]" in err
