"""The compiled time loop: vector instructions, precision, parameters of each patient, changes, and status."""

import platform
import re
from dataclasses import replace

import numba
import numpy as np
import pytest

from cordwise.cord.batch import run_course
from cordwise.cord.blocks import TISSUE
from cordwise.cord.changes import Action, Change
from cordwise.cord.course import plan_course
from cordwise.cord.engine.compiled import part, scalar
from cordwise.cord.engine.lanes import CELLS
from cordwise.cord.engine.time_loop import make_time_loop
from cordwise.cord.fields import FIELDS
from cordwise.cord.kinetics import Rates, kinetics
from cordwise.cord.parameters import load_parameters
from cordwise.cord.tissue import PatientStatus, simulate_tissue, tissue_history

DAYS = (7.0, 365.0)
SEVERITY, WIDTH = np.linspace(0.2, 1.6, 19), np.linspace(6.0, 20.0, 19)


@pytest.mark.slow  # the time loop in double precision is a second compilation
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


def test_a_lesion_that_runs_along_the_whole_cord_has_the_status_of_a_front():
    wild = load_parameters()._replace(alarmin_per_loss=60.0, alarmin_diffusion=200.0)
    assert (simulate_tissue([1.2, 1.5], [12.0, 20.0], DAYS, parameters=wild).status == PatientStatus.FRONT).all()
    assert (simulate_tissue([1.2, 1.5], [12.0, 20.0], DAYS).status == PatientStatus.SOLVED).all()


@pytest.mark.slow
def test_fine_cells_leave_what_the_stretched_axis_leaves():
    coarse, fine = (simulate_tissue(SEVERITY, WIDTH, DAYS, resolution=each) for each in ("standard", "fine"))
    np.testing.assert_allclose(coarse.spared_share, fine.spared_share, atol=0.03)
    np.testing.assert_allclose(coarse.growth, fine.growth, rtol=0.03)
    np.testing.assert_allclose(coarse.grey_lost_mm, fine.grey_lost_mm, rtol=0.1)
    history = tissue_history(0.8, 12.0, DAYS, resolution="fine")
    assert history.axis_mm.size == 216
    assert all(np.array_equal(values, values[:, ::-1]) for values in history.fields.values())


@scalar
def bare_kinetics(y, site, forcing, p):
    """Return the rates with one term changed: no matrix is made."""
    made = kinetics(y, site, forcing, p)
    return Rates(
        made.alarmin, made.debris, made.neutrophil, made.inflammatory, made.repair, made.microglia, made.leak,
        made.oedema, made.border, made.vessel_damage, made.grey, made.axon, made.graft, made.lost_to_inflammation,
        made.lost_to_ischaemia, made.lost_to_leukocytes, made.node_repair, made.myelin,
        (0.0 * made.matrix[0], made.matrix[1]),
    )  # fmt: skip


@pytest.fixture(scope="module")
def changed_model(tmp_path_factory):
    """Return the model with one term changed, to be compiled anew, so that its instructions can be read."""
    kept, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(tmp_path_factory.mktemp("compiled"))
    yield replace(TISSUE, kinetics=bare_kinetics, digest="one term changed")
    numba.config.CACHE_DIR = kept


@part
def nothing_read(block, at, centres, widths, out, lanes):
    """Leave out what happens at visits only, with an exponential in every cell, which is no vector instruction."""
    out[0, 0] = block[0]


@part
def nothing_shown(block, at, out, lanes):
    out[0, 0, 0] = block[0]


@pytest.mark.slow
def test_a_march_with_another_term_changes_what_depends_on_it_and_nothing_else(changed_model):
    course = plan_course(DAYS, regimen=None, parameters=load_parameters(), plastic_days=None)
    (_, as_it_is), (_, changed) = (
        run_course(course, SEVERITY, WIDTH, whole=True, model=model) for model in (TISSUE, changed_model)
    )
    for number, name in enumerate(FIELDS):
        same = np.allclose(as_it_is[:, :, number], changed[:, :, number], atol=1e-5)
        assert same == (name != "matrix"), name
    assert (changed[:, :, FIELDS.index("matrix")] == 0).all()


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="reads x86 instructions")
def test_one_instruction_works_on_many_patients(changed_model):
    course = plan_course(DAYS, regimen=None, parameters=load_parameters(), plastic_days=None)
    steps_only = replace(changed_model, read=nothing_read, show=nothing_shown, digest="nothing is read")
    run_course(course, SEVERITY, WIDTH, model=steps_only)
    (some,) = [
        cell.cell_contents
        for cell in make_time_loop(steps_only, CELLS // 2).__closure__
        if hasattr(cell.cell_contents, "inspect_asm")
    ]
    (assembly,) = some.inspect_asm().values()
    # The time loop is one function, the steps inlined. Each loop over lanes is there twice: for full vectors, which is
    # what runs, and one by one for what would be left.
    step = max(re.split(r"(?m)^(?=_Z[\w.$]+:)", assembly), key=len)
    for operation in ("add", "sub", "mul", "div", "max", r"fn?m(?:add|sub)\d+"):
        packed, single = (len(re.findall(rf"\bv?{operation}{kind}\b", step)) for kind in ("ps", "ss"))
        assert packed >= 0.9 * single, operation  # a few numbers are alike for all lanes, and taken one by one
    assert len(re.findall("[yz]mm", step)) > 1000
