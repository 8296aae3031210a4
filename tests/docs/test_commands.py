"""Every command that README and documentation show is one that the program understands."""

import re
import shlex

import pytest
from cyclopts import MissingArgumentError

from cordwise.cli import app
from docs.pages import PAGES, commands
from paths import ROOT

README = ROOT / "README.md"
SHOWN = sorted({(str(page.relative_to(ROOT)), command) for page in [README, *PAGES] for command in commands(page)})


def test_pages_show_commands():
    assert len(SHOWN) > 50


@pytest.mark.parametrize(("page", "command"), SHOWN)
def test_the_program_understands_the_command(page, command):
    tokens = shlex.split(command)[1:]
    try:
        app.parse_args(tokens, exit_on_error=False, print_error=False)
    except MissingArgumentError:  # a sentence may name a command without what it needs
        assert all(re.fullmatch(r"[a-z-]+", token) for token in tokens)


def test_the_example_files_of_the_readme_exist():
    folders = "designs|studies|patients|experiments|searches"
    named = re.findall(rf"\b(?:{folders})/\w+\.toml", README.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []
