"""What kinetics of a patient's own add to the typical course: a parabola in each deviate, tabulated like the atlas.

Each group of rates is moved alone, to two deviates; together they add up, which the atlas's test against direct
simulation measures.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.base.compiling import njit
from cordwise.cord.courses import COURSES, TissueCourses, share_log_odds
from cordwise.cord.interpolation import place_between
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.patient_kinetics import KINETICS, with_kinetics

NODES_BETWEEN = 4  # every so manieth node of severity
WIDTHS_KEPT = [0, 5, 10, 14, 19]  # nodes of width
_DEVIATE = 1.5  # to which each group is moved, both ways
_LEAST_SHARE = 1e-4  # below it, what own kinetics do to a share of fibres is of no account and log odds run away


@dataclass(frozen=True, slots=True)
class Deviations:
    """Factors of the deviate and of its square: for each course over time, and for the log odds spared at one year."""

    courses: Float[ndarray, "group power severity width day course"]
    spared: Float[ndarray, "group power severity width"]


def shifted_nodes(
    severity: Float[ndarray, " node"], width_mm: Float[ndarray, " node"], parameters: TissueParameters
) -> tuple[tuple[Float[ndarray, " patient"], Float[ndarray, " patient"]], TissueParameters]:
    """Return every node with each group of rates moved down and up: lesions, and the parameters of each."""
    signs = np.concatenate([sign * _DEVIATE * np.eye(len(KINETICS)) for sign in (-1, 1)])
    deviates = np.repeat(signs, severity.size, axis=0)
    lesions = np.tile(severity, len(signs)), np.tile(width_mm, len(signs))
    return lesions, with_kinetics(parameters, deviates)


def deviations_from(
    moved: TissueCourses,
    moved_spared: Float[ndarray, " patient"],
    typical: TissueCourses,
    typical_spared: Float[ndarray, " node"],
    nodes: Int[ndarray, " kept"],
    shape: tuple[int, int],
) -> Deviations:
    """Return the parabolas through the typical course and the courses of both moves of each group."""
    moves = np.stack([getattr(moved, name) for name in COURSES], axis=-1)
    base = np.stack([getattr(typical, name)[nodes] for name in COURSES], axis=-1)
    by_move = moves.reshape(2, len(KINETICS), *base.shape) - base
    # What a share of next to nothing does is of no account, and its log odds run away.
    spares = (typical_spared[nodes] > _LEAST_SHARE)[:, None]
    by_move[..., COURSES.index("axon_log_odds")] *= spares
    spared = _floored(moved_spared).reshape(2, len(KINETICS), -1) - _floored(typical_spared[nodes])
    return Deviations(
        courses=_parabolas(by_move).reshape(len(KINETICS), 2, *shape, *base.shape[1:]).astype(np.float32),
        spared=_parabolas(spared).reshape(len(KINETICS), 2, *shape).astype(np.float32),
    )


def _floored(share: Float[ndarray, "*any"]) -> Float[ndarray, "*any"]:
    return share_log_odds(np.clip(share, _LEAST_SHARE, 1 - _LEAST_SHARE))


def _parabolas(by_move: Float[ndarray, "2 group ..."]) -> Float[ndarray, "group 2 ..."]:
    down, up = by_move
    return np.stack([(up - down) / (2 * _DEVIATE), (up + down) / (2 * _DEVIATE**2)], axis=1)


@njit(cache=True, nogil=True, error_model="numpy")
def add_deviations(
    severity: ndarray,
    width: ndarray,
    days: ndarray,
    deviates: ndarray,
    nodes: tuple[ndarray, ndarray, ndarray],
    table: ndarray,
    out: ndarray,
) -> None:
    """Add to each patient's courses, at the visits, what the patient's own kinetics do; a missing day stays missing."""
    severity_nodes, width_nodes, day_nodes = nodes
    groups, courses = table.shape[0], table.shape[5]
    added = np.empty(courses)
    for patient in range(severity.size):
        i, s = place_between(severity[patient], severity_nodes)
        j, w = place_between(width[patient], width_nodes)
        for visit in range(days.shape[1]):
            if np.isnan(days[patient, visit]):
                continue
            k, t = place_between(days[patient, visit], day_nodes)
            added[:] = 0.0
            for group in range(groups):
                z = deviates[patient, group]
                for corner in range(4):
                    a, b = corner // 2, corner % 2
                    share = (s if a else 1 - s) * (w if b else 1 - w) * z
                    linear, square = table[group, 0, i + a, j + b], table[group, 1, i + a, j + b]
                    for course in range(courses):
                        here = linear[k, course] + z * square[k, course]
                        there = linear[k + 1, course] + z * square[k + 1, course]
                        added[course] += share * ((1 - t) * here + t * there)
            for course in range(courses):
                out[patient, visit, course] += added[course]


@njit(cache=True, nogil=True, error_model="numpy")
def spared_shift(
    severity: ndarray, width: ndarray, deviates: ndarray, nodes: tuple[ndarray, ndarray], table: ndarray
) -> ndarray:
    """Return what own kinetics add to the log odds that a fibre is spared one year later, of each patient."""
    found = np.zeros(severity.size)
    for patient in range(severity.size):
        i, s = place_between(severity[patient], nodes[0])
        j, w = place_between(width[patient], nodes[1])
        for group in range(table.shape[0]):
            z = deviates[patient, group]
            for corner in range(4):
                a, b = corner // 2, corner % 2
                share = (s if a else 1 - s) * (w if b else 1 - w)
                found[patient] += share * z * (table[group, 0, i + a, j + b] + z * table[group, 1, i + a, j + b])
    return found
