"""The exported model: valid SBML, the same formulas as the kinetics, and the same answer in another program."""

import math
import sys

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.cord.engine.step_grid import StepLaw
from cordwise.cord.equations import NAMES, SolverCase, in_order_of_fields
from cordwise.cord.fields import FIELDS
from cordwise.cord.forcing import LEVERS, Forcing
from cordwise.cord.kinetics import Site, State, kinetics
from cordwise.cord.parameters import load_parameters
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.cord.sbml.document import export_sbml
from cordwise.cord.sbml.expression import symbol
from cordwise.cord.sbml.trace import cell_formulas, shape_definitions, symbolic_parameters
from cordwise.cord.tissue import tissue_history
from cordwise.cord.verification.comparison import field_errors
from cordwise.cord.verification.lsoda import solve

libsbml = pytest.importorskip("libsbml")

CELLS = Regimen((Dose(3.0, 2.5e6, Route.INTRALESIONAL), Dose(14.0, 1e8, Route.INTRAVENOUS)), "allogeneic_msc", 0.7)
TREATED, UNTREATED = SolverCase(0.7, 13.0, CELLS), SolverCase(0.7, 13.0)
MONTH = (0.5, 2.0, 7.0, 15.0, 30.0)
YEAR = (0.5, 2.0, 7.0, 15.0, 30.0, 90.0, 180.0, 365.0)
AGREED = 1e-4
FINER = StepLaw(scale=0.06)  # half the steps of the finest preset, whose own error in a field is above 1e-4


@pytest.fixture(scope="module")
def document():
    return export_sbml(TREATED)


@pytest.fixture(scope="module")
def read(document):
    return libsbml.readSBMLFromString(document)


@pytest.fixture(scope="module")
def treated_model(document):
    return _loaded(document)


def _loaded(document):
    roadrunner = pytest.importorskip("roadrunner")
    runner = roadrunner.RoadRunner(document)
    cells = range(1, 33)
    runner.timeCourseSelections = ["time", *(f"{name}_{cell}" for name in NAMES for cell in cells), "growth"]
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-7, 1e-10
    return runner


def _fields(runner, days):
    course = np.asarray(runner.simulate(times=[0.0, *days]))[1:]
    return in_order_of_fields(course[:, 1:-1].reshape(len(days), len(NAMES), -1)), course[:, -1]


def _engine(case, days):
    history = tissue_history(case.severity, case.width_mm, days, regimen=case.regimen, law=FINER, precision="double")
    return np.stack([history.fields[name] for name in FIELDS], axis=1), history.visits.growth[0]


def _agree(runner, case, days):
    fields, growth = _fields(runner, days)
    found = solve(case, days, load_parameters())
    for (known_fields, known_growth), agreed in (
        (_engine(case, days), AGREED),
        ((found.fields, found.growth), AGREED),
    ):
        assert field_errors(fields, known_fields).max() < agreed
        assert np.abs(growth / known_growth - 1).max() < agreed


@pytest.mark.slow
def test_the_document_passes_every_consistency_check_without_a_warning(read):
    read.checkConsistency()
    assert [read.getError(number).getMessage() for number in range(read.getNumErrors())] == []


def test_each_field_of_each_cell_and_each_dose_can_be_found_by_name(read):
    model = read.getModel()
    assert all(model.getRateRuleByVariable(f"{name}_{cell}") is not None for name in NAMES for cell in range(1, 33))
    assert sorted(event.getId() for event in model.getListOfEvents()) == [
        "depot_1_given",
        "graft_dose_1",
        "graft_dose_2",
    ]


def test_a_number_carries_its_value_unit_and_source(read):
    parameter = read.getModel().getParameter("leak_closure")
    assert parameter.getValue() == load_parameters().leak_closure
    assert parameter.getUnits() == "per_day"
    assert "B022; B033" in parameter.getNotesString()


def test_the_formulas_give_the_rates_of_the_kinetics_at_any_state():
    generator = np.random.default_rng(5)
    p = load_parameters()
    forcing, site = Forcing(0.7, 0.4, 0.2, 0.01, 0.3, 0.6), Site(0.5, 0.6, 0.4)
    with_symbols = Forcing(*(symbol(name) for name in Forcing._fields[: -len(LEVERS)]))
    formulas = cell_formulas(7, with_symbols, symbolic_parameters())
    for values in generator.uniform(0, 1.5, (20, len(State._fields))):
        state = State(*values.tolist())
        known = forcing._asdict() | p._asdict() | {f"{name}_7": value for name, value in state._asdict().items()}
        known |= {f"{name}_7": value for name, value in site._asdict().items()}
        known |= {"piecewise": _piecewise, "exp": math.exp, **_shapes()}
        for name, formula in formulas.named.items():
            known[name] = eval(formula.replace("^", "**"), known)
        for name, expected in kinetics(state, site, forcing, p)._asdict().items():
            found = [eval(str(part).replace("^", "**"), known) for part in getattr(formulas.rates, name)]
            assert found == pytest.approx(expected, rel=1e-12, abs=1e-300)


def _piecewise(first, condition, otherwise):
    return first if condition else otherwise


def _shapes():
    known = {"piecewise": _piecewise}
    return {
        name: eval(f"lambda {', '.join(arguments)}: {formula}", known)
        for name, (arguments, formula) in shape_definitions().items()
    }


@pytest.mark.slow
def test_another_program_finds_the_same_month_with_cells(treated_model):
    treated_model.resetToOrigin()
    _agree(treated_model, TREATED, MONTH)


@pytest.mark.slow
def test_another_program_finds_the_same_month_without_cells(treated_model):
    treated_model.resetToOrigin()
    for amount in ("graft_dose_1_amount", "graft_dose_2_amount", "depot_1_amount"):
        treated_model[amount] = 0.0
    _agree(treated_model, UNTREATED, MONTH)


@pytest.mark.slow
@pytest.mark.parametrize("case", [TREATED, UNTREATED])
def test_another_program_finds_the_same_year(case):
    _agree(_loaded(export_sbml(case)), case, YEAR)


def test_without_the_library_the_user_is_told_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "libsbml", None)
    with pytest.raises(InputError, match=r"pip install 'cordwise\[sbml\]'"):
        export_sbml(UNTREATED)
