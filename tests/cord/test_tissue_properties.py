"""What holds for every patient: positive fields, results free of company, terms that stay in their place."""

from dataclasses import fields as fields_of

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.cord.batch import run_course
from cordwise.cord.course import plan_course
from cordwise.cord.fields import FIELDS, SHARES
from cordwise.cord.parameters import load_parameters
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.cord.tissue import TissueVisits, simulate_tissue, tissue_history

DAYS = (0.5, 7.0, 30.0, 120.0)
REGIMEN = Regimen((Dose(2.0, 3e6, Route.INTRALESIONAL), Dose(9.0, 2e7, Route.INTRAVENOUS)), "autologous_msc", 0.6)
RANDOM = np.random.default_rng(11)
SEVERITY, WIDTH = RANDOM.uniform(0, 2, 37), RANDOM.uniform(5, 30, 37)


def _arrays(visits: TissueVisits):
    return [getattr(visits, field.name) for field in fields_of(visits) if field.name != "days"]


def _same(first, second):
    return all(np.array_equal(a, b) for a, b in zip(_arrays(first), _arrays(second), strict=True))


@settings(max_examples=12, deadline=None)
@given(
    severity=st.floats(0, 2),
    width=st.floats(1, 60),
    day=st.floats(0, 60),
    cells=st.floats(0, 1e10),
    route=st.sampled_from(Route),
)
def test_fields_stay_positive_and_shares_within_one(severity, width, day, cells, route):
    history = tissue_history(severity, width, DAYS, regimen=Regimen((Dose(day, cells, route),)))
    assert all((values >= 0).all() for values in history.fields.values())
    for share in sorted(SHARES):
        assert (history.fields[share] <= 1 + 1e-5).all()  # the scheme may pass 1 by its own error
    p = load_parameters()
    macrophages = history.fields["inflammatory_macrophage"] + history.fields["repair_macrophage"]
    assert macrophages.max() <= p.crowding


def test_a_diffusing_signal_without_source_or_loss_keeps_its_amount():
    quiet = dict.fromkeys(("alarmin_loss", "alarmin_per_loss", "grey_alarmin_hazard", "axon_cytokine_hazard"), 0.0)
    history = tissue_history(0.9, 12.0, [0.01, 1.0, 30.0, 200.0], parameters=load_parameters()._replace(**quiet),
        precision="double",
    )  # fmt: skip
    amount = history.fields["alarmin"] @ history.widths_mm
    assert amount == pytest.approx(amount[0], rel=1e-11)
    assert np.ptp(history.fields["alarmin"][-1]) < np.ptp(history.fields["alarmin"][0])


def test_a_patient_is_the_same_bit_for_bit_in_any_batch_and_order():
    whole = simulate_tissue(SEVERITY, WIDTH, DAYS, regimen=REGIMEN)
    order = RANDOM.permutation(SEVERITY.size)
    shuffled = simulate_tissue(SEVERITY[order], WIDTH[order], DAYS, regimen=REGIMEN)
    alone = simulate_tissue(SEVERITY[20:21], WIDTH[20:21], DAYS, regimen=REGIMEN)
    assert np.array_equal(whole.spared_share[order], shuffled.spared_share)
    assert np.array_equal(whole.growth[order], shuffled.growth)
    assert np.array_equal(whole.grey_lost_mm[20:21], alone.grey_lost_mm)
    assert np.array_equal(whole.growth[20:21], alone.growth)


def test_the_number_of_threads_changes_nothing():
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(numba.config.NUMBA_NUM_THREADS)
        several = simulate_tissue(SEVERITY, WIDTH, DAYS, regimen=REGIMEN)
        numba.set_num_threads(1)
        one = simulate_tissue(SEVERITY, WIDTH, DAYS, regimen=REGIMEN)
    finally:
        numba.set_num_threads(before)
    assert _same(several, one)


def test_a_regimen_without_doses_is_no_regimen_bit_for_bit():
    assert _same(
        simulate_tissue(SEVERITY, WIDTH, DAYS, regimen=Regimen((), "allogeneic_msc", 0.7)),
        simulate_tissue(SEVERITY, WIDTH, DAYS),
    )


def test_cells_whose_effect_does_not_carry_over_change_nothing_but_the_graft():
    idle = Regimen(REGIMEN.doses, REGIMEN.product, translation=0.0)
    p = load_parameters()
    with_cells = plan_course(DAYS, regimen=idle, parameters=p, plastic_days=None)
    without = plan_course(DAYS, regimen=None, parameters=p, plastic_days=None, restarts=idle.days)
    (out, fields), (out_without, fields_without) = (
        run_course(course, SEVERITY, WIDTH, whole=True) for course in (with_cells, without)
    )
    np.testing.assert_allclose(out, out_without, rtol=1e-5, atol=1e-6)
    changed = [
        name for k, name in enumerate(FIELDS) if not np.allclose(fields[:, :, k], fields_without[:, :, k], atol=1e-5)
    ]
    assert changed == ["graft"]


