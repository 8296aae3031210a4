"""The product in the SBML document: each dose an event, and what acts from outside the cord as two quantities."""

from cordwise.cord.engine.lanes import CELLS
from cordwise.cord.product import Depot, Graft
from cordwise.cord.sbml.writer import DAY, MM, NO_UNIT, PER_DAY, Writer


def write_graft(out: Writer, number: int, graft: Graft) -> None:
    """Write cells that settle in the cord."""
    name = f"graft_dose_{number}"
    out.constant(f"{name}_day", graft.day, DAY, "Day on which cells settle in the cord.")
    out.constant(f"{name}_amount", graft.amount, NO_UNIT, "Effective doses that settle at the centre.")
    out.constant(f"{name}_sd", graft.sd_mm, MM, "Standard deviation of these cells along the cord.")
    added = f"{name}_amount * exp(-(centre_{{0}} / {name}_sd)^2 / 2)"
    jumps = {f"graft_{cell}": f"graft_{cell} + {added.format(cell)}" for cell in range(1, CELLS + 1)}
    out.event(name, f"time >= {name}_day", jumps, "Cells settle in the cord.")


def write_depot(out: Writer, number: int, depot: Depot) -> None:
    """Write a dose that acts from outside the cord."""
    name = f"depot_{number}"
    out.constant(f"{name}_day", depot.day, DAY, "Day of a dose outside the cord.")
    out.constant(f"{name}_amount", depot.amount, NO_UNIT, "Effective doses given.")
    out.constant(f"{name}_cell_loss", depot.cell_loss, PER_DAY, "Loss of these cells.")
    out.constant(f"{name}_product_loss", depot.product_loss, PER_DAY, "Loss of what they set free.")
    out.state(f"{name}_cells", 0.0, f"-{name}_cell_loss * {name}_cells", "Cells of the dose outside the cord.")
    rate = f"{name}_product_loss * ({name}_cells - {name}_product)"
    out.state(f"{name}_product", 0.0, rate, "What these cells set free, as it reaches the cord.")
    jump = {f"{name}_cells": f"{name}_cells + {name}_amount"}
    out.event(f"{name}_given", f"time >= {name}_day", jump, "A dose outside the cord.")
