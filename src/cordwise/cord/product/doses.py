"""What is given: doses of one product, by which route, when and how often."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cordwise.base.errors import Fault
from cordwise.cord.faults import LATEST_DAY, MOST_CELLS
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.product.products import PRODUCTS


class Route(StrEnum):
    """The way a dose is given."""

    INTRAVENOUS = "intravenous"
    INTRATHECAL = "intrathecal"
    INTRALESIONAL = "intralesional"


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


def translated(p: TissueParameters, regimen: Regimen | None) -> TissueParameters:
    """Return the parameters with the actions of cells multiplied by the translation of the regimen."""
    carried_over = regimen.translation if regimen else 1.0
    return p._replace(
        cell_anti=p.cell_anti * carried_over,
        cell_trophic=p.cell_trophic * carried_over,
        cell_closure=p.cell_closure * carried_over,
        cell_push=p.cell_push * carried_over,
        cell_nodes=p.cell_nodes * carried_over,
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
    if not 0 <= dose.day <= LATEST_DAY:
        yield Fault(f"{where}.day", f"a day on or after the injury (day 0), up to {LATEST_DAY:g}", str(dose.day))
    if not 0 <= dose.cells <= MOST_CELLS:
        yield Fault(f"{where}.cells", f"a number of cells, 0 to {MOST_CELLS:g}", str(dose.cells))
    if dose.route not in tuple(Route):
        yield Fault(f"{where}.route", f"one of {', '.join(Route)}", repr(str(dose.route)))
