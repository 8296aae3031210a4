"""Where the cells of a regimen are, day by day: the ledger of blood, lungs, other organs, fluid and cord."""

from dataclasses import dataclass
from math import log

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.parameters import TissueParameters
from cordwise.cord.product.compartments import settling_share
from cordwise.cord.product.doses import Dose, Regimen, Route
from cordwise.cord.product.parameters import DeliveryParameters, delivery_parameters
from cordwise.cord.product.products import PRODUCTS

PLACES = ("blood", "lungs", "organs", "fluid", "needle_track")


@dataclass(frozen=True, slots=True)
class Biodistribution:
    """Cells given so far, and where they are; given = alive and lost outside the cord + settled in it."""

    given: Float[ndarray, " time"]
    alive: Float[ndarray, "time place"]  # outside the cord, by `PLACES`
    lost: Float[ndarray, "time place"]
    settled: Float[ndarray, " time"]  # in the cord since the first dose; the tissue model tells how many live on


def biodistribution(regimen: Regimen, p: TissueParameters, days: Float[ndarray, " time"]) -> Biodistribution:
    """Return the cells of all doses by compartment on the given days.

    The tissue model takes the limit of this ledger in which blood empties at once and cells settle on the day of the
    dose: minutes against the day that trapped cells live. A product without cells leaves the ledger empty.
    """
    size = len(days)
    total = Biodistribution(
        np.zeros(size), np.zeros((size, len(PLACES))), np.zeros((size, len(PLACES))), np.zeros(size)
    )
    for dose in regimen.doses if PRODUCTS[regimen.product].living else ():
        here = _of_dose(dose, p, days, delivery_parameters())
        total = Biodistribution(
            total.given + here.given, total.alive + here.alive, total.lost + here.lost, total.settled + here.settled
        )
    return total


def _of_dose(
    dose: Dose, p: TissueParameters, days: Float[ndarray, " time"], delivery: DeliveryParameters
) -> Biodistribution:
    since, given = days - dose.day, np.where(days >= dose.day, dose.cells, 0.0)
    since = np.maximum(since, 0.0)
    settles = settling_share(dose, p, delivery)
    match Route(dose.route):
        case Route.INTRAVENOUS:
            alive, lost, settled = _by_vein(since, settles, p.intravenous_cell_loss, delivery)
        case Route.INTRATHECAL:
            alive, lost, settled = _one_place("fluid", np.exp(-p.intrathecal_cell_loss * since), settles)
        case Route.INTRALESIONAL:
            alive, lost, settled = _one_place("needle_track", np.zeros_like(since), settles)
    return Biodistribution(given, given[:, None] * alive, given[:, None] * lost, given * settled)


def _one_place(
    name: str, left: Float[ndarray, " time"], settles: float
) -> tuple[Float[ndarray, "time place"], Float[ndarray, "time place"], Float[ndarray, " time"]]:
    """Cells leave one place; a share of those that leave settles, the others are lost there."""
    alive, lost = np.zeros((left.size, len(PLACES))), np.zeros((left.size, len(PLACES)))
    alive[:, PLACES.index(name)] = left
    lost[:, PLACES.index(name)] = (1 - settles) * (1 - left)
    return alive, lost, settles * (1 - left)


def _by_vein(
    since: Float[ndarray, " time"], settles: float, trapped_loss: float, delivery: DeliveryParameters
) -> tuple[Float[ndarray, "time place"], Float[ndarray, "time place"], Float[ndarray, " time"]]:
    """Cells leave the blood within minutes: into the cord, the lungs and other organs, where the trapped ones die."""
    clearance = log(2) / delivery.blood_half_life
    blood = np.exp(-clearance * since)
    trapped = clearance / (clearance - trapped_loss) * (np.exp(-trapped_loss * since) - blood)
    lungs = (1 - settles) * delivery.lung_first_pass
    alive, lost = np.zeros((since.size, len(PLACES))), np.zeros((since.size, len(PLACES)))
    alive[:, 0] = blood
    for place, share in (("lungs", lungs), ("organs", 1 - settles - lungs)):
        alive[:, PLACES.index(place)] = share * trapped
        lost[:, PLACES.index(place)] = share * (1 - blood - trapped)
    return alive, lost, settles * (1 - blood)
