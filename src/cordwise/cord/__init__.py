"""The cord: injury, inflammation, scar and repair along one dimension, with and without a cell product."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cordwise.cord.atlas import TissueAtlas
    from cordwise.cord.courses import TissueCourses, relative_courses
    from cordwise.cord.parameters import TissueParameters, load_parameters, tissue_parameter_table
    from cordwise.cord.product import Dose, Regimen, Route
    from cordwise.cord.tissue import TissueHistory, TissueVisits, simulate_tissue, tissue_history

__all__ = [
    "Dose",
    "Regimen",
    "Route",
    "TissueAtlas",
    "TissueCourses",
    "TissueHistory",
    "TissueParameters",
    "TissueVisits",
    "load_parameters",
    "relative_courses",
    "simulate_tissue",
    "tissue_history",
    "tissue_parameter_table",
]

_MODULES = {
    "product": ("Dose", "Regimen", "Route"),
    "atlas": ("TissueAtlas",),
    "courses": ("TissueCourses", "relative_courses"),
    "tissue": ("TissueHistory", "TissueVisits", "simulate_tissue", "tissue_history"),
    "parameters": ("TissueParameters", "load_parameters", "tissue_parameter_table"),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: the compiled modules are slow to import."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"cordwise.cord.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
