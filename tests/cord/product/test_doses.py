"""Routes, doses and products, and how much of a dose acts on the cord."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cordwise.cord.forcing import exposure, monocytes_released, rejection
from cordwise.cord.parameters import load_parameters
from cordwise.cord.product import PRODUCTS, Depot, Dose, Regimen, Route, depots, grafts, regimen_faults, translated
from cordwise.cord.product.compartments import settling_share
from cordwise.cord.product.parameters import delivery_parameters
from cordwise.cord.tissue import simulate_tissue, tissue_history

P = load_parameters()
DAYS = np.linspace(0, 40, 161)


def _one(route, day=3.0, cells=1e7, product="allogeneic_msc", translation=1.0):
    return Regimen((Dose(day, cells, route),), product, translation)


def _exposures(depots_given, days):
    """Product in the cord on each day, of all depots."""
    return sum(
        np.array(
            [exposure(max(day - depot.day, 0.0), depot.amount, depot.cell_loss, depot.product_loss) for day in days]
        )
        for depot in depots_given
    )


@pytest.mark.parametrize("losses", [(1.5, 0.7), (0.7, 0.75), (0.6, 0.6)])
def test_the_depot_is_the_solution_of_cells_that_make_product(losses):
    cell_loss, product_loss = losses
    depot = Depot(2.0, 3.0, cell_loss, product_loss)

    def rates(_, amount):
        return [-cell_loss * amount[0], product_loss * (amount[0] - amount[1])]

    exact = solve_ivp(rates, (0, 38), [3.0, 0.0], t_eval=DAYS[DAYS >= 2] - 2, rtol=1e-9, atol=1e-12).y[1]
    assert _exposures([depot], DAYS[DAYS >= 2]) == pytest.approx(exact, abs=1e-7)
    assert (_exposures([depot], DAYS[DAYS < 2]) == 0).all()


def test_each_route_brings_its_share_of_the_cells_to_the_cord():
    shares = {route: grafts(_one(route), P)[0].amount * P.cells_per_dose / 1e7 for route in Route}
    assert shares == pytest.approx(
        {
            Route.INTRALESIONAL: P.arriving_intralesional,
            Route.INTRATHECAL: P.arriving_intrathecal,
            Route.INTRAVENOUS: P.arriving_intravenous,
        }
    )
    assert shares[Route.INTRALESIONAL] > shares[Route.INTRATHECAL] > shares[Route.INTRAVENOUS]


def test_only_cells_given_outside_the_cord_act_from_there():
    assert depots(_one(Route.INTRALESIONAL), P) == ()
    assert [depots(_one(route), P)[0].amount for route in (Route.INTRAVENOUS, Route.INTRATHECAL)] == [
        1e7 / P.cells_per_dose
    ] * 2
    assert depots(None, P) == grafts(None, P) == ()


def test_doses_add_up_wherever_they_are_given():
    day, half = 5.0, Dose(5.0, 1e6, Route.INTRATHECAL)
    split, whole = Regimen((half, half)), Regimen((Dose(day, 2e6, Route.INTRATHECAL),))
    courses = [_exposures(depots(each, P), DAYS) for each in (split, whole)]
    assert courses[0] == pytest.approx(courses[1])
    spared = [simulate_tissue([0.8], [12.0], [90.0], regimen=each).spared_share[0, 0] for each in (split, whole)]
    assert spared[0] == pytest.approx(spared[1], rel=1e-5)


def test_the_translation_scales_the_actions_of_cells_and_nothing_else():
    full = P._replace(**{name: 1.0 for name in P._fields if name.startswith("cell_")})
    weak = translated(full, _one(Route.INTRAVENOUS, translation=0.25))
    changed = {name for name in P._fields if getattr(weak, name) != getattr(full, name)}
    assert changed == {"cell_anti", "cell_trophic", "cell_closure", "cell_push", "cell_nodes"}
    assert {getattr(weak, name) for name in changed} == {0.25}
    assert translated(P, None) == P


def test_only_foreign_cells_are_rejected_and_half_so_on_the_day_of_the_table():
    assert {name for name, product in PRODUCTS.items() if product.foreign} == {"allogeneic_msc", "neural_progenitors"}
    assert not any(rejection(day, 0.0, P) for day in DAYS)
    assert rejection(P.rejection_day, 1.0, P) == pytest.approx(0.5)
    survival = {
        product: tissue_history(
            0.8, 12.0, [7.5, 14.0, 28.0], regimen=_one(Route.INTRALESIONAL, 7.0, product=product)
        ).fields["graft"].sum(axis=1)
        for product in PRODUCTS
        if PRODUCTS[product].living
    }  # fmt: skip
    assert survival["autologous_msc"][-1] > 2 * survival["allogeneic_msc"][-1]
    assert survival["neural_progenitors"] == pytest.approx(survival["allogeneic_msc"])


def test_vesicles_leave_no_cells_and_free_the_product_of_the_same_cells_alive_for_the_days_of_collection():
    delivery, long = delivery_parameters(), np.linspace(3, 60, 20001)
    for route in Route:
        regimen = _one(route, product="msc_vesicles")
        assert grafts(regimen, P) == ()
        (depot,) = depots(regimen, P)
        course = _exposures([depot], long)
        assert np.trapezoid(course, long) == pytest.approx(
            1e7 / P.cells_per_dose * delivery.vesicle_collection_days, rel=1e-3
        )
        assert long[course.argmax()] - 3 < 0.2
    history = tissue_history(0.8, 12.0, [3.0, 30.0], regimen=_one(Route.INTRALESIONAL, product="msc_vesicles"))
    assert (history.fields["graft"] == 0).all()


def test_the_lesion_calls_carried_cells_less_as_it_cools():
    early, late = (settling_share(_one(Route.INTRATHECAL, day).doses[0], P, delivery_parameters()) for day in (7, 42))
    assert early == P.arriving_intrathecal
    assert 0 < late < early / 5
    each = P._replace(clock=np.array([1.0, 1.5, 3.0]))
    by_patient = grafts(_one(Route.INTRATHECAL, 42), each)[0].amount
    assert by_patient.shape == (3,)
    assert (np.diff(by_patient) > 0).all()
    placed = [settling_share(_one(Route.INTRALESIONAL, day).doses[0], P, delivery_parameters()) for day in (7, 42)]
    assert placed[0] == placed[1]


def test_monocytes_are_released_with_a_delay_and_at_last_fully():
    share = np.array([monocytes_released(day, P) for day in DAYS])
    assert share[0] == 0
    assert (np.diff(share) > 0).all()
    assert share[-1] == pytest.approx(1, abs=1e-5)


def test_the_graft_appears_on_its_day_and_not_before():
    history = tissue_history(0.7, 12.0, [2.9, 3.0, 3.01, 60.0], regimen=_one(Route.INTRALESIONAL))
    graft = history.fields["graft"].sum(axis=1)
    assert graft[0] == graft[1] == 0
    assert graft[2] > graft[3] > 0


def test_a_sound_regimen_has_no_faults():
    assert list(regimen_faults(_one(Route.INTRAVENOUS))) == []
    assert list(regimen_faults(None)) == []
