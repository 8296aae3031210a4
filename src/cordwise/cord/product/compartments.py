"""How much of each dose reaches the cord, as cells that settle there and as product from outside."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.parameters import TissueParameters
from cordwise.cord.product.doses import Regimen, Route


@dataclass(frozen=True, slots=True)
class Graft:
    """Cells that settle in the cord: day, effective doses at the centre, standard deviation along the cord."""

    day: float
    amount: float
    sd_mm: float


@dataclass(frozen=True, slots=True)
class Depot:
    """Cells outside the cord whose product reaches it: day, effective doses, loss of cells and of product (1/d)."""

    day: float
    amount: float
    cell_loss: float
    product_loss: float

    def exposure(self, days: Float[ndarray, "*time"]) -> Float[ndarray, "*time"]:
        """Return the product in the cord on each day: made by dying cells, lost in turn; 0 before the dose."""
        since = np.maximum(days - self.day, 0.0)
        if np.isclose(self.cell_loss, self.product_loss):
            share = since * np.exp(-self.cell_loss * since)
        else:
            difference = np.exp(-self.cell_loss * since) - np.exp(-self.product_loss * since)
            share = difference / (self.product_loss - self.cell_loss)
        return self.amount * self.product_loss * share


def grafts(regimen: Regimen | None, p: TissueParameters) -> tuple[Graft, ...]:
    """Return the cells of each dose that settle in the cord."""
    carried = p.graft_sd_carried * p.length_scale
    settle = {
        Route.INTRALESIONAL: (p.arriving_intralesional, p.graft_sd_injected),
        Route.INTRATHECAL: (p.arriving_intrathecal, carried),
        Route.INTRAVENOUS: (p.arriving_intravenous, carried),
    }
    doses = regimen.doses if regimen else ()
    return tuple(
        Graft(dose.day, dose.cells / p.cells_per_dose * settle[Route(dose.route)][0], settle[Route(dose.route)][1])
        for dose in doses
    )


def depots(regimen: Regimen | None, p: TissueParameters) -> tuple[Depot, ...]:
    """Return the doses that act from outside the cord: those given by vein or into the fluid."""
    losses = {
        Route.INTRATHECAL: (p.intrathecal_cell_loss, p.intrathecal_product_loss),
        Route.INTRAVENOUS: (p.intravenous_cell_loss, p.intravenous_product_loss),
    }
    doses = regimen.doses if regimen else ()
    return tuple(
        Depot(dose.day, dose.cells / p.cells_per_dose, *losses[Route(dose.route)])
        for dose in doses
        if Route(dose.route) in losses
    )
