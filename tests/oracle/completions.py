"""Sets of answers by brute force: every legal completion of an examination is classified, and the answers joined."""

from dataclasses import replace
from math import prod

import numpy as np

from cordwise.isncsci import AIS, NO_MUSCLE, NOT_APPLICABLE, Exams, classify
from cordwise.isncsci.possible import COMPLETE_BIT, INCOMPLETE_BIT, NOT_APPLICABLE_BIT, OUTPUTS
from cordwise.isncsci.recorded import ASSUMED_ZERO, NORMAL, NOT_NORMAL, NOT_TESTABLE, READING, UNTAGGED

TOP_SCORES = np.repeat(np.array([5, 2, 2, 1], np.int8), [20, 56, 56, 2])
"""The highest score of each cell: motor, light touch and pin prick of both sides, then the two anal findings."""
VAC, DAP = 132, 133


def cells_of(recorded):
    """The codes of all cells but the non-key muscles, in the order of `TOP_SCORES`."""
    scores = [getattr(recorded, family).reshape(len(recorded), -1) for family in ("motor", "light_touch", "pin_prick")]
    return np.column_stack([*scores, recorded.voluntary_anal_contraction, recorded.deep_anal_pressure])


def assumed_values(code, top):
    """The values a cell may have when its tag is taken at its word."""
    reading, score = divmod(int(code), READING)
    if reading >= ASSUMED_ZERO:
        return [reading - ASSUMED_ZERO]
    if reading == NORMAL:
        return [top]
    lowest, highest = (0, top) if score == NOT_TESTABLE else (score, score)
    return list(range(lowest, top)) if reading == NOT_NORMAL else list(range(lowest, highest + 1))


def examined_values(code, top):
    """The values a cell may have when its tag is overlooked."""
    score = int(code) % READING
    return list(range(top + 1)) if score == NOT_TESTABLE else [score]


def open_cells(cells, values_of):
    """For each exam the cells that are not plain scores, with the values each may have."""
    found = [{} for _ in cells]
    for row, column in np.argwhere((cells == NOT_TESTABLE) | (cells // READING > UNTAGGED)):
        found[row][column] = values_of(cells[row, column], TOP_SCORES[column])
    return found


def count_completions(recorded, values_of=assumed_values):
    """How many completions each exam has."""
    return np.array([prod(map(len, cells.values())) for cells in open_cells(cells_of(recorded), values_of)], object)


def completed(recorded, values_of):
    """All completions of all exams as one testable batch, and the exam each belongs to."""
    cells = cells_of(recorded)
    pieces, owners = [], []
    for row, choices in enumerate(open_cells(cells, values_of)):
        grids = np.meshgrid(*choices.values(), indexing="ij") if choices else []
        filled = np.repeat(cells[row : row + 1], prod(map(len, choices.values())), axis=0)
        for column, grid in zip(choices, grids, strict=True):
            filled[:, column] = grid.ravel()
        pieces.append(filled)
        owners.append(np.full(len(filled), row))
    owner, codes = np.concatenate(owners), np.concatenate(pieces)
    motor, touch, prick = codes[:, :20], codes[:, 20:76], codes[:, 76:132]
    exams = Exams(
        motor.reshape(-1, 2, 10),
        touch.reshape(-1, 2, 28),
        prick.reshape(-1, 2, 28),
        codes[:, VAC] == 1,
        codes[:, DAP] == 1,
        recorded.lowest_non_key_muscle[owner],
    )
    return exams, owner


def brute_force(recorded, values_of=assumed_values, non_key_zpp="standard"):
    """The joined answers of all completions, a set of bits for each exam, by the name of the output."""
    exams, owner = completed(recorded, values_of)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    bits = single_bits(classify(exams), motor_zones(exams, non_key_zpp))
    return {name: np.bitwise_or.reduceat(column, starts) for name, column in bits.items()}


def single_bits(found, zones):
    """The bits of a classification, by the name of the output."""
    complete = np.where(found.is_complete, COMPLETE_BIT, INCOMPLETE_BIT)
    sensory_zones = np.where(found.sensory_zpp == NOT_APPLICABLE, NOT_APPLICABLE_BIT, found.sensory_zpp)
    columns = [*found.sensory_level.T, *found.motor_level.T, found.neurological_level, complete, found.ais]
    columns += [*sensory_zones.T, *zones.T]
    return {name: 1 << column.astype(np.int64) for name, column in zip(OUTPUTS, columns, strict=True)}


def motor_zones(exams, non_key_zpp):
    """The motor zones of testable exams, with non-key muscles as the standard, the peer or nobody counts them."""
    found = classify(exams)
    if non_key_zpp == "standard":
        zones = found.motor_zpp
    else:
        without = replace(exams, lowest_non_key_muscle=np.full_like(exams.lowest_non_key_muscle, NO_MUSCLE))
        zones = classify(without).motor_zpp
        if non_key_zpp == "peer":
            deep = (exams.lowest_non_key_muscle > zones + 3) & (found.ais == AIS.C)[:, None]
            zones = np.where(deep & (zones != NOT_APPLICABLE), exams.lowest_non_key_muscle, zones)
    return np.where(zones == NOT_APPLICABLE, NOT_APPLICABLE_BIT, zones)
