"""The compiled march: vector instructions, precision, parameters of each patient, changes, and status."""

import numpy as np
import pytest

from cordwise.cord.changes import Action, Change
from cordwise.cord.parameters import load_parameters
from cordwise.cord.tissue import PatientStatus, simulate_tissue, tissue_history

DAYS = (7.0, 365.0)
SEVERITY, WIDTH = np.linspace(0.2, 1.6, 19), np.linspace(6.0, 20.0, 19)


def test_single_and_double_precision_agree():
    single, double = (simulate_tissue(SEVERITY, WIDTH, DAYS, precision=each) for each in ("single", "double"))
    np.testing.assert_allclose(single.spared_share, double.spared_share, atol=2e-5)
    np.testing.assert_allclose(single.growth, double.growth, rtol=2e-5)


def test_parameters_of_each_patient_are_those_of_a_simulation_with_them():
    clock = np.linspace(1.0, 3.0, 19)
    together = simulate_tissue(SEVERITY, WIDTH, DAYS, parameters=load_parameters()._replace(clock=clock))
    alone = simulate_tissue(
        SEVERITY[11:12], WIDTH[11:12], DAYS, parameters=load_parameters()._replace(clock=float(clock[11]))
    )
    assert np.array_equal(together.spared_share[11:12], alone.spared_share)


def test_a_field_is_depleted_on_its_day_and_made_less_while_the_change_lasts():
    depleted = Change("neutrophil", Action.DEPLETE, 0.9, 1.0, 5.0)
    before, after = (tissue_history(0.8, 12.0, [1.0, 1.001, 3.0], changes=each).fields["neutrophil"].max(axis=1)
                     for each in ((), (depleted,)))  # fmt: skip
    assert after[0] == pytest.approx(before[0], rel=1e-2)
    assert after[1] == pytest.approx(0.1 * before[1], rel=0.05)
    assert after[2] < 0.2 * before[2]


def test_a_patient_without_a_finite_solution_has_that_status():
    wild = load_parameters()._replace(impact_alarmin=np.where(SEVERITY > 1, 1e30, 1.5))
    status = simulate_tissue(SEVERITY, WIDTH, DAYS, parameters=wild).status
    assert (status[SEVERITY <= 1] == PatientStatus.SOLVED).all()
    assert (status[SEVERITY > 1] == PatientStatus.NOT_FINITE).all()
