"""The ledger of cells: what was given is alive somewhere, lost somewhere, or has settled in the cord."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from cordwise.cord.forcing import exposure
from cordwise.cord.parameters import load_parameters
from cordwise.cord.product import PLACES, Dose, Regimen, Route, biodistribution, depots
from cordwise.cord.product.compartments import settling_share
from cordwise.cord.product.parameters import delivery_parameters
from cordwise.cord.tissue import tissue_history

P = load_parameters()
DAYS = np.linspace(0, 60, 241)
some_doses = st.lists(
    st.builds(Dose, st.floats(0, 50), st.floats(0, 1e9), st.sampled_from(Route)), min_size=1, max_size=4
).map(tuple)


def _share(ledger, place):
    return ledger.alive[:, PLACES.index(place)] / ledger.given[-1]


@given(some_doses)
@settings(max_examples=40, deadline=None)
def test_every_cell_given_is_alive_or_lost_or_settled(doses):
    ledger = biodistribution(Regimen(doses), P, DAYS)
    accounted = ledger.alive.sum(axis=1) + ledger.lost.sum(axis=1) + ledger.settled
    assert accounted == pytest.approx(ledger.given, rel=1e-12)
    assert ledger.given[-1] == pytest.approx(sum(dose.cells for dose in doses if dose.day <= DAYS[-1]))
    assert (ledger.alive >= 0).all()
    assert (np.diff(ledger.lost, axis=0) >= -1e-6).all()


def test_the_ledger_of_a_dose_by_vein_is_the_solution_of_its_rates():
    dose, delivery = Dose(0.0, 1.0, Route.INTRAVENOUS), delivery_parameters()
    settles, leaves = settling_share(dose, P, delivery), np.log(2) / delivery.blood_half_life
    to_lungs = (1 - settles) * delivery.lung_first_pass

    def rates(_, y):
        blood, lungs, organs = y[:3]
        out = leaves * blood
        trapped = P.intravenous_cell_loss
        return [
            -out,
            to_lungs * out - trapped * lungs,
            (1 - settles - to_lungs) * out - trapped * organs,
            settles * out,
        ]

    times = np.array([0.005, 0.02, 0.1, 1.0, 4.0])
    exact = solve_ivp(rates, (0, 4), [1.0, 0, 0, 0], t_eval=times, method="LSODA", rtol=1e-10, atol=1e-14).y
    ledger = biodistribution(Regimen((dose,)), P, times)
    assert pytest.approx(exact[:3], abs=1e-8) == ledger.alive[:, :3].T
    assert ledger.settled == pytest.approx(exact[3], abs=1e-10)


def test_cells_given_by_vein_are_in_the_lungs_within_the_hour_and_gone_within_days():
    hour, day, week = 1 / 24, 1.0, 7.0
    ledger = biodistribution(Regimen((Dose(0.0, 1e8, Route.INTRAVENOUS),)), P, np.array([hour, day, week]))
    assert _share(ledger, "lungs")[0] > 0.7
    assert _share(ledger, "blood")[0] < 0.1
    assert _share(ledger, "lungs")[1] == pytest.approx(_share(ledger, "lungs")[0] * np.exp(-1.5 * 23 / 24), rel=0.1)
    assert ledger.alive[2].sum() < 1e-4 * 1e8


@pytest.mark.parametrize("route", [Route.INTRAVENOUS, Route.INTRATHECAL])
def test_the_depot_of_the_tissue_model_is_the_ledger_with_blood_emptied_at_once(route):
    regimen = Regimen((Dose(2.0, 1e7, route),))
    days = np.linspace(2, 30, 5601)
    (depot,) = depots(regimen, P)
    living = biodistribution(regimen, P, days).alive.sum(axis=1) / P.cells_per_dose
    step, loss = days[1] - days[0], depot.product_loss
    exact = np.zeros_like(days)
    for now in range(1, days.size):  # product made by all living cells outside the cord, lost at its rate
        made = loss * (living[now - 1] + living[now]) / 2
        exact[now] = exact[now - 1] * np.exp(-loss * step) + made * -np.expm1(-loss * step) / loss
    taken = np.array([exposure(day - depot.day, depot.amount, depot.cell_loss, loss) for day in days])
    assert exact == pytest.approx(taken, abs=0.03 * taken.max())


def test_settled_cells_die_faster_in_hot_tissue_and_when_they_are_foreign():
    def survival(day, product):
        regimen = Regimen((Dose(day, 1e6, Route.INTRALESIONAL),), product)
        graft = tissue_history(0.8, 12.0, [day + 0.05, day + 7], regimen=regimen).fields["graft"].sum(axis=1)
        return graft[1] / graft[0]

    assert survival(3.0, "autologous_msc") < survival(60.0, "autologous_msc")
    assert survival(14.0, "allogeneic_msc") < survival(14.0, "autologous_msc")


def test_vesicles_hold_no_cells_to_follow():
    ledger = biodistribution(Regimen((Dose(1.0, 1e8, Route.INTRAVENOUS),), "msc_vesicles"), P, DAYS)
    assert not ledger.given.any()
    assert not ledger.alive.any()
