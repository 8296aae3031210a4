"""What a newcomer with the installed program and an empty folder can do: examples, starting files, completion."""

import json
import subprocess
import sys

import pytest

from cordwise.base.examples import KINDS, list_examples
from cordwise.cli import main
from cordwise.cli.init import StartingKind

STARTING = StartingKind.__args__


def run(capsys, *words):
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_examples_are_listed_by_kind_with_the_question_each_asks(capsys):
    code, out, _ = run(capsys, "examples")
    assert code == 0
    folders = [line for line in out.splitlines() if line in KINDS]
    assert folders == [kind for kind in KINDS if list_examples(kind)]
    assert "How many would have improved without the cells?" in " ".join(out.split())


def test_every_toml_example_asks_a_question():
    asked = {each.path: each.question for each in list_examples(*KINDS) if each.path.suffix == ".toml"}
    assert [path for path, question in asked.items() if "?" not in question and ":" not in question] == []


def test_examples_as_json_name_a_command_and_a_file_that_any_command_finds(capsys):
    told = json.loads(run(capsys, "examples", "studies", "--json")[1])["examples"]
    assert {each["file"] for each in told} >= {"studies/honmou2021.toml", "studies/keio_ips2025.toml"}
    assert {each["command"] for each in told} == {"appraise"}
    assert run(capsys, "check", told[0]["file"])[0] == 0


@pytest.mark.parametrize("which", ["study", "studies", "honmou2021", "honmou2021.toml", "studies/honmou2021"])
def test_examples_are_asked_for_by_kind_in_either_number_or_by_name(capsys, which):
    code, out, _ = run(capsys, "examples", which)
    assert code == 0
    assert "honmou2021" in out
    assert "subacute" not in out


def test_a_mistyped_example_is_answered_with_the_nearest(capsys):
    code, _, err = run(capsys, "examples", "honmou2012")
    assert code == 2
    assert 'Did you mean "honmou2021"' in err


def test_a_copy_takes_along_the_design_that_a_search_names_so_that_it_checks(capsys, tmp_path):
    assert run(capsys, "examples", "searches/subacute_msc", "--copy", "mine")[0] == 0
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.toml")} == {
        "mine/searches/subacute_msc.toml",
        "mine/designs/subacute_msc.toml",
    }
    assert run(capsys, "check", "mine/searches/subacute_msc.toml")[0] == 0


def test_a_copy_overwrites_nothing_and_copies_nothing_when_a_file_is_in_the_way(capsys, tmp_path):
    assert run(capsys, "examples", "studies", "--copy", "mine")[0] == 0
    changed = tmp_path / "mine" / "studies" / "honmou2021.toml"
    changed.write_text("mine")
    (tmp_path / "mine" / "studies" / "keio_ips2025.toml").unlink()
    code, _, err = run(capsys, "examples", "studies", "--copy", "mine")
    assert code == 2
    assert "honmou2021.toml" in err
    assert [path.read_text() for path in changed.parent.iterdir()] == ["mine"]


def test_a_copy_into_a_file_is_refused(capsys, tmp_path):
    (tmp_path / "mine").write_text("")
    assert run(capsys, "examples", "studies", "--copy", "mine")[0] == 2


@pytest.mark.parametrize("kind", STARTING)
def test_a_starting_file_is_accepted_at_once_explained_and_never_overwritten(capsys, tmp_path, kind):
    code, out, _ = run(capsys, "init", kind)
    assert code == 0
    assert f"cordwise check {kind}.toml" in out
    assert run(capsys, "check", f"{kind}.toml") == (
        0,
        f"{kind}.toml: {_article(kind)} {kind} file without faults.\n",
        "",
    )
    written = (tmp_path / f"{kind}.toml").read_text()
    assert written.startswith("# Question: ")
    (tmp_path / f"{kind}.toml").write_text("mine")
    assert run(capsys, "init", kind)[0] == 2
    assert (tmp_path / f"{kind}.toml").read_text() == "mine"


def _article(kind):
    return "an" if kind[0] in "aeiou" else "a"


@pytest.mark.parametrize("out", ["", "nowhere/study.toml"])
def test_a_starting_file_goes_where_it_is_wanted_or_says_why_not(capsys, tmp_path, out):
    assert run(capsys, "init", "study", "--out", "mine.toml")[0] == 0
    assert (tmp_path / "mine.toml").is_file()
    assert run(capsys, "init", "study", "--out", out)[0] == 2


@pytest.mark.parametrize("kind", ["study", "design", "search", "escalation", "patient", "experiment", "mapping"])
def test_every_kind_of_input_file_has_a_schema_with_its_keys(capsys, kind):
    code, out, _ = run(capsys, "schema", kind)
    assert code == 0
    assert len(json.loads(out)["properties"]) >= 4


@pytest.mark.parametrize(
    ("shell", "sign"), [("bash", "complete "), ("zsh", "#compdef cordwise"), ("fish", "complete -c")]
)
def test_a_completion_script_is_written_where_asked_and_nowhere_else(capsys, tmp_path, monkeypatch, shell, sign):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert run(capsys, "--install-completion", "--shell", shell, "--out", "script")[0] == 0
    assert sign in (tmp_path / "script").read_text()
    assert not (tmp_path / "home").exists()


def test_the_shell_is_offered_the_names_of_the_examples(capsys):
    assert main(["__complete", "check", ""]) == 0
    offered = [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()]
    assert {"honmou2021", "central_c", "designs/subacute_msc", "searches/subacute_msc"} <= set(offered)


def test_the_list_of_commands_is_shown_without_loading_what_computes():
    """Numbers, tables, charts and schemas are imported by the command that needs them."""
    heavy = ["numpy", "scipy", "numba", "polars", "altair", "pydantic", "jinja2", "jaxtyping"]
    code = (
        "import sys, cordwise.cli\n"
        "assert cordwise.cli.main(['--help']) == 0\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
