"""The cell product: what is given, by which route, when and how often, and how much of it reaches the cord."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.parameters import TissueParameters
from cordwise.errors import Fault


class Route(StrEnum):
    """The way a dose is given."""

    INTRAVENOUS = "intravenous"
    INTRATHECAL = "intrathecal"
    INTRALESIONAL = "intralesional"


@dataclass(frozen=True, slots=True)
class Product:
    """A kind of cell product; `foreign` cells are rejected by the host."""

    name: str
    foreign: bool
    meaning: str


PRODUCTS = {
    product.name: product
    for product in (
        Product("autologous_msc", foreign=False, meaning="mesenchymal stromal cells of the patient's own marrow"),
        Product("allogeneic_msc", foreign=True, meaning="mesenchymal stromal cells of a donor"),
        Product("neural_progenitors", foreign=True, meaning="neural progenitor cells of a donor line"),
    )
}


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose: day after injury, number of cells, route."""

    day: float
    cells: float
    route: Route


@dataclass(frozen=True, slots=True)
class Regimen:
    """All doses of one product, and the share (0 to 1) of its effect in rodents that carries over to people."""

    doses: tuple[Dose, ...]
    product: str = "allogeneic_msc"
    translation: float = 1.0

    @property
    def days(self) -> tuple[float, ...]:
        """Return the days of the doses."""
        return tuple(dose.day for dose in self.doses)


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


def translated(p: TissueParameters, regimen: Regimen | None) -> TissueParameters:
    """Return the parameters with the four actions of cells multiplied by the translation of the regimen."""
    carried_over = regimen.translation if regimen else 1.0
    return p._replace(
        cell_anti=p.cell_anti * carried_over,
        cell_trophic=p.cell_trophic * carried_over,
        cell_closure=p.cell_closure * carried_over,
        cell_push=p.cell_push * carried_over,
    )


def regimen_faults(regimen: Regimen | None) -> Iterator[Fault]:
    """Yield every fault of a regimen."""
    if regimen is None:
        return
    if regimen.product not in PRODUCTS:
        yield Fault("regimen.product", f"one of {', '.join(PRODUCTS)}", repr(regimen.product))
    if not 0 <= regimen.translation <= 1:
        yield Fault("regimen.translation", "a number from 0 to 1", str(regimen.translation))
    for number, dose in enumerate(regimen.doses):
        yield from _dose_faults(dose, f"regimen.doses[{number}]")


def _dose_faults(dose: Dose, where: str) -> Iterator[Fault]:
    if not (isfinite(dose.day) and dose.day >= 0):
        yield Fault(f"{where}.day", "a day on or after the injury (day 0)", str(dose.day))
    if not (isfinite(dose.cells) and dose.cells >= 0):
        yield Fault(f"{where}.cells", "a number of cells, 0 or above", str(dose.cells))
    if dose.route not in tuple(Route):
        yield Fault(f"{where}.route", f"one of {', '.join(Route)}", repr(str(dose.route)))
