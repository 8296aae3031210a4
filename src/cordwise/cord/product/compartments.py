"""How much of each dose reaches the cord, as cells that settle there and as product from outside.

Where a tissue parameter is one number a patient, so is the amount; the annotations name the common case.
"""

from dataclasses import dataclass

import numpy as np

from cordwise.cord.parameters import TissueParameters
from cordwise.cord.product.doses import Dose, Regimen, Route
from cordwise.cord.product.parameters import DeliveryParameters, delivery_parameters
from cordwise.cord.product.products import PRODUCTS


@dataclass(frozen=True, slots=True)
class Graft:
    """Cells that settle in the cord: day, effective doses at the centre, standard deviation along the cord."""

    day: float
    amount: float
    sd_mm: float


@dataclass(frozen=True, slots=True)
class Depot:
    """Cells outside the cord whose product reaches it: day, effective doses, loss of cells and of product (1/d).

    They die at one rate, make product while they live, and the product is lost in turn (`forcing.exposure`).
    """

    day: float
    amount: float
    cell_loss: float
    product_loss: float


def homing(day: float, p: TissueParameters, delivery: DeliveryParameters) -> float:
    """Return how strongly the lesion calls carried cells on a day, 1 in the first week, fading as it cools.

    One number a patient where the clock is the patient's own.
    """
    late = np.maximum(day / p.clock - delivery.homing_until, 0.0)
    return np.exp(-late / delivery.homing_days)


def settling_share(dose: Dose, p: TissueParameters, delivery: DeliveryParameters) -> float:
    """Return the share of a dose of living cells that settles in the cord; only carried cells have to be called."""
    match Route(dose.route):
        case Route.INTRALESIONAL:
            return p.arriving_intralesional
        case Route.INTRATHECAL:
            return p.arriving_intrathecal * homing(dose.day, p, delivery)
        case Route.INTRAVENOUS:
            return p.arriving_intravenous * homing(dose.day, p, delivery)


def grafts(regimen: Regimen | None, p: TissueParameters) -> tuple[Graft, ...]:
    """Return the cells of each dose that settle in the cord."""
    if regimen is None or not PRODUCTS[regimen.product].living:
        return ()
    delivery = delivery_parameters()
    return tuple(
        Graft(dose.day, dose.cells / p.cells_per_dose * settling_share(dose, p, delivery), _spread(dose, p))
        for dose in regimen.doses
    )


def _spread(dose: Dose, p: TissueParameters) -> float:
    is_injected = Route(dose.route) == Route.INTRALESIONAL
    return p.graft_sd_injected if is_injected else p.graft_sd_carried * p.length_scale


def depots(regimen: Regimen | None, p: TissueParameters) -> tuple[Depot, ...]:
    """Return the doses that act from outside the cord: living cells in blood or fluid, vesicles by any route."""
    if regimen is None:
        return ()
    if not PRODUCTS[regimen.product].living:
        return tuple(_vesicle_depot(dose, p, delivery_parameters()) for dose in regimen.doses)
    losses = _losses(p)
    return tuple(
        Depot(dose.day, dose.cells / p.cells_per_dose, *losses[Route(dose.route)])
        for dose in regimen.doses
        if Route(dose.route) != Route.INTRALESIONAL
    )


def _losses(p: TissueParameters) -> dict[Route, tuple[float, float]]:
    fluid = (p.intrathecal_cell_loss, p.intrathecal_product_loss)
    return {
        Route.INTRAVENOUS: (p.intravenous_cell_loss, p.intravenous_product_loss),
        Route.INTRATHECAL: fluid,
        Route.INTRALESIONAL: fluid,  # product set free in the cord drains as in the fluid around it
    }


def _vesicle_depot(dose: Dose, p: TissueParameters, delivery: DeliveryParameters) -> Depot:
    """Return vesicles as cells that empty within the hour.

    A dose holds what its cells secrete in the collection time, so that the product it sets free in all is that of the
    same cells alive for as long; by vein and into the fluid none of it is lost on the way that a cell's product is not.
    """
    worth = dose.cells / p.cells_per_dose * delivery.vesicle_collection_days
    return Depot(dose.day, worth * delivery.vesicle_loss, delivery.vesicle_loss, _losses(p)[Route(dose.route)][1])
