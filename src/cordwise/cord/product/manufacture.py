"""Growing a patient's own marrow cells: how many doses are ready, and on which day.

Colonies of the aspirate grow exponentially until they crowd; each passage gives room for a few more doublings and
costs some cells at the detachment and some growth afterwards. The culture ends as soon as it holds what was ordered,
or when its passages are used up; then come freezing and release tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.base.errors import Fault
from cordwise.base.randomness import Streams
from cordwise.cord.product.parameters import ManufactureParameters, manufacture_parameters


class Outcome(IntEnum):
    """How a manufacture ended."""

    RELEASED = 0
    TOO_FEW_CELLS = 1
    FAILED_RELEASE = 2


@dataclass(frozen=True, slots=True)
class MarrowProcess:
    """What is ordered: marrow drawn on a day after injury, doses of so many living cells, at most so many passages.

    A culture that cannot fill one dose is still released when it holds `minimum_cells`.
    """

    aspirate_day: float
    aspirate_ml: float
    target_cells: float
    passages: int
    minimum_cells: float
    doses: int = 1
    dose_interval_days: float = 0.0
    second_aspirate: bool = False


@dataclass(frozen=True, slots=True)
class Harvests:
    """What the manufacture gave each patient; `ready_day` is NaN where nothing was released."""

    ids: Int[ndarray, " patient"]
    ready_day: Float[ndarray, " patient"]
    doses: Int[ndarray, " patient"]
    dose_cells: Float[ndarray, " patient"]  # living cells in each dose
    aspirates: Int[ndarray, " patient"]
    outcome: Int[ndarray, " patient"]  # of the last culture, an `Outcome`
    colonies_per_ml: Float[ndarray, " patient"]  # of the last aspirate
    doubling_days: Float[ndarray, " patient"]

    def __len__(self) -> int:
        """Return the number of patients."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Culture:
    """One culture of each patient: doses filled, living cells in each, passages and days it took."""

    doses: Int[ndarray, " patient"]
    dose_cells: Float[ndarray, " patient"]
    passages: Int[ndarray, " patient"]
    days: Float[ndarray, " patient"]


def manufacture(
    process: MarrowProcess,
    streams: Streams,
    ids: Int[ndarray, " patient"],
    parameters: ManufactureParameters | None = None,
) -> Harvests:
    """Manufacture for each patient; patient `i` gets the same cells in every batch that holds it."""
    p = parameters or manufacture_parameters()
    normals = streams("manufacture/normals").normals(4, ids).astype(float)
    uniforms = streams("manufacture/release").uniforms(2, ids)
    doubling = p.doubling_days * np.exp(p.doubling_spread * normals[:, 0])
    first = _attempt(process, p, ids, _colonies(p, normals[:, [1, 2]]), doubling, uniforms[:, 0])
    if not process.second_aspirate:
        return first
    second = _attempt(process, p, ids, _colonies(p, normals[:, [1, 3]]), doubling, uniforms[:, 1])
    wait = _culture(process, p, first.colonies_per_ml, doubling).days + p.second_aspirate_days
    wait += np.where(first.outcome == Outcome.FAILED_RELEASE, p.release_days, 0.0)
    return _either(first, second, wait)


def expected(process: MarrowProcess, parameters: ManufactureParameters | None = None) -> Harvests:
    """Return the harvest of a typical patient, as a batch of one: median yield and growth, no failed release."""
    p = parameters or manufacture_parameters()
    one = np.ones(1)
    return _attempt(process, p, np.zeros(1, int), p.colonies_per_ml * one, p.doubling_days * one, one)


def _colonies(p: ManufactureParameters, deviates: Float[ndarray, "patient 2"]) -> Float[ndarray, " patient"]:
    """Colonies in a millilitre: a part that belongs to the person and one that belongs to the aspirate."""
    shares = np.sqrt([p.colonies_person_share, 1 - p.colonies_person_share])
    return p.colonies_per_ml * np.exp(p.colonies_spread * deviates @ shares)


