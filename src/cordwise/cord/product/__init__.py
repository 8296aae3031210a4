"""The product: what is given, how it is made, by which route and when, and how much of it reaches the cord."""

from cordwise.cord.product.biodistribution import PLACES, Biodistribution, biodistribution
from cordwise.cord.product.compartments import Depot, Graft, depots, grafts
from cordwise.cord.product.doses import Dose, Regimen, Route, regimen_faults, translated
from cordwise.cord.product.manufacture import Harvests, MarrowProcess, Outcome, expected, manufacture, process_faults
from cordwise.cord.product.products import PRODUCTS, ProductKind
from cordwise.cord.product.readiness import AutologousRegimen, SharedRegimen, regimen_of, shared_regimens

__all__ = [
    "PLACES",
    "PRODUCTS",
    "AutologousRegimen",
    "Biodistribution",
    "Depot",
    "Dose",
    "Graft",
    "Harvests",
    "MarrowProcess",
    "Outcome",
    "ProductKind",
    "Regimen",
    "Route",
    "SharedRegimen",
    "biodistribution",
    "depots",
    "expected",
    "grafts",
    "manufacture",
    "process_faults",
    "regimen_faults",
    "regimen_of",
    "shared_regimens",
    "translated",
]
