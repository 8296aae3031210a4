"""The reference solvers by which the engine is judged: each against another way to the same answer."""

import numpy as np
import pytest

from cordwise.base.errors import ModelError
from cordwise.base.randomness import Streams
from cordwise.cord.course import Precision
from cordwise.cord.engine.axis import mirrored
from cordwise.cord.engine.step_grid import Preset, law_of
from cordwise.cord.equations import SolverCase, field_name, on_half_the_axis, setting_of
from cordwise.cord.fields import FIELDS
from cordwise.cord.forcing import Forcing
from cordwise.cord.injury import axons_at_risk
from cordwise.cord.kinetics import Rates, Site, State, kinetics
from cordwise.cord.parameters import load_parameters
from cordwise.cord.plain_arithmetic import plain
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.cord.verification import peers, speed
from cordwise.cord.verification.accuracy import solve_all
from cordwise.cord.verification.comparison import field_errors, quantity_errors, summary
from cordwise.cord.verification.engine_runs import Run, engine_quantities
from cordwise.cord.verification.lsoda import solve, solve_in
from cordwise.cord.verification.patients import REGIMENS, varied_groups
from cordwise.cord.verification.result import MissingPeer
from reference import tissue_lsoda

DAYS = (0.5, 2.0, 7.0, 30.0)
CELLS = Regimen((Dose(3.0, 2.5e6, Route.INTRALESIONAL), Dose(5.0, 1e8, Route.INTRAVENOUS)), "allogeneic_msc")


@pytest.mark.parametrize("regimen", [None, CELLS])
def test_the_compiled_equations_agree_with_those_written_apart(regimen):
    setting = setting_of(regimen, load_parameters())
    found = solve_in(setting, SolverCase(0.7, 13.0, regimen), DAYS, rtol=1e-8)
    twin = tissue_lsoda.solve(
        0.7,
        13.0,
        DAYS,
        setting.parameters,
        setting.axis.centres,
        setting.axis.widths,
        grafts=[(graft.day, graft.amount, graft.sd_mm) for graft in setting.grafts],
        depots=[(each.day, each.amount, each.cell_loss, each.product_loss) for each in setting.depots],
        foreign=float(setting.foreign),
    )
    assert field_errors(found.fields, twin).max() < 1e-5


def test_half_the_axis_is_enough_for_a_lesion_that_is_the_same_on_both_sides():
    setting, case = setting_of(CELLS, load_parameters()), SolverCase(0.9, 14.0, CELLS)
    whole = solve_in(setting, case, DAYS, rtol=1e-9)
    half = solve_in(on_half_the_axis(setting), case, DAYS, rtol=1e-9)
    assert field_errors(mirrored(half.fields), whole.fields).max() < 1e-6
    assert half.growth == pytest.approx(whole.growth, rel=1e-6)


def test_what_is_read_out_of_the_reference_is_what_the_engine_reads_out():
    groups = varied_groups(4, Streams(3))
    engine = [
        found for group in groups for found in engine_quantities(group, Run(law_of(Preset.FINE), Precision.DOUBLE))
    ]
    known = [quantities for reference in solve_all(groups, rtol=1e-8) for quantities in reference.quantities]
    for found, reference in zip(engine, known, strict=True):
        assert max(error.max() for error in quantity_errors(found, reference).values()) < 2e-3


def test_the_patients_of_a_comparison_are_spread_over_all_products_and_depend_on_the_seed_only():
    groups = varied_groups(40, Streams(3))
    assert [group.regimen for group in groups] == list(REGIMENS)
    assert [len(group) for group in groups] == [10] * len(REGIMENS)
    assert all(group.severity.min() < 0.8 and group.severity.max() > 1.2 for group in groups)
    again = varied_groups(8, Streams(3))
    assert all(np.array_equal(few.severity, many.severity[:2]) for few, many in zip(again, groups, strict=True))


def test_an_error_below_the_floor_is_measured_against_five_per_cent_of_the_peak():
    reference = {"growth": np.array([0.0, 0.5, 2.0])}
    found = {"growth": np.array([0.01, 0.5, 2.2])}
    assert quantity_errors(found, reference)["growth"] == pytest.approx([0.1, 0.0, 0.1])
    assert summary([np.arange(101.0)]).error_p99 == pytest.approx(99.0)


def test_a_plain_function_runs_on_arrays_when_told_how_to_compare_them():
    p = load_parameters()
    injuries = np.array([0.0, 0.3, 1.0, 2.0])
    on_arrays = plain(axons_at_risk, replaced={"min": np.minimum})
    assert on_arrays(injuries, p) == pytest.approx([axons_at_risk(injury, p) for injury in injuries])
    state = State(*np.linspace(0.1, 1.0, len(State._fields)))
    forcing, site = Forcing(0.5, 0.1, 0.2, 0.01, 0.3, 0.6), Site(0.5, 0.6, 0.3)
    assert plain(kinetics)(state, site, forcing, p) == kinetics(state, site, forcing, p)


def test_every_field_of_the_kinetics_has_one_full_name():
    assert field_name("repair") == "repair_macrophage"
    assert sorted(map(field_name, Rates._fields)) == sorted(FIELDS)


def test_an_equation_without_a_finite_solution_is_an_error_and_no_warning():
    broken = load_parameters()._replace(alarmin_per_loss=float("1e300"))
    with pytest.raises(ModelError, match="LSODA found no solution"):
        solve(SolverCase(0.9, 14.0), (1.0,), broken, rtol=1e-6)


def test_a_peer_is_timed_at_the_loosest_tolerance_that_is_exact_enough():
    known = solve_all(varied_groups(1, Streams(1)), rtol=1e-9)
    found = speed._peer("scipy_lsoda_half_axis", known, 1000.0)
    assert found.error_p99 <= speed.EQUAL_ACCURACY_P99
    assert found.ratio == pytest.approx(1000.0 / found.patients_per_second)
    looser = speed.TOLERANCES[: speed.TOLERANCES.index(found.rtol)]
    solver = [peers.prepared_lsoda_on_half(known[0].group)]
    assert all(speed._timed(solver, known, rtol)[1].error_p99 > speed.EQUAL_ACCURACY_P99 for rtol in looser)


def test_a_peer_that_is_not_installed_is_reported_and_does_not_fail(monkeypatch):
    monkeypatch.setattr(peers, "find_spec", lambda package: None if package == "roadrunner" else package)
    assert speed._peer("libroadrunner", (), 1.0) == MissingPeer(missing=("roadrunner",))
