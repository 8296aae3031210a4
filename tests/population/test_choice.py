"""Whose population a run draws from: what is chosen, what a study or design states, and every fault at once."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from cordwise.appraisal.study import read_study
from cordwise.base.errors import InputError
from cordwise.base.inputs import Origin
from cordwise.base.randomness import Streams
from cordwise.cli import main
from cordwise.evidence import Targets
from cordwise.evidence.targets import targets_text
from cordwise.population.choice import ChosenPopulation, choose_population, population_of
from cordwise.population.posterior import fit_bytes, shipped_fit
from cordwise.trial.design.file import read_design
from paths import ROOT
from small_population import conversion, small_fit, stated_row

STUDY = (ROOT / "studies" / "honmou2021.toml").read_text()
DESIGN = (ROOT / "designs" / "subacute_msc.toml").read_text()
FIGURES = Targets.of([stated_row(value=28.0, sd=16.0, n=40.0), conversion(value=0.4, n=30.0)])


@pytest.fixture
def table(tmp_path):
    """A table of figures of a registry, and its path."""
    path = tmp_path / "own.csv"
    path.write_text(targets_text(FIGURES))
    return path


@pytest.fixture
def population(tmp_path):
    path = tmp_path / "population.json"
    path.write_bytes(fit_bytes(small_fit(3)))
    return path


def faults_of(do):
    with pytest.raises(InputError) as raised:
        do()
    return raised.value.faults


def test_without_anything_given_it_is_a_registry_not_yet_seen():
    chosen = population_of(None)
    assert chosen.words == "a registry not yet seen"
    assert chosen.options == {}
    assert chosen.posterior(Streams(1)) is shipped_fit().unseen


def test_what_was_given_comes_before_what_the_input_states():
    given, stated = choose_population(registry="emsci"), choose_population(registry="sygen")
    assert population_of(given, stated) is given
    assert population_of(None, stated) is stated


def test_a_registry_is_known_whatever_its_case_and_narrowed_by_its_figures(table):
    chosen = choose_population(registry="eMsCi", registry_data=table)
    assert chosen.words == "EMSCI, narrowed by 2 figures of its own"
    assert chosen.options == {"registry": "EMSCI", "registry_data": "own.csv"}
    assert chosen.companions == {"own.csv": table.read_bytes()}


def test_one_figure_is_told_as_one(table):
    table.write_text("\n".join(table.read_text().splitlines()[:2]) + "\n")
    assert choose_population(registry_data=table).words == "a registry not yet seen, narrowed by 1 figure of its own"


def test_a_population_of_ones_own_is_drawn_from(population):
    chosen = choose_population(population, registry="sygen")
    found = chosen.posterior(Streams(1))
    assert (len(found.draws), found.registry) == (3, "Sygen")
    assert chosen.options == {"registry": "Sygen", "population": "population.json"}
    assert population_of(population).posterior(Streams(1)).has_pairs


def test_figures_given_in_python_are_kept_as_a_table(population):
    chosen = choose_population(population, registry_data=FIGURES)
    assert chosen.companions[FIGURES.source_file.name] == FIGURES.source_file.data
    assert len(chosen.posterior(Streams(1)).draws) == 6


def test_choices_are_told_apart_by_name_and_bytes(table, tmp_path):
    other = tmp_path / "other" / "own.csv"
    other.parent.mkdir()
    other.write_text(table.read_text().replace(",28,", ",29,"))
    assert other.read_text() != table.read_text()
    keys = {
        choice.key
        for choice in (
            ChosenPopulation(),
            choose_population(registry="emsci"),
            choose_population(registry_data=table),
            choose_population(registry_data=other),
        )
    }
    assert len(keys) == 4
    assert choose_population(registry_data=table).key == choose_population(registry_data=str(table)).key


def test_every_wrong_file_and_name_is_told_at_once(tmp_path):
    (tmp_path / "wrong.json").write_text("{}")
    (tmp_path / "wrong.csv").write_text(targets_text(FIGURES).replace("uems", "colour"))
    faults = faults_of(
        lambda: choose_population(tmp_path / "wrong.json", registry="Atlantis", registry_data=tmp_path / "wrong.csv")
    )
    told = "\n".join(map(str, faults))
    for part in ("wrong.json", "population calibrate", "wrong.csv", "colour", "Atlantis", "EMSCI"):
        assert part in told


def test_every_missing_file_is_told_at_once(tmp_path):
    faults = faults_of(lambda: choose_population(tmp_path / "no.json", registry_data=tmp_path / "no.csv"))
    assert [Path(fault.where).name for fault in faults] == ["no.json", "no.csv"]


def test_a_registry_is_looked_for_in_the_population_that_was_given(population):
    (fault,) = faults_of(lambda: choose_population(population, registry="Rome"))
    assert fault.expected == "one of EMSCI, Sygen"
    assert fault.as_option().startswith("--registry:")


def test_an_input_keeps_the_files_of_the_choice_beside_its_own(table):
    origin = choose_population(registry_data=table).kept_with(Origin("study.toml", b"a", {"entry.csv": b"b"}))
    assert origin.data == b"a"
    assert dict(origin.companions) == {"entry.csv": b"b", "own.csv": table.read_bytes()}


def test_a_table_called_as_another_that_the_input_names_is_refused(table):
    chosen = choose_population(registry_data=table)
    for origin in (Origin("study.toml", b"a", {"own.csv": b"b"}), Origin("own.csv", b"a")):
        (fault,) = faults_of(lambda origin=origin: chosen.kept_with(origin))
        assert fault.found == "own.csv"
    same = Origin("study.toml", b"a", {"own.csv": table.read_bytes()})
    assert dict(chosen.kept_with(same).companions) == dict(same.companions)


def study_with(folder, lines):
    path = folder / "study.toml"
    assert "[population]\n" in STUDY
    path.write_text(STUDY.replace("[population]\n", f"[population]\n{lines}\n"))
    return path


def design_with(folder, lines):
    path = folder / "design.toml"
    path.write_text(DESIGN.replace("[population]\n", f"[population]\n{lines}\n"))
    return path


@pytest.mark.parametrize("kind", ["study", "design"])
def test_a_file_states_its_registry_and_the_figures_of_it(table, tmp_path, kind):
    lines = 'registry = "emsci"\nregistry_data = "own.csv"'
    if kind == "study":
        found = read_study(study_with(tmp_path, lines))
        stated, origin = found.population, found.origin
    else:
        found = read_design(design_with(tmp_path, lines))
        stated, origin = found.recovery, found.origin
    assert stated.words == "EMSCI, narrowed by 2 figures of its own"
    assert origin.companions["own.csv"] == table.read_bytes()


@pytest.mark.parametrize("kind", ["study", "design"])
def test_a_file_that_states_nothing_has_no_population(tmp_path, kind):
    if kind == "study":
        assert read_study(study_with(tmp_path, "")).population is None
    else:
        assert read_design(design_with(tmp_path, "")).recovery is None


@pytest.mark.parametrize("data", ["no.csv", "../own.csv", "/etc/hostname"], ids=["missing", "outside", "absolute"])
@pytest.mark.parametrize("kind", ["study", "design"])
def test_faults_of_both_keys_name_the_file_and_the_key(tmp_path, kind, data):
    folder = tmp_path / "here"
    folder.mkdir()
    (tmp_path / "own.csv").write_text(targets_text(FIGURES))
    lines = f'registry = "Atlantis"\nregistry_data = "{data}"'
    read, write = (read_study, study_with) if kind == "study" else (read_design, design_with)
    faults = faults_of(lambda: read(write(folder, lines)))
    assert len(faults) == 2
    for fault, key in zip(faults, ("registry", "registry_data"), strict=True):
        assert f"{kind}.toml" in fault.where
        assert fault.where.endswith(f"population.{key}")


@pytest.mark.parametrize("kind", ["study", "design"])
def test_faults_of_the_table_that_a_file_names_are_told(tmp_path, kind):
    (tmp_path / "own.csv").write_text(targets_text(FIGURES).replace("uems", "colour"))
    read, write = (read_study, study_with) if kind == "study" else (read_design, design_with)
    faults = faults_of(lambda: read(write(tmp_path, 'registry_data = "own.csv"')))
    assert any("own.csv" in fault.where and "colour" in fault.found for fault in faults)


@pytest.mark.parametrize("kind", ["study", "design"])
def test_a_registry_that_is_no_text_is_a_fault(tmp_path, kind):
    read, write = (read_study, study_with) if kind == "study" else (read_design, design_with)
    assert faults_of(lambda: read(write(tmp_path, "registry = 5")))


def test_a_changed_design_keeps_its_registry_unless_that_is_changed(table, tmp_path):
    design = read_design(design_with(tmp_path, 'registry = "emsci"'))
    assert design.with_values({"size.total": 90}).recovery is design.recovery
    assert design.with_values({"population.registry": "sygen"}).recovery.registry == "Sygen"
    assert design.with_values({"population.registry": None}).recovery is None


RUNS = {
    "appraise": (["appraise", "honmou2021", "--draws", "4", "--patients", "150"], "answer"),
    "trial simulate": (["trial", "simulate", "subacute_msc", "--replicates", "20"], "scenarios"),
    "population check": (["population", "check", "my_registry"], "targets"),
}


def ran(capsys, *words):
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out


def test_a_run_for_a_known_registry_is_repeated_to_the_byte(capsys, tmp_path):
    words, _ = RUNS["appraise"]
    ran(capsys, *words, "--registry", "emsci", "--seed", "3", "--quiet", "--out", tmp_path / "run")
    result = json.loads((tmp_path / "run" / "results.json").read_text())
    assert result["registry"] == "EMSCI"
    assert result["provenance"]["options"]["registry"] == "EMSCI"
    assert "The same result to the byte" in ran(capsys, "rerun", tmp_path / "run", "--quiet")
    ran(capsys, *words, "--seed", "3", "--quiet", "--out", tmp_path / "unseen")
    unseen = json.loads((tmp_path / "unseen" / "results.json").read_text())
    assert unseen["arms"][0]["expected_improved"] != result["arms"][0]["expected_improved"]


def test_a_run_with_figures_of_a_registry_is_repeated_to_the_byte_without_the_file(capsys, tmp_path, table):
    words, _ = RUNS["appraise"]
    ran(capsys, *words, "--registry-data", table, "--seed", "3", "--quiet", "--out", tmp_path / "run")
    table.unlink()
    result = json.loads((tmp_path / "run" / "results.json").read_text())
    assert result["registry"] == "a registry not yet seen, narrowed by 2 figures of its own"
    assert "The same result to the byte" in ran(capsys, "rerun", tmp_path / "run", "--quiet")


def test_a_run_of_a_study_that_states_its_registry_is_repeated_to_the_byte(capsys, tmp_path, table):
    path = study_with(tmp_path, 'registry = "sygen"\nregistry_data = "own.csv"')
    ran(capsys, "appraise", path, "--draws", "4", "--patients", "150", "--seed", "3", "--quiet",
        "--out", tmp_path / "run")  # fmt: skip
    table.unlink()
    path.unlink()
    assert "The same result to the byte" in ran(capsys, "rerun", tmp_path / "run", "--quiet")


def test_a_trial_in_a_population_of_ones_own_is_repeated_to_the_byte(capsys, tmp_path, population):
    words, _ = RUNS["trial simulate"]
    ran(capsys, *words, "--population", population, "--registry", "sygen", "--seed", "3", "--quiet",
        "--out", tmp_path / "run")  # fmt: skip
    population.unlink()
    assert json.loads((tmp_path / "run" / "results.json").read_text())["registry"] == "Sygen"
    assert "The same result to the byte" in ran(capsys, "rerun", tmp_path / "run", "--quiet")


def test_a_check_as_a_known_registry_is_repeated_to_the_byte(capsys, tmp_path):
    shutil.copy(ROOT / "registries" / "my_registry.csv", tmp_path / "mine.csv")
    ran(capsys, "population", "check", tmp_path / "mine.csv", "--registry", "EMSCI", "--seed", "3", "--quiet",
        "--out", tmp_path / "run")  # fmt: skip
    result = json.loads((tmp_path / "run" / "results.json").read_text())
    assert all(row["parts"]["registry"] == 0 for row in result["targets"])
    assert np.isfinite([row["parts"]["parameters"] for row in result["targets"]]).all()
    assert "The same result to the byte" in ran(capsys, "rerun", tmp_path / "run", "--quiet")
