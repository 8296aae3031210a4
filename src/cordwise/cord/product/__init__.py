"""The cell product: what is given, by which route, when and how often, and how much of it reaches the cord."""

from cordwise.cord.product.compartments import Depot, Graft, depots, grafts
from cordwise.cord.product.doses import Dose, Regimen, Route, regimen_faults, translated
from cordwise.cord.product.products import PRODUCTS, Product

__all__ = [
    "PRODUCTS",
    "Depot",
    "Dose",
    "Graft",
    "Product",
    "Regimen",
    "Route",
    "depots",
    "grafts",
    "regimen_faults",
    "translated",
]
