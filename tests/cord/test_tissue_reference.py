"""The compiled tissue model against LSODA on plain NumPy equations, and its order of convergence."""

import numpy as np
import pytest

from cordwise.cord.batch import run_course
from cordwise.cord.course import plan_course
from cordwise.cord.engine.step_grid import StepLaw
from cordwise.cord.fields import FIELDS
from cordwise.cord.parameters import load_parameters
from cordwise.cord.product import Dose, Regimen, Route, depots, grafts
from cordwise.cord.tissue import visits_of
from reference import tissue_lsoda

DAYS = (0.25, 1.0, 3.0, 7.0, 14.0, 28.0, 90.0, 365.0)
BOTH_WAYS = Regimen((Dose(3.0, 2.5e6, Route.INTRALESIONAL), Dose(14.0, 1.25e6, Route.INTRAVENOUS)), "allogeneic_msc")
AUTOLOGOUS = Regimen((Dose(7.0, 2.5e6, Route.INTRATHECAL),), "autologous_msc", translation=0.5)
CASES = (
    ("human", 0.9, 14.0, None),
    ("human", 0.7, 13.0, BOTH_WAYS),
    ("human", 0.35, 7.0, AUTOLOGOUS),
    ("rodent", 0.9, 14.0 / 6, None),
)


@pytest.fixture(scope="module")
def references():
    return [_reference(*case) for case in CASES]


def _reference(species, severity, width, regimen):
    course = plan_course(DAYS, regimen=regimen, parameters=load_parameters(species), plastic_days=None)
    return tissue_lsoda.solve(
        severity,
        width,
        DAYS,
        course.parameters,
        course.axis.centres,
        course.axis.widths,
        grafts=[(graft.day, graft.amount, graft.sd_mm) for graft in grafts(regimen, course.parameters)],
        depots=[(d.day, d.amount, d.cell_loss, d.product_loss) for d in depots(regimen, course.parameters)],
        foreign=1.0 if regimen is BOTH_WAYS else 0.0,
    )


def _errors(case, reference, law=None):
    """Return the error of every field, place and day, relative to its size or 5% of the field's peak."""
    species, severity, width, regimen = case
    course = plan_course(DAYS, regimen=regimen, parameters=load_parameters(species), plastic_days=None, law=law,
                         precision="double")  # fmt: skip
    _, fields = run_course(course, np.array([severity]), np.array([width]), whole=True)
    peak = np.abs(reference).max(axis=(0, 2), keepdims=True)
    return np.abs(fields[0][:, : len(FIELDS)] - reference) / np.maximum(
        np.abs(reference), 0.05 * np.maximum(peak, 1e-9)
    )


def test_the_compiled_fields_agree_with_lsoda_at_the_default_steps(references):
    errors = np.array([_errors(case, reference) for case, reference in zip(CASES, references, strict=True)])
    assert np.quantile(errors, 0.99) <= 1e-3
    assert errors.max() < 1e-2


def test_halving_the_steps_divides_the_error_by_about_four(references):
    coarse, middle, fine = (
        np.sqrt(np.mean([_errors(c, r, StepLaw(scale=s)) ** 2 for c, r in zip(CASES, references, strict=True)]))
        for s in (1.0, 0.5, 0.25)
    )
    assert 1.6 < np.log2(coarse / middle) < 2.4
    assert 1.6 < np.log2(middle / fine) < 2.4


def test_the_reference_itself_does_not_depend_on_its_tolerance():
    _, severity, width, regimen = CASES[0]
    course = plan_course(DAYS, regimen=regimen, parameters=load_parameters(), plastic_days=None)
    loose, tight = (
        tissue_lsoda.solve(severity, width, (1.0, 14.0), course.parameters, *_axis(course), rtol=rtol)
        for rtol in (1e-7, 1e-9)
    )
    assert np.abs(loose - tight).max() < 1e-5


def _axis(course):
    return course.axis.centres, course.axis.widths


def test_plastic_growth_is_the_integral_of_its_rate_over_the_fields_of_lsoda():
    days = np.concatenate([np.linspace(0.02, 3.0, 60), np.geomspace(3.1, 180.0, 120)])
    course = plan_course(days, regimen=None, parameters=load_parameters(), plastic_days=None)
    p, axis = course.parameters, course.axis
    fields = tissue_lsoda.solve(0.8, 12.0, tuple(days), p, axis.centres, axis.widths)
    edge = 12.0 * np.sqrt(2 * np.log(1 / p.lesion_edge_share))
    covered = np.clip(edge - (np.abs(axis.centres) - axis.widths / 2), 0, axis.widths)
    matrix = fields[:, tissue_lsoda.NAMES.index("X")] @ covered / covered.sum()
    rate = p.growth_ceiling / p.plastic_days * np.exp(-days / p.plastic_days) / (1 + matrix / p.growth_matrix_half)
    expected = np.trapezoid(rate, days) + days[0] * p.growth_ceiling / p.plastic_days
    out, _ = run_course(course, np.array([0.8]), np.array([12.0]))
    assert visits_of(course, out).growth[0, -1] == pytest.approx(expected, rel=2e-3)
