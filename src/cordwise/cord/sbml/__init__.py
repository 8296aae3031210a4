"""The tissue model as an SBML document that other programs can run."""

from cordwise.cord.sbml.document import export_sbml

__all__ = ["export_sbml"]
