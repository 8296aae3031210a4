"""From harvests to regimens: the day a product is ready is the day it is given."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from cordwise.cord.product.doses import Dose, Regimen, Route
from cordwise.cord.product.manufacture import Harvests, MarrowProcess

WEEK_DAYS = 7.0


@dataclass(frozen=True, slots=True)
class AutologousRegimen:
    """A product grown to order: how it is made, its route, and the share of the rodent effect that carries over."""

    process: MarrowProcess
    route: Route
    product: str = "autologous_msc"
    translation: float = 1.0


@dataclass(frozen=True, slots=True)
class SharedRegimen:
    """Patients (places in the batch) who get the same doses on the same days; `None` for those without a product."""

    regimen: Regimen | None
    patients: Int[ndarray, " chosen"]


def regimen_of(order: AutologousRegimen, harvests: Harvests, place: int) -> Regimen:
    """Return the doses of one patient of a batch, on the days they are ready; none if nothing was released."""
    return _regimen(order, harvests.ready_day[place], int(harvests.doses[place]), harvests.dose_cells[place])


def shared_regimens(
    order: AutologousRegimen, harvests: Harvests, *, bin_days: float = WEEK_DAYS
) -> Iterator[SharedRegimen]:
    """Yield the regimens of a batch with readiness put into bins, for tissue that a batch shares.

    Every patient of a bin gets the bin's middle day and mean dose: a product comes at most half a bin early or late.
    """
    ready = np.where(harvests.doses > 0, np.floor(harvests.ready_day / bin_days), -1)
    for week, doses in np.unique(np.stack([ready, harvests.doses], axis=1), axis=0):
        patients = np.flatnonzero((ready == week) & (harvests.doses == doses))
        day, cells = (week + 0.5) * bin_days, harvests.dose_cells[patients].mean()
        yield SharedRegimen(_regimen(order, day, int(doses), cells) if doses else None, patients)


def _regimen(order: AutologousRegimen, ready_day: float, doses: int, cells: float) -> Regimen:
    days = (float(ready_day) + order.process.dose_interval_days * number for number in range(doses))
    given = tuple(Dose(day, float(cells), order.route) for day in days)
    return Regimen(given, order.product, order.translation)
