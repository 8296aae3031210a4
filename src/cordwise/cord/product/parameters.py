"""The numbers of delivery and manufacture: read from their tables, with unit, 90% range, source and status."""

from functools import cache
from typing import NamedTuple

from cordwise.base.tables import packaged_values


class DeliveryParameters(NamedTuple):
    """How cells travel; units and sources stand in `data/delivery_parameters.csv`."""

    blood_half_life: float
    lung_first_pass: float
    homing_until: float
    homing_days: float
    vesicle_collection_days: float
    vesicle_loss: float


class ManufactureParameters(NamedTuple):
    """How marrow cells grow and are released; units and sources stand in `data/manufacture_parameters.csv`."""

    colonies_per_ml: float
    colonies_spread: float
    colonies_person_share: float
    doubling_days: float
    doubling_spread: float
    attachment_days: float
    primary_doublings: float
    passage_doublings: float
    passage_days: float
    detachment_recovery: float
    viable_after_thaw: float
    release_days: float
    release_failure: float
    second_aspirate_days: float


@cache
def delivery_parameters() -> DeliveryParameters:
    """Return the numbers of delivery."""
    return DeliveryParameters(**packaged_values("cordwise.cord", "delivery_parameters"))


@cache
def manufacture_parameters() -> ManufactureParameters:
    """Return the numbers of manufacture."""
    return ManufactureParameters(**packaged_values("cordwise.cord", "manufacture_parameters"))
