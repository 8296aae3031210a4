"""The parameter table, the rule that no number hides in the kinetics, and what is said about bad inputs."""

import ast
import inspect
import re
import textwrap
from math import nan

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.tables import packaged_table
from cordwise.cord import (
    barrier,
    blocks,
    forcing,
    graft,
    impact,
    inflammation,
    injury,
    kinetics,
    microglia,
    myelin,
    nodes,
    perfusion,
    plasticity,
    response,
    scar,
    tracts,
    visit,
)
from cordwise.cord.changes import Action, Change
from cordwise.cord.parameters import TissueParameters, load_parameters, tissue_parameter_rows
from cordwise.cord.product import Dose, Regimen
from cordwise.cord.tissue import simulate_tissue
from cordwise.evidence import load_table

MECHANISMS = (barrier, blocks, forcing, graft, impact, inflammation, injury, kinetics, microglia, myelin, nodes,
              perfusion, plasticity, response, scar, tracts, visit)  # fmt: skip


def _literals(source):
    """Return the numbers written in a function, leaving out exponents and subscripts."""
    tree = ast.parse(source)
    allowed = {
        id(node.right) for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            allowed |= {id(part) for part in ast.walk(node.slice)}
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in allowed]
    return [value for value in constants if isinstance(value, int | float) and not isinstance(value, bool)]


def _functions(module):
    for value in vars(module).values():
        function = getattr(value, "py_func", value)
        if inspect.isfunction(function) and function.__module__ == module.__name__:
            yield function


@pytest.mark.parametrize("module", MECHANISMS, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_no_number_but_0_1_and_2_hides_in_the_kinetics(module):
    functions = list(_functions(module))
    assert functions
    for function in functions:
        assert set(_literals(textwrap.dedent(inspect.getsource(function)))) <= {0, 1, 2}, function.__name__


def test_the_search_for_hidden_numbers_finds_them():
    assert _literals("def rate(x):\n    return 0.3 * x**3 + x[7]\n") == [0.3]


def test_the_table_gives_every_number_once_with_unit_range_source_and_status():
    rows = tissue_parameter_rows()
    for species in ("human", "rodent"):
        names = [row.name for row in rows if row.species in ("both", species)]
        assert sorted(names) == sorted(TissueParameters._fields)
    assert all(row.unit and row.source and row.meaning and row.mechanism for row in rows)
    assert {row.status for row in rows} <= {"seen", "recalled", "fitted", "judgement"}
    assert [row.name for row in rows if not row.low90 <= row.value <= row.high90] == []


def test_every_source_is_a_row_of_the_evidence_or_a_judgement():
    known = set(load_table("biology")["id"])
    for row in tissue_parameter_rows():
        cited = re.findall(r"B\d{3}", row.source)
        assert set(cited) <= known, row.name
        assert cited or row.source in ("judgement", "definition"), row.name


@pytest.mark.parametrize("name", ["patient_kinetics", "delivery_parameters", "manufacture_parameters"])
def test_every_row_that_a_table_of_the_cord_cites_is_in_the_evidence(name):
    known = set(load_table("biology")["id"])
    for row in packaged_table("cordwise.cord", name):
        assert set(re.findall(r"B\d{3}", row["source"])) <= known, row["name"]


def test_species_differ_where_the_table_has_a_row_for_each_and_nowhere_else():
    human, rodent = load_parameters("human"), load_parameters("rodent")
    differ = {name for name in TissueParameters._fields if getattr(human, name) != getattr(rodent, name)}
    apart = {row.name for row in tissue_parameter_rows() if row.species != "both"}
    assert {"length_scale", "clock", "plastic_days", "cells_per_dose", "graft_sd_injected"} <= differ <= apart
    assert all(human._asdict()[name] > rodent._asdict()[name] for name in ("length_scale", "clock", "plastic_days"))


def test_all_faults_of_an_input_are_reported_at_once():
    regimen = Regimen((Dose(-1.0, -5.0, "by mouth"),), "elixir", translation=1.5)
    with pytest.raises(InputError) as caught:
        simulate_tissue(
            [0.5, 2.2],
            [10.0, 0.0],
            [3.0, 1.0],
            regimen=regimen,
            parameters=load_parameters()._replace(alarmin_loss=nan, macrophage_loss=-1.0, phagocyte_half=0.0),
            plastic_days=0.0,
            changes=[Change("hope", Action.SCALE, nan, 3.0, 2.0)],
            preset="perfect",
        )
    places = [fault.where for fault in caught.value.faults]
    assert places == [
        "severity[1]",
        "width_mm[1]",
        "days",
        "regimen.product",
        "regimen.translation",
        "regimen.doses[0].day",
        "regimen.doses[0].cells",
        "regimen.doses[0].route",
        "parameters.alarmin_loss",
        "parameters.phagocyte_half",
        "parameters.macrophage_loss",
        "parameters.plastic_days",
        "changes[0].target",
        "changes[0].amount",
        "changes[0].to_day",
        "preset",
    ]


@pytest.mark.parametrize(
    ("severity", "width", "days"),
    [
        ([np.nan], [10.0], [1.0]),
        ([0.5], [np.inf], [1.0]),
        ([0.5, 0.6], [10.0], [1.0]),
        ([0.5], [10.0], []),
        ([0.5], [10.0], [-1.0, 2.0]),
    ],
)
def test_bad_patients_and_days_are_refused(severity, width, days):
    with pytest.raises(InputError):
        simulate_tissue(severity, width, days)


def test_unknown_names_are_refused():
    with pytest.raises(InputError, match="species"):
        load_parameters("mouse lemur")
