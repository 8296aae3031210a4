"""The self-check: what it says of the steps of a batch, against what finer steps show."""

import numpy as np
import pytest

from cordwise.cord.course import plan_course
from cordwise.cord.parameters import load_parameters
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.cord.self_check import CHECKED, READOUTS, numerics, population_step_errors, relative_error, step_error
from cordwise.cord.tissue import PatientStatus, simulate_tissue

DAYS = (1.0, 7.0, 28.0, 180.0)
REGIMEN = Regimen((Dose(3.0, 2e7, Route.INTRATHECAL),), "autologous_msc", 0.6)
SEVERITY, WIDTH = np.linspace(0.05, 1.9, 90), np.linspace(6.0, 25.0, 90)


def _checked(preset, parameters=None):
    course = plan_course(
        DAYS, regimen=REGIMEN, parameters=parameters or load_parameters(), plastic_days=None, preset=preset,
        patients=SEVERITY.size,
    )  # fmt: skip
    return step_error(course, SEVERITY, WIDTH)


@pytest.mark.parametrize("preset", ["fast", "standard"])
def test_the_estimated_error_is_the_error_against_a_converged_solution(preset):
    def found(how):
        visits = simulate_tissue(SEVERITY[:CHECKED], WIDTH[:CHECKED], [0.01, *DAYS], regimen=REGIMEN, preset=how,
                                 precision="double")  # fmt: skip
        return np.stack([getattr(visits, name) for name in READOUTS], axis=1)

    true = relative_error(found(preset), found("reference"), -1)[..., 1:]
    estimated = numerics([_checked(preset)])
    assert estimated.error_p99 == pytest.approx(np.quantile(true, 0.99), rel=0.35)
    assert estimated.error_max == pytest.approx(true.max(), rel=0.35)


def test_finer_steps_have_smaller_errors_and_64_patients_are_checked():
    fast, standard, fine = (numerics([_checked(preset)]) for preset in ("fast", "standard", "fine"))
    assert fast.error_p99 > 2 * standard.error_p99 > 4 * fine.error_p99
    assert fast.steps < standard.steps < fine.steps
    assert standard.simulations_checked == CHECKED
    assert standard.status == {"solved": CHECKED, "not_finite": 0, "front": 0}
    assert standard.preset == "standard"
    assert f"within {100 * standard.error_p99:.2g} % in 99 of 100" in standard.words


def test_patients_without_a_credible_solution_are_counted_and_have_no_error():
    wild = np.where(SEVERITY > 1, 1e30, 1.5)
    checked = _checked("standard", load_parameters()._replace(impact_alarmin=wild))
    finite = int((SEVERITY[:CHECKED] <= 1).sum())
    found = numerics([checked])
    assert found.status["not_finite"] == CHECKED - finite
    assert checked.errors.shape[0] == finite
    assert np.isfinite(found.error_max)
    nobody = numerics([_checked("standard", load_parameters()._replace(impact_alarmin=1e30))])
    assert nobody.error_p99 is None
    assert "not known" in nobody.words


def test_the_population_is_solved_to_a_thousandth_and_the_status_given_is_that_of_all():
    found = population_step_errors([None, REGIMEN])
    everybody = numerics(found, np.array([PatientStatus.SOLVED] * 3 + [PatientStatus.FRONT], np.int8))
    assert everybody.simulations_checked == 2 * CHECKED
    assert everybody.status == {"solved": 3, "not_finite": 0, "front": 1}
    assert everybody.error_p99 <= 1e-3