def _culture(
    process: MarrowProcess,
    p: ManufactureParameters,
    colonies_per_ml: Float[ndarray, " patient"],
    doubling_days: Float[ndarray, " patient"],
) -> Culture:
    founders = process.aspirate_ml * colonies_per_ml
    most = founders[:, None] * room(p, np.arange(process.passages + 1))
    filled = np.floor(p.viable_after_thaw * most[:, -1] / process.target_cells)
    doses = np.clip(filled, 1, process.doses).astype(int)
    wanted = doses * process.target_cells / p.viable_after_thaw
    grown = np.minimum(wanted, most[:, -1])
    passages = np.argmax(most >= grown[:, None], axis=1)
    doublings = np.log2(grown / (founders * p.detachment_recovery ** (passages + 1)))
    days = p.attachment_days + np.maximum(doublings, 0) * doubling_days + passages * p.passage_days
    return Culture(doses, p.viable_after_thaw * grown / doses, passages, days)


def room(p: ManufactureParameters, passages: Int[ndarray, "*batch"]) -> Float[ndarray, "*batch"]:
    """Return how many cells each founder can have become after some passages."""
    doublings = p.primary_doublings + p.passage_doublings * passages
    return 2.0**doublings * p.detachment_recovery ** (passages + 1)


def _attempt(
    process: MarrowProcess,
    p: ManufactureParameters,
    ids: Int[ndarray, " patient"],
    colonies_per_ml: Float[ndarray, " patient"],
    doubling_days: Float[ndarray, " patient"],
    luck: Float[ndarray, " patient"],
) -> Harvests:
    culture = _culture(process, p, colonies_per_ml, doubling_days)
    least = process.minimum_cells
    is_enough = (culture.dose_cells > least) | np.isclose(culture.dose_cells, least)
    outcome = np.where(luck < p.release_failure, Outcome.FAILED_RELEASE, Outcome.RELEASED)
    outcome = np.where(is_enough, outcome, Outcome.TOO_FEW_CELLS)
    is_released = outcome == Outcome.RELEASED
    return Harvests(
        ids=ids,
        ready_day=np.where(is_released, process.aspirate_day + culture.days + p.release_days, np.nan),
        doses=np.where(is_released, culture.doses, 0),
        dose_cells=np.where(is_released, culture.dose_cells, 0.0),
        aspirates=np.ones(len(ids), int),
        outcome=outcome,
        colonies_per_ml=colonies_per_ml,
        doubling_days=doubling_days,
    )


def _either(first: Harvests, second: Harvests, wait: Float[ndarray, " patient"]) -> Harvests:
    """Take the second aspirate, drawn `wait` days after the first, where the first gave nothing."""
    is_second = first.outcome != Outcome.RELEASED
    return Harvests(
        ids=first.ids,
        ready_day=np.where(is_second, second.ready_day + wait, first.ready_day),
        doses=np.where(is_second, second.doses, first.doses),
        dose_cells=np.where(is_second, second.dose_cells, first.dose_cells),
        aspirates=np.where(is_second, 2, 1),
        outcome=np.where(is_second, second.outcome, first.outcome),
        colonies_per_ml=np.where(is_second, second.colonies_per_ml, first.colonies_per_ml),
        doubling_days=first.doubling_days,
    )


def process_faults(process: MarrowProcess) -> Iterator[Fault]:
    """Yield every fault of a process."""
    for name in ("aspirate_ml", "target_cells", "minimum_cells"):
        value = getattr(process, name)
        if not (np.isfinite(value) and value > 0):
            yield Fault(f"manufacture.{name}", "a number above 0", str(value))
    if process.minimum_cells > process.target_cells:
        wanted = f"at most target_cells, {process.target_cells:g}"
        yield Fault("manufacture.minimum_cells", wanted, f"{process.minimum_cells:g}")
    if not (np.isfinite(process.aspirate_day) and process.aspirate_day >= 0):
        yield Fault("manufacture.aspirate_day", "a day on or after the injury (day 0)", str(process.aspirate_day))
    if process.passages < 0 or process.doses < 1:
        found = f"{process.passages} passages, {process.doses} doses"
        yield Fault("manufacture", "passages of 0 or more, doses of 1 or more", found)
    if process.doses > 1 and not process.dose_interval_days > 0:
        found = f"{process.dose_interval_days:g}"
        yield Fault("manufacture.dose_interval_days", "days above 0 between several doses", found)
