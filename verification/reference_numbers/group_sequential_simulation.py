"""Group-sequential trials simulated patient by patient, to stand beside simulations by R's rpact."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy import ndarray

from cordwise.base.randomness import Streams

BLOCK = 5_000  # replicates drawn together
PATIENTS = "patients of simulated trials"


def stopped(z: ndarray, efficacy: ndarray, sizes: Sequence[float]) -> tuple[ndarray, ndarray]:
    """Return whether each replicate succeeded, and its size at the stop."""
    above = z >= efficacy
    success = above.any(axis=1)
    last = np.where(success, above.argmax(axis=1), len(sizes) - 1)
    return np.asarray(success), np.asarray(sizes)[last]


def means_z(looks: Sequence[int], delta: float, replicates: int, seed: int) -> Iterator[ndarray]:
    """Yield z values of two equal arms with a difference in standard deviations, which are taken as known.

    So does rpact's getSimulationMeans unless told otherwise; with the t distribution trials stop a little later.
    """
    per_arm = np.asarray(looks) // 2
    for block, count in enumerate(_blocks(replicates)):
        generator = Streams(seed)(PATIENTS).generator(block)
        scores = generator.standard_normal((count, 2, per_arm[-1])) + np.array([0.0, delta])[:, None]
        sums = np.cumsum(scores, axis=2)[:, :, per_arm - 1]
        yield (sums[:, 1] - sums[:, 0]) / np.sqrt(2 * per_arm)


def rates_z(looks: Sequence[int], rates: Sequence[float], replicates: int, seed: int) -> Iterator[ndarray]:
    """Yield z values, pooled variance, of two equal arms with the rates of control and treated arm."""
    per_arm = np.asarray(looks) // 2
    for block, count in enumerate(_blocks(replicates)):
        generator = Streams(seed)(PATIENTS).generator(block)
        responders = generator.random((count, 2, per_arm[-1])) < np.asarray(rates)[:, None]
        sums = np.cumsum(responders, axis=2)[:, :, per_arm - 1]
        pooled = sums.sum(axis=1) / (2 * per_arm)
        yield (sums[:, 1] - sums[:, 0]) / per_arm / np.sqrt(np.maximum(pooled * (1 - pooled) * 2 / per_arm, 1e-12))


def survival_z(
    events: Sequence[int], hazards: Sequence[float], patients: int, accrual: float, replicates: int, seed: int
) -> Iterator[ndarray]:
    """Yield log-rank z values, positive for fewer events when treated, at looks after numbers of events."""
    entry = np.arange(patients) * accrual / patients
    treated = np.arange(patients) % 2 == 1
    for block, count in enumerate(_blocks(replicates)):
        generator = Streams(seed)(PATIENTS).generator(block)
        survival = generator.standard_exponential((count, patients)) / np.where(treated, hazards[1], hazards[0])
        calendar = np.sort(entry + survival, axis=1)
        yield np.stack([_log_rank(entry, survival, treated, calendar[:, seen - 1]) for seen in events], axis=1)


def _log_rank(entry: ndarray, survival: ndarray, treated: ndarray, cutoff: ndarray) -> ndarray:
    """Return the log-rank z at calendar times; patients not yet in have a follow-up below 0 and are never at risk."""
    follow_up = np.minimum(survival, cutoff[:, None] - entry)
    event = (survival <= follow_up) & (follow_up >= 0)
    order = np.argsort(-follow_up, axis=1)
    arm = np.take_along_axis(np.broadcast_to(treated, order.shape), order, axis=1)
    at_event = np.take_along_axis(event, order, axis=1)
    share = np.cumsum(arm, axis=1) / np.arange(1, arm.shape[1] + 1)
    expected = np.sum(share - arm, axis=1, where=at_event)
    return expected / np.sqrt(np.sum(share * (1 - share), axis=1, where=at_event))


def _blocks(replicates: int) -> list[int]:
    return [min(BLOCK, replicates - start) for start in range(0, replicates, BLOCK)]
