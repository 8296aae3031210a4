"""The reference of the design file: its examples are designs without faults, and it leaves out no key."""

import re
import tomllib
from dataclasses import fields
from typing import get_args

import pytest

from cordwise.patient.file_types import ManufactureTable
from cordwise.stats.sequential.spec import PARAMETERS
from cordwise.trial.design.complete import STRATEGY_OF
from cordwise.trial.design.conduct import (
    Accrual,
    Assessment,
    Dropout,
    FollowUp,
    IntercurrentEvent,
    RandomisationTable,
    Size,
)
from cordwise.trial.design.endpoints import EndpointTable, EstimandTable, Historical
from cordwise.trial.design.file import DesignFile, check_design
from cordwise.trial.design.measures import MEASURES
from cordwise.trial.design.people import Population
from cordwise.trial.design.rules.methods import ANALYSES
from cordwise.trial.design.stopping import Adaptation, Family, Futility, Looks, Safety
from cordwise.trial.design.treatment import Arm, Scenario
from paths import ROOT

REFERENCE = (ROOT / "docs/reference/design-file.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", REFERENCE, flags=re.MULTILINE | re.DOTALL)
TABLES = (
    Population, Arm, ManufactureTable, RandomisationTable, Size, Accrual, FollowUp, EndpointTable, EstimandTable,
    Historical, Looks, Futility, Adaptation, Safety, Dropout, IntercurrentEvent, Assessment, Scenario,
)  # fmt: skip
KIND_COLUMNS = ("binary", "score", "ordinal", "composite")


@pytest.mark.parametrize("example", EXAMPLES, ids=["short", "long"])
def test_an_example_of_the_reference_is_a_design_without_faults(example):
    design = check_design(tomllib.loads(example), "example.toml")
    assert all(endpoint.analysis and endpoint.missing for endpoint in design.endpoints)


def test_the_reference_has_a_short_and_a_long_example():
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_the_reference_names_every_key(table):
    text = re.sub(r"```toml.*?```", "", REFERENCE, flags=re.DOTALL)
    named = {part for code in re.findall(r"`([^`]+)`", text) for part in re.findall(r"[a-z_]+", code)}
    assert {each.name for each in fields(table)} <= named


def test_the_reference_names_every_table():
    assert {name for name in DesignFile.model_fields if name not in REFERENCE} == set()


def _rows(heading):
    """Return the cells of the table whose heading row starts so, without that row and the rule below it."""
    table = REFERENCE[REFERENCE.index(heading) :].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table]


def test_the_table_of_analyses_says_what_the_rules_allow():
    told: dict[str, set[str]] = {kind: set() for kind in KIND_COLUMNS}
    for names, *cells in _rows("| `analysis` | binary"):
        for kind, cell in zip(KIND_COLUMNS, cells, strict=False):
            told[kind] |= set(re.findall(r"`(\w+)`", names)) if cell else set()
    assert told == {kind: set(names) for kind, names in ANALYSES.items()}


def test_the_table_of_missing_values_says_what_the_rules_allow():
    told = {}
    for names, _, strategies, _ in _rows("| `missing` | with"):
        for name in re.findall(r"`(\w+)`", names):
            told[name] = set(re.findall(r"`(\w+)`", strategies))
    assert told == {name: set(strategies) for name, strategies in STRATEGY_OF.items()}


def test_the_table_of_boundaries_names_a_parameter_where_there_is_one():
    told = {}
    for names, parameter, _ in _rows("| `boundary` | `parameter`"):
        told |= dict.fromkeys(re.findall(r'"(\w+)"', names), bool(parameter))
    assert {name for name, has_one in told.items() if has_one} == set(PARAMETERS)
    assert set(get_args(Family)) == set(told)


def test_the_table_of_measures_names_every_measure():
    section = REFERENCE.split("### Measures", 1)[1].split("\n#", 1)[0]
    named = set(re.findall(r"`(\w+)`", section))
    assert {name.removesuffix("_change") for name in MEASURES} <= named | {"motor_levels"}
