"""A product grown for one patient: the doses and days that come of it, and how they compare with other patients'."""

from typing import Any

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.cord.product import AutologousRegimen, Harvests, Outcome, Regimen, manufacture, regimen_of

_COMPARED = 4096  # simulated patients whose readiness the patient's is compared with
_SHOWN_PERCENTILES = (5, 50, 95)
_OUTCOMES = {
    Outcome.RELEASED: "released",
    Outcome.TOO_FEW_CELLS: "too few cells",
    Outcome.FAILED_RELEASE: "failed a release test",
}


def regimen_for(
    product: Regimen | AutologousRegimen, ids: Int[ndarray, " 1"], streams: Streams
) -> tuple[Regimen, dict[str, Any] | None]:
    """Return the doses one patient gets, and how they were made, as plain JSON values; `None` for cells off a shelf."""
    if isinstance(product, Regimen):
        return product, None
    own = manufacture(product.process, streams, ids)
    others = manufacture(product.process, streams, np.arange(_COMPARED))
    return regimen_of(product, own, 0), {
        "aspirate_day": product.process.aspirate_day,
        "aspirate_ml": product.process.aspirate_ml,
        "target_cells": product.process.target_cells,
        **_made(own),
        "others": _others(others),
    }


def _made(own: Harvests) -> dict[str, Any]:
    ready = float(own.ready_day[0])
    return {
        "outcome": _OUTCOMES[Outcome(int(own.outcome[0]))],
        "aspirates": int(own.aspirates[0]),
        "colonies_per_ml": round(float(own.colonies_per_ml[0])),
        "doubling_days": round(float(own.doubling_days[0]), 2),
        "doses": int(own.doses[0]),
        "dose_cells": float(own.dose_cells[0]),
        "ready_day": None if np.isnan(ready) else round(ready, 1),
    }


def _others(others: Harvests) -> dict[str, Any]:
    ready = others.ready_day[others.doses > 0]
    low, middle, high = np.percentile(ready, _SHOWN_PERCENTILES) if ready.size else (np.nan,) * 3
    return {
        "patients": len(others),
        "released_share": round(ready.size / len(others), 3),
        "ready_day": None if not ready.size else {"p5": round(low, 1), "p50": round(middle, 1), "p95": round(high, 1)},
    }


def sentence(made: dict[str, Any]) -> str:
    """Return what a terminal shows of a manufacture."""
    drawn = f"Marrow, {made['aspirate_ml']:g} mL, drawn on day {made['aspirate_day']:g}"
    if made["aspirates"] > 1:
        drawn += " and once more after a failed culture"
    if made["ready_day"] is None:
        own = f"{drawn}: nothing was released ({made['outcome']})."
    else:
        own = f"{drawn}: ready on day {made['ready_day']:g}, {made['doses']} of {made['dose_cells']:.2g} cells."
    others = made["others"]
    if others["ready_day"] is None:
        return f"{own} Of {others['patients']} simulated patients none gets a product."
    days = others["ready_day"]
    return (
        f"{own} Of {others['patients']} simulated patients {100 * others['released_share']:.0f}% get a product, "
        f"half of them by day {days['p50']:g} (90% on days {days['p5']:g} to {days['p95']:g})."
    )
