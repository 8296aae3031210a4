"""Examples are found by name from anywhere, a user's own file comes first, and the wheel carries them."""

import tomllib
from pathlib import Path

import pytest

from cordwise.base.errors import InputError
from cordwise.base.examples import KINDS, examples, find_input
from paths import ROOT

SHIPPED = [(kind, each) for kind in KINDS for each in examples(kind)]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_there_are_examples_of_every_kind_that_a_command_takes():
    assert {kind for kind, _ in SHIPPED} >= {"studies", "designs", "searches", "patients", "experiments"}


@pytest.mark.parametrize(("kind", "file"), SHIPPED, ids=[f"{kind}/{each.name}" for kind, each in SHIPPED])
def test_an_example_is_found_by_file_name_and_in_its_folder_and_by_stem_where_that_is_its_own(kind, file):
    assert find_input(file.name, kind) == file
    assert find_input(f"{kind}/{file.name}", kind) == file
    if [each.stem for each in examples(kind)].count(file.stem) == 1:
        assert find_input(file.stem, kind) == file
        assert find_input(f"{kind}/{file.stem}", kind) == file


def test_a_users_file_of_the_same_name_comes_before_the_example(tmp_path):
    (tmp_path / "honmou2021").write_text("mine")
    assert find_input("honmou2021", "studies").read_text() == "mine"
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "keio_ips2025.toml").write_text("mine too")
    assert find_input("studies/keio_ips2025.toml", "studies").read_text() == "mine too"


@pytest.mark.parametrize("asked", ["honmou2012", "honmou2021.tml", "studies/honmu2021"])
def test_a_mistyped_name_is_answered_with_the_nearest(asked):
    with pytest.raises(InputError, match='Did you mean "honmou2021"'):
        find_input(asked, "studies")


def test_a_mistyped_name_of_a_users_file_is_answered_with_that_file(tmp_path):
    (tmp_path / "my_trial.toml").write_text("")
    with pytest.raises(InputError, match=r'Did you mean "my_trial\.toml"'):
        find_input("my_tral.toml", "designs")


def test_a_name_like_nothing_is_answered_with_all_names():
    with pytest.raises(InputError, match="The examples are brown_sequard_d, central_c"):
        find_input("zzz", "patients")


def test_an_example_of_another_kind_is_told_its_command_and_function():
    with pytest.raises(InputError, match=r"This is a study: use `cordwise appraise` or `cordwise\.read_study`"):
        find_input("honmou2021", "patients")


def test_a_name_of_two_kinds_wants_its_folder_where_both_are_taken():
    with pytest.raises(InputError, match=r"designs/subacute_msc\.toml and searches/subacute_msc\.toml"):
        find_input("subacute_msc", "designs", "searches")
    assert find_input("searches/subacute_msc", "designs", "searches").parent.name == "searches"


def test_a_path_elsewhere_is_left_to_its_reader():
    assert find_input("elsewhere/honmou2021.toml", "studies") == Path("elsewhere/honmou2021.toml")


def test_the_wheel_carries_every_folder_of_examples():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    here = {kind for kind in KINDS if (ROOT / kind).is_dir()}
    assert here <= set(wheel["only-include"])
    assert {kind: wheel["sources"][kind] for kind in here} == {kind: f"cordwise/examples/{kind}" for kind in here}
