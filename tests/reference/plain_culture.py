"""A marrow culture told passage by passage: the slow twin of the closed form in `cord/product/manufacture.py`."""

from math import log2, nan
from types import SimpleNamespace


def grow(process, p):
    """Return what a typical patient's culture gives: cells are grown, detached and counted one passage at a time."""
    doses = process.doses
    while doses > 1 and most_cells(process, p) < doses * process.target_cells / p.viable_after_thaw:
        doses -= 1
    wanted = doses * process.target_cells / p.viable_after_thaw
    cells, day = process.aspirate_ml * p.colonies_per_ml, process.aspirate_day + p.attachment_days
    grown_fully, passage, room = cells, 0, p.primary_doublings
    while True:
        needed = log2(wanted / p.detachment_recovery / grown_fully)
        doublings = min(room, max(needed, 0.0))
        if needed <= room or passage == process.passages:
            harvested = min(wanted, grown_fully * 2**doublings * p.detachment_recovery)
            day += doublings * p.doubling_days
            break
        grown_fully *= 2**room * p.detachment_recovery
        day += room * p.doubling_days + p.passage_days
        passage, room = passage + 1, p.passage_doublings
    dose_cells = harvested * p.viable_after_thaw / doses
    if dose_cells < process.minimum_cells * (1 - 1e-9):
        return SimpleNamespace(outcome=1, doses=0, dose_cells=0.0, ready_day=nan)
    return SimpleNamespace(outcome=0, doses=doses, dose_cells=dose_cells, ready_day=day + p.release_days)


def most_cells(process, p):
    """Return the cells of a culture that uses all its passages."""
    cells = process.aspirate_ml * p.colonies_per_ml * 2**p.primary_doublings * p.detachment_recovery
    for _ in range(process.passages):
        cells *= 2**p.passage_doublings * p.detachment_recovery
    return cells
