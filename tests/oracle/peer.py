"""The npm package `isncsci` as a second opinion: exams go in as its texts, answers come back as sets of bits."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from cordwise.isncsci import DERMATOMES, LEVELS, MYOTOMES, NO_MUSCLE, SIDES, Totals
from cordwise.isncsci.possible import OUTPUTS

HERE = Path(__file__).parent
PACKAGE = HERE / "node_modules" / "isncsci"

_FAMILIES = {
    "motor": ("motor", MYOTOMES),
    "light_touch": ("lightTouch", DERMATOMES),
    "pin_prick": ("pinPrick", DERMATOMES),
}
_BITS = {name: bit for bit, name in enumerate((*LEVELS, "NA"))}
_FIELD_BITS = {"complete": {"C": 0, "I": 1}, "ais": {grade: bit for bit, grade in enumerate("ABCDE")}}
_SCORES = np.array(["0", "1", "2", "3", "4", "5", "NT"], object)
_SCORE_TEXTS = np.array([score + tag for tag in ("", "*", "**") for score in (*_SCORES, "", "", "")], object)
_FINDING_TEXTS = np.array(["No", "Yes", "", "", "", "", "NT"], object)


@dataclass(frozen=True, slots=True)
class PeerAnswers:
    """Sets of bits and stars by field, totals by field of `Totals` (`NaN` where not determinable)."""

    sets: dict[str, np.ndarray]
    starred: dict[str, np.ndarray]
    totals: dict[str, np.ndarray]


def node():
    """The path of node, of the environment that runs this."""
    return shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")


def why_absent():
    """Say why the package cannot be asked, or nothing where it can."""
    if node() is None:
        return "node is not installed"
    return None if PACKAGE.is_dir() else "the npm package isncsci is not installed: `make oracle` fetches it"


def must_be_there():
    """Whether a missing package is a failure: on a build server, where everything can be fetched."""
    return os.environ.get("CI", "").lower() == "true"


def places():
    """The keys that lead to each cell in the peer's exam, in the order of `texts_of`."""
    scores = [[side, name, level] for name, order in _FAMILIES.values() for side in SIDES for level in order]
    muscles = [[side, "lowestNonKeyMuscleWithMotorFunction"] for side in SIDES]
    return [*scores, ["voluntaryAnalContraction"], ["deepAnalPressure"], *muscles]


def texts_of(exams):
    """The texts of each exam, in the order of `places`: of testable exams, or of recorded ones with NT and stars."""
    scores = [_SCORE_TEXTS[getattr(exams, family).reshape(len(exams), -1)] for family in _FAMILIES]
    findings = np.column_stack([exams.voluntary_anal_contraction, exams.deep_anal_pressure]).astype(np.int8)
    muscles = np.where(
        exams.lowest_non_key_muscle == NO_MUSCLE, "", np.array(LEVELS, object)[exams.lowest_non_key_muscle]
    )
    return np.concatenate([*scores, _FINDING_TEXTS[findings], muscles], axis=1).tolist()


def ask_peer(exams):
    """The peer's answers to a batch, from one run of node."""
    lines = "".join(f"{json.dumps(line)}\n" for line in (places(), *texts_of(exams)))
    command = [node(), str(HERE / "oracle.mjs")]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return _parse([json.loads(line) for line in done.stdout.splitlines()])


def _parse(rows):
    columns = [list(column) for column in zip(*rows, strict=True)]
    outputs = dict(zip(OUTPUTS, columns, strict=False))
    totals = dict(zip((field.name for field in fields(Totals)), columns[len(OUTPUTS) :], strict=True))
    return PeerAnswers(
        {name: np.array([_set_of(name, text) for text in column]) for name, column in outputs.items()},
        {name: np.array(["*" in text for text in column]) for name, column in outputs.items()},
        {
            name: np.array([np.nan if text == "ND" else float(text) for text in column])
            for name, column in totals.items()
        },
    )


@cache
def _set_of(name, text):
    bits = _FIELD_BITS.get(name, _BITS)
    return sum(1 << bit for bit in {bits[value.strip(" *")] for value in text.split(",")})
