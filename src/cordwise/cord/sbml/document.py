"""The whole tissue model as one SBML document: 32 cells along the cord, exchange between them, doses as events."""

import re
from collections.abc import Iterator
from dataclasses import replace

from cordwise.cord.engine.axis import Axis
from cordwise.cord.engine.lanes import CELLS
from cordwise.cord.equations import SolverCase, SolverSetting, setting_of
from cordwise.cord.forcing import blood_left, monocytes_released, plastic_window, rejection
from cordwise.cord.injury import lesion_edge
from cordwise.cord.parameters import TissueParameters, load_parameters, tissue_parameter_rows
from cordwise.cord.product import Regimen, translated
from cordwise.cord.sbml.doses import write_depot, write_graft
from cordwise.cord.sbml.expression import symbol
from cordwise.cord.sbml.tissue import write_cell, write_sums
from cordwise.cord.sbml.trace import on_symbols, shape_definitions, symbolic_parameters
from cordwise.cord.sbml.writer import CELLS as ITEM
from cordwise.cord.sbml.writer import DAY, MM, MM2_PER_DAY, NO_UNIT, PER_DAY, PER_MM, Writer

_UNITS = {"1/d": PER_DAY, "mm2/d": MM2_PER_DAY, "d": DAY, "mm": MM, "cells": ITEM}
_NOTES = (
    "Tissue of a contused spinal cord over a year: 32 cells along the cord, nineteen fields in each (1 is about "
    "the peak at the centre of a severe lesion), unit of time the day after injury. Generated from the functions that "
    "the engine of cordwise compiles; quantities bear the names of these functions and the number of the cell, 1 "
    "rostral to 32 caudal. For research and trial planning, not for decisions about care."
)
_TIME = symbol("time")
_WORD = re.compile(r"[A-Za-z_]\w*")


def export_sbml(case: SolverCase, *, parameters: TissueParameters | None = None) -> str:
    """Return the model of one simulated patient as an SBML document (level 3 version 2).

    Parameters
    ----------
    case
        The patient: severity and width of the injury, and the product given.
    parameters
        Numbers of the model; those of the human cord when left out.

    """
    numbers = load_parameters() if parameters is None else parameters
    setting = setting_of(case.regimen, numbers)
    out, p = Writer.begin("cordwise_tissue", _NOTES), _translated_symbols(case.regimen)
    for name, (arguments, formula) in shape_definitions().items():
        out.define(name, arguments, formula)
    _write_patient(out, case, p)
    _write_axis(out, setting.axis)
    _write_drivers(out, setting, p)
    for cell in range(1, CELLS + 1):
        write_cell(out, cell, p)
    write_sums(out, p)
    for number, graft in enumerate(setting.grafts, 1):
        write_graft(out, number, graft)
    for number, depot in enumerate(setting.depots, 1):
        write_depot(out, number, depot)
    _write_numbers(out, numbers)
    return out.finish()


def _translated_symbols(regimen: Regimen | None) -> TissueParameters:
    if regimen is None:
        return symbolic_parameters()
    return translated(symbolic_parameters(), replace(regimen, translation=symbol("translation")))


def _write_patient(out: Writer, case: SolverCase, p: TissueParameters) -> None:
    out.constant("severity", case.severity, NO_UNIT, "Injury at the centre of the lesion, 1 is a full impact.")
    out.constant("lesion_width", case.width_mm, MM, "Standard deviation of the injury along the cord.")
    out.constant("lesion_edge", str(on_symbols(lesion_edge)(symbol("lesion_width"), p)), MM,
                 "Distance from the centre at which the injury has fallen to a share that counts no more.")  # fmt: skip
    if case.regimen:
        out.constant("translation", case.regimen.translation, NO_UNIT,
                     "Share of the product's effect in rodents that carries over.")  # fmt: skip


def _write_axis(out: Writer, axis: Axis) -> None:
    for cell in range(1, CELLS + 1):
        out.constant(f"centre_{cell}", float(axis.centres[cell - 1]), MM, "Centre of the cell, 0 mid-lesion.")
        out.constant(f"length_{cell}", float(axis.widths[cell - 1]), MM, "Length of the cell along the cord.")
    for cell in range(1, CELLS):
        formula = f"1 / (centre_{cell + 1} - centre_{cell})"
        out.constant(f"link_{cell}_{cell + 1}", formula, PER_MM, "Inverse distance between two neighbouring cells.")


def _write_drivers(out: Writer, setting: SolverSetting, p: TissueParameters) -> None:
    released, response = on_symbols(monocytes_released), on_symbols(rejection)
    foreign = float(setting.foreign)
    out.computed("monocytes_released", str(released(_TIME, p)), NO_UNIT, "Share of the monocyte response made ready.")
    out.computed("rejection", str(response(_TIME, foreign, p)), NO_UNIT, "Response of the host to foreign cells.")
    out.computed("blood", str(on_symbols(blood_left)(_TIME, p)), NO_UNIT, "Share left of the blood in the cord.")
    window = on_symbols(plastic_window)(_TIME, p)
    out.computed("window", str(window), PER_DAY, "Share of plastic growth that the closing window gives each day.")
    products = [f"depot_{number}_product" for number, _ in enumerate(setting.depots, 1)]
    out.computed("exposure", " + ".join(products) or "0", NO_UNIT, "Product that reaches the cord from outside.")


def _write_numbers(out: Writer, numbers: TissueParameters) -> None:
    """Write the numbers of the model that a formula names, with unit, range, source and status."""
    used = set(_names_in(out))
    rows = {row.name: row for row in tissue_parameter_rows()}
    for name, value in numbers._asdict().items():
        if name in used:
            row = rows[name]
            words = (
                f"{row.meaning.capitalize()}. 90% range {row.low90:g} to {row.high90:g}; "
                f"source: {row.source}; status: {row.status}."
            )
            out.constant(name, float(value), _UNITS.get(row.unit, NO_UNIT), words)


def _names_in(out: Writer) -> Iterator[str]:
    return (word for formula in out.formulas for word in _WORD.findall(formula))
