"""A product grown for one patient: the doses and days that come of it, and how they compare with other patients'."""

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.cord.product import AutologousRegimen, Harvests, Outcome, Regimen, manufacture, regimen_of
from cordwise.patient.life.result import MarrowHarvest, OtherHarvests, ReadyDays

_COMPARED = 4096  # simulated patients whose readiness the patient's is compared with
_SHOWN_PERCENTILES = (5, 50, 95)
_OUTCOMES = {
    Outcome.RELEASED: "released",
    Outcome.TOO_FEW_CELLS: "too few cells",
    Outcome.FAILED_RELEASE: "failed a release test",
}


def regimen_for(
    product: Regimen | AutologousRegimen, ids: Int[ndarray, " 1"], streams: Streams
) -> tuple[Regimen, MarrowHarvest | None]:
    """Return the doses one patient gets, and how they were grown; `None` for cells that others have given."""
    if isinstance(product, Regimen):
        return product, None
    own = manufacture(product.process, streams, ids)
    others = manufacture(product.process, streams, np.arange(_COMPARED))
    ready = float(own.ready_day[0])
    return regimen_of(product, own, 0), MarrowHarvest(
        aspirate_day=product.process.aspirate_day,
        aspirate_ml=product.process.aspirate_ml,
        target_cells=product.process.target_cells,
        outcome=_OUTCOMES[Outcome(int(own.outcome[0]))],
        aspirates=int(own.aspirates[0]),
        colonies_per_ml=round(float(own.colonies_per_ml[0])),
        doubling_days=round(float(own.doubling_days[0]), 2),
        doses=int(own.doses[0]),
        dose_cells=float(own.dose_cells[0]),
        ready_day=None if np.isnan(ready) else round(ready, 1),
        others=_others(others),
    )


def _others(others: Harvests) -> OtherHarvests:
    ready = others.ready_day[others.doses > 0]
    if not ready.size:
        return OtherHarvests(len(others), 0.0, None)
    low, middle, high = (round(float(day), 1) for day in np.percentile(ready, _SHOWN_PERCENTILES))
    return OtherHarvests(len(others), round(ready.size / len(others), 3), ReadyDays(low, middle, high))