def test_visits_a_rounding_error_apart_are_one_visit_and_disturb_nobody():
    twice = simulate_tissue(SEVERITY, WIDTH, [2.5, np.nextafter(2.5, 3), 60.0], regimen=REGIMEN)
    once = simulate_tissue(SEVERITY, WIDTH, [2.5, 60.0], regimen=REGIMEN)
    assert np.array_equal(twice.spared_share[:, :2], once.spared_share[:, [0, 0]])
    assert np.array_equal(twice.growth[:, 2], once.growth[:, 1])
    near_dose = simulate_tissue(SEVERITY, WIDTH, [np.nextafter(2.0, 0), 60.0], regimen=REGIMEN)
    on_dose = simulate_tissue(SEVERITY, WIDTH, [2.0, 60.0], regimen=REGIMEN)
    assert _same(near_dose, on_dose)


def test_a_visit_costs_no_accuracy_however_close_it_is_to_another():
    plain = simulate_tissue(SEVERITY, WIDTH, [0.5, 120.0])
    for apart in (1e-2, 1e-3, 1e-4, 2e-5, 1e-6):
        close = simulate_tissue(SEVERITY, WIDTH, [0.5, 0.5 + apart, 120.0])
        np.testing.assert_allclose(close.spared_share[:, 2], plain.spared_share[:, 1], atol=1e-5)
        np.testing.assert_allclose(close.growth[:, 2], plain.growth[:, 1], rtol=1e-4)


@pytest.mark.parametrize("resolution", ["standard", pytest.param("fine", marks=pytest.mark.slow)])
def test_no_injury_and_lesions_of_extreme_width_have_finite_solutions(resolution):
    severity, width = np.array([0.0, 0.0, 0.0, 1.0, 2.0]), np.array([5.0, 1e-6, 1e6, 1e-30, 500.0])
    found = simulate_tissue(severity, width, DAYS, resolution=resolution)
    assert all(np.isfinite(values).all() for values in _arrays(found))
    assert (found.spared_share[:3] == 1).all()
    assert (found.grey_lost_mm[:3] == 0).all()


def test_more_severe_and_earlier_treated_patients_differ_as_they_should():
    severity = np.linspace(0.1, 1.5, 10)
    width = np.full(10, 12.0)
    spared = simulate_tissue(severity, width, [365.0]).spared_share[:, 0]
    assert (np.diff(spared) < 0).all()
    gains = [
        simulate_tissue([0.7], [12.0], [365.0], regimen=Regimen((Dose(day, 5e6, Route.INTRALESIONAL),))).spared_share
        for day in (0.2, 1.0, 7.0, 28.0)
    ]
    assert (np.diff(np.ravel(gains)) < 0).all()
    assert np.ravel(gains)[-1] > simulate_tissue([0.7], [12.0], [365.0]).spared_share[0, 0]


@pytest.mark.parametrize(
    ("parameter", "may_change"),
    [
        ("matrix_growth", {"matrix"}),
        ("remyelination", {"myelin"}),
        ("myelin_cytokine_hazard", {"myelin"}),
        ("graft_rejection", {"graft"}),
        ("cell_trophic", set()),
        ("growth_ceiling", set()),
        ("conduction_myelin_share", set()),
        ("neutrophil_loss", None),
    ],
)
def test_a_term_changes_only_what_depends_on_it(parameter, may_change):
    p = load_parameters()
    changed = p._replace(**{parameter: 1.3 * getattr(p, parameter)})
    regimen = None
    if parameter == "graft_rejection":  # foreign cells without any effect: only their number can change
        regimen = Regimen((Dose(3.0, 3e6, Route.INTRALESIONAL),), "allogeneic_msc", translation=0.0)
    before, after = (tissue_history(0.8, 12.0, DAYS, regimen=regimen, parameters=each) for each in (p, changed))
    different = {name for name in FIELDS if not np.array_equal(before.fields[name], after.fields[name])}
    if (
        may_change is None
    ):  # feeds the cytokine mix, and so everything but vessels, which heal by themselves, and no graft
        assert different == set(FIELDS) - {"graft", "vessel_damage"}
    else:
        assert different == may_change


def test_a_patient_that_cannot_be_solved_is_marked_and_does_not_disturb_the_others():
    p = load_parameters()._replace(impact_alarmin=1e30)
    visits = simulate_tissue([0.0, 0.8], [10.0, 10.0], DAYS, parameters=p)
    assert visits.solved.tolist() == [True, False]
    assert np.isfinite(visits.spared_share[0]).all()
