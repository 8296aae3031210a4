"""The kinds of input: how a file of each is recognised, and which command and function it is for."""

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cordwise.base.errors import Fault

_TARGET_COLUMNS = ({"target_id"}, {"measure", "statistic", "value"})  # either tells a table of targets
_SCORED = re.compile("motor|light|pin", re.IGNORECASE)  # in the column names of examinations
_MANY_COLUMNS = 100  # an examination has 136 cells, a row of targets 15
_EXAMINATION_ENDINGS = frozenset({".json", ".jsonl", ".tsv", ".parquet"})
RUN_FILES = ("provenance.json", "results.json")
"""Either tells that a folder is the run folder of a command."""


@dataclass(frozen=True, slots=True)
class InputKind:
    """One kind of input.

    `folder` is where its examples lie, `command` what it is for on the command line and `function` in Python, blank
    where there is none; `tables` are the TOML tables by which a file of the kind is known.
    """

    name: str
    folder: str
    command: str
    function: str
    tables: tuple[str, ...] = ()

    @property
    def named(self) -> str:
        """Return the name with its article."""
        return f"{'an' if self.name[0] in 'aeiou' else 'a'} {self.name}"

    @property
    def use(self) -> str:
        """Return what a file of this kind is for."""
        in_python = f" or `cordwise.{self.function}`" if self.function else ""
        return f"This is {self.named}: use `cordwise {self.command}`{in_python}."

    @property
    def sign(self) -> str:
        """Return by which tables it is known, in words."""
        return " and ".join(f"[{name}]" for name in self.tables)


TOML_KINDS = (
    InputKind("study", "studies", "appraise", "read_study", ("study",)),
    InputKind("patient", "patients", "patient simulate", "read_patient", ("patient",)),
    InputKind("experiment", "experiments", "cord perturb", "read_experiment", ("conditions",)),
    InputKind("escalation", "designs", "trial escalate", "read_escalation", ("toxicity",)),
    InputKind("search", "searches", "trial optimise", "read_search", ("goal", "cost")),
    InputKind("design", "designs", "trial simulate", "read_design", ("population", "endpoints")),
    InputKind("mapping", "examinations", "exam batch --mapping", "classify", ("columns",)),
)
"""The kinds of TOML file, in the order in which their signs are looked for."""
EXAMINATIONS = InputKind("file of examinations", "examinations", "exam batch", "classify")
TARGETS = InputKind("table of targets", "registries", "population check", "check_population")
RUN = InputKind("run folder", "", "report", "")
ALL_KINDS = (*TOML_KINDS, EXAMINATIONS, TARGETS)


def kind_of(tables: Mapping[str, Any]) -> InputKind | None:
    """Return the kind of a TOML file by its tables, None where they fit no kind."""
    return next((kind for kind in TOML_KINDS if _has_signs(tables, kind)), None)


def kind_of_file(path: Path) -> InputKind | None:
    """Return the kind of a file or folder, None where it cannot be told; nothing is checked."""
    if path.is_dir():
        return RUN if any((path / name).is_file() for name in RUN_FILES) else None
    try:
        if path.suffix == ".toml":
            return kind_of(tomllib.loads(path.read_text(encoding="utf-8")))
        if path.suffix == ".csv":
            return _kind_of_table(path)
    except (OSError, ValueError, RecursionError, csv.Error):  # not TOML, not text, not there: its reader says so
        return None
    if path.name in RUN_FILES and all(path.with_name(name).is_file() for name in RUN_FILES):
        return RUN
    return EXAMINATIONS if path.suffix in _EXAMINATION_ENDINGS and path.is_file() else None


def wrong_kind(path: Path, tables: Mapping[str, Any] | None, folder: str, expects: str | None = None) -> Fault | None:
    """Return what to say of a file of another kind than a reader takes, None where it is of the right or no known kind.

    Parameters
    ----------
    path
        Where the file lies.
    tables
        Its tables; None for a file that is not TOML, whose kind is told by its name and first line.
    folder
        The folder of the examples that the reader takes.
    expects
        The name of the kind that it takes; every kind of that folder when None.
    """
    taken = [kind for kind in ALL_KINDS if kind.name == expects or (expects is None and kind.folder == folder)]
    if tables is not None and any(_has_signs(tables, kind) for kind in taken if kind.tables):
        return None
    found = kind_of_file(path) if tables is None else kind_of(tables)
    if found is None or found in taken:
        return None
    return Fault(str(path), " or ".join(kind.named for kind in taken), found.named, found.use)


def _has_signs(tables: Mapping[str, Any], kind: InputKind) -> bool:
    return all(name in tables for name in kind.tables)


def _kind_of_table(path: Path) -> InputKind | None:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        columns = {cell.strip() for cell in next(csv.reader(lines), [])}
    if any(signs <= columns for signs in _TARGET_COLUMNS):
        return TARGETS
    has_scores = len(columns) >= _MANY_COLUMNS or any(_SCORED.search(column) for column in columns)
    return EXAMINATIONS if has_scores else None
