"""Interpolate in the tables of the atlas: compiled loops over patients, each with growth of the own window."""

import numpy as np
from numpy import ndarray

from cordwise.base.compiling import njit

_BLOCK = 16  # of kept days, whose growth is added up apart: a day's growth then hangs on no other day that is asked
_ANY_ORDER = {"reassoc", "contract"}  # sums may be taken in any order, several terms at a time


@njit(cache=True, error_model="numpy")
def place_between(value: float, nodes: ndarray) -> tuple[int, float]:
    """Return the node below a value and how far, 0 to 1, the value lies towards the next one; clipped to the ends."""
    below = min(max(np.searchsorted(nodes, value, side="right") - 1, 0), nodes.size - 2)
    share = (value - nodes[below]) / (nodes[below + 1] - nodes[below])
    return int(below), min(max(share, 0.0), 1.0)


@njit(cache=True, error_model="numpy", fastmath=_ANY_ORDER)
def _finally(speed: ndarray, weights: ndarray) -> float:
    """Return the growth that a node without cells reaches in the end: what a share of growth is a share of."""
    total = 0.0
    for day in range(speed.size):
        total += weights[day] * speed[day]
    return total


@njit(cache=True, error_model="numpy", fastmath=_ANY_ORDER)
def _grown(start: int, upto: int, corners: ndarray, shares: ndarray, speed: ndarray, weights: ndarray) -> float:
    """Return the growth from the kept day `start` to the kept day `upto`; corners weigh by `shares`."""
    a, b, c, d = speed[corners[0]], speed[corners[1]], speed[corners[2]], speed[corners[3]]
    first, second, third, fourth = shares[0], shares[1], shares[2], shares[3]
    total = 0.0
    for k in range(start, upto):
        here = first * a[k] + second * b[k] + third * c[k] + fourth * d[k]
        there = first * a[k + 1] + second * b[k + 1] + third * c[k + 1] + fourth * d[k + 1]
        total += weights[0, k] * here + weights[1, k] * there
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def interpolate_courses(
    severity: ndarray,
    width: ndarray,
    days: ndarray,
    window: ndarray,
    nodes: tuple[ndarray, ndarray, ndarray],
    lasting: ndarray,
    growth: tuple[ndarray, ndarray],
    for_good: tuple[ndarray, ndarray],
    natural: tuple[ndarray, ndarray],
    out: ndarray,
) -> None:
    """Write every course of each patient at the visits: bilinear in severity and log width, linear in time."""
    severity_nodes, width_nodes, day_nodes = nodes
    speed, weights = growth
    by_node = speed.reshape(-1, speed.shape[2])
    lasts, held = for_good[0].shape[2] > 0, for_good[0].reshape(by_node.shape[0], for_good[0].shape[2])
    corners, shares, parts, total = np.empty(4, np.int64), np.empty(4), np.empty(4), np.empty(4)
    for patient in range(severity.size):
        i, s = place_between(severity[patient], severity_nodes)
        j, w = place_between(width[patient], width_nodes)
        for corner in range(4):
            a, b = corner // 2, corner % 2
            corners[corner] = (i + a) * width_nodes.size + j + b
            shares[corner] = (s if a else 1 - s) * (w if b else 1 - w)
            parts[corner] = shares[corner] / _finally(natural[0][i + a, j + b], natural[1][window[patient]])
        blocks, so_far, window_weights = 0, 0.0, weights[window[patient]]
        held_weights = for_good[1][window[patient]]
        for visit in range(days.shape[1]):
            day = days[patient, visit]
            if np.isnan(day):
                out[patient, visit] = np.nan
                continue
            k, t = place_between(day, day_nodes)
            blocks, so_far = (blocks, so_far) if k >= blocks * _BLOCK else (0, 0.0)
            for block in range(blocks, k // _BLOCK):
                start, upto = block * _BLOCK, (block + 1) * _BLOCK
                so_far += _grown(start, upto, corners, parts, by_node, window_weights)
                if lasts:
                    so_far += _grown(start, upto, corners, parts, held, held_weights)
            blocks = k // _BLOCK
            by_day = so_far + _grown(blocks * _BLOCK, k, corners, parts, by_node, window_weights)
            next_day = so_far + _grown(blocks * _BLOCK, k + 1, corners, parts, by_node, window_weights)
            if lasts:
                by_day += _grown(blocks * _BLOCK, k, corners, parts, held, held_weights)
                next_day += _grown(blocks * _BLOCK, k + 1, corners, parts, held, held_weights)
            total[:] = 0.0
            for corner in range(4):
                at = lasting[i + corner // 2, j + corner % 2]
                for course in range(4):
                    total[course] += shares[corner] * ((1 - t) * at[k, course] + t * at[k + 1, course])
            out[patient, visit, 0], out[patient, visit, 1] = total[0], total[1]
            out[patient, visit, 3], out[patient, visit, 4] = total[2], total[3]
            out[patient, visit, 2] = (1 - t) * by_day + t * next_day


@njit(cache=True, nogil=True, error_model="numpy")
def find_severities(
    share: ndarray, width: ndarray, severity_nodes: ndarray, width_nodes: ndarray, spared: ndarray, out: ndarray
) -> None:
    """Write the severity that leaves each patient a share of fibres, between the nodes of the table."""
    for patient in range(share.size):
        j, w = place_between(width[patient], width_nodes)
        low, high = 0, severity_nodes.size - 1
        while high - low > 1:
            middle = (low + high) // 2
            here = (1 - w) * spared[middle, j] + w * spared[middle, j + 1]
            low, high = (middle, high) if here > share[patient] else (low, middle)
        above = (1 - w) * spared[low, j] + w * spared[low, j + 1]
        below = (1 - w) * spared[high, j] + w * spared[high, j + 1]
        part = min(max((above - share[patient]) / (above - below), 0.0), 1.0) if above > below else 0.0
        out[patient] = severity_nodes[low] + part * (severity_nodes[high] - severity_nodes[low])
