"""Who is put into which arm, for every replicate at once: blocks, simple randomisation, minimisation."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray


def permuted_blocks(
    uniforms: Float[ndarray, "replicate patient"], *, ratio: Sequence[int], block_size: int
) -> Int[ndarray, "replicate patient"]:
    """Return the arm of each place of a list: each block holds the arms in exactly the ratio, in random order.

    Parameters
    ----------
    uniforms
        One number for each place in the list; the patient axis is a whole number of blocks.
    ratio
        Patients for each arm, in the order of the arms.
    block_size
        A multiple of the ratio's sum.
    """
    arms = np.repeat(np.arange(len(ratio)), np.asarray(ratio) * (block_size // sum(ratio)))
    blocks = uniforms.reshape(len(uniforms), -1, block_size)
    return arms[blocks.argsort(axis=2)].reshape(uniforms.shape)


def within_strata(
    lists: Int[ndarray, "stratum replicate place"], stratum: Int[ndarray, "replicate patient"]
) -> Int[ndarray, "replicate patient"]:
    """Return the arms when each stratum has its own list and patients take its places in order of entry."""
    arm = np.zeros(stratum.shape, dtype=lists.dtype)
    for index, places in enumerate(lists):
        member = stratum == index
        place = np.maximum(member.cumsum(axis=1) - 1, 0)
        arm = np.where(member, np.take_along_axis(places, place, axis=1), arm)
    return arm


def simple(uniforms: Float[ndarray, "replicate patient"], *, ratio: Sequence[int]) -> Int[ndarray, "replicate patient"]:
    """Return arms drawn for each patient alone."""
    return np.searchsorted(np.cumsum(ratio)[:-1] / sum(ratio), uniforms, side="right")


def minimised(
    uniforms: Float[ndarray, "replicate patient choice"],
    factors: Int[ndarray, "replicate patient factor"],
    *,
    ratio: Sequence[int],
    probability: float,
) -> Int[ndarray, "replicate patient"]:
    """Return arms by minimisation (Pocock and Simon 1975): mostly the arm that leaves the factors best balanced.

    Patients are taken in order of entry, all replicates together.  Imbalance is the range between arms of the counts
    over the ratio, summed over the patient's levels of the factors; ties are broken at random.

    Parameters
    ----------
    uniforms
        Two numbers for each patient: the first breaks ties, the second decides whether the best arm is taken.
    factors
        The patient's level of each factor, counted from 0.
    ratio
        Patients for each arm.
    probability
        Chance of the best arm; the others share the rest in the ratio.
    """
    replicates, patients, kinds = factors.shape
    weight = np.asarray(ratio, float)
    counts = np.zeros((replicates, kinds, int(factors.max(initial=0)) + 1, len(ratio)))
    arm = np.zeros((replicates, patients), dtype=np.int64)
    row, kind = np.arange(replicates)[:, None], np.arange(kinds)[None, :]
    for patient in range(patients):
        level = factors[:, patient]
        here = counts[row, kind, level]
        best = _best_arm(here, weight, uniforms[:, patient, 0])
        arm[:, patient] = _taken(best, weight, probability, uniforms[:, patient, 1])
        counts[row, kind, level, arm[:, patient, None]] += 1
    return arm


def _best_arm(
    counts: Float[ndarray, "replicate factor arm"], weight: Float[ndarray, " arm"], tie: Float[ndarray, " replicate"]
) -> Int[ndarray, " replicate"]:
    arms = len(weight)
    after = (counts[:, :, None, :] + np.eye(arms)) / weight
    imbalance = np.ptp(after, axis=3).sum(axis=1)
    order = (np.arange(arms) + np.floor(tie * arms)[:, None].astype(int)) % arms
    return np.take_along_axis(order, np.take_along_axis(imbalance, order, axis=1).argmin(axis=1)[:, None], axis=1)[:, 0]


def _taken(
    best: Int[ndarray, " replicate"],
    weight: Float[ndarray, " arm"],
    probability: float,
    luck: Float[ndarray, " replicate"],
) -> Int[ndarray, " replicate"]:
    others = np.broadcast_to(weight, (len(best), len(weight))).copy()
    others[np.arange(len(best)), best] = 0.0
    chance = others / others.sum(axis=1, keepdims=True) * (1 - probability)
    chance[np.arange(len(best)), best] = probability
    return (luck[:, None] >= chance.cumsum(axis=1)[:, :-1]).sum(axis=1)


def whole_blocks(patients: int, block_size: int) -> int:
    """Return the length of a list that has room for `patients` in whole blocks."""
    return -(-patients // block_size) * block_size
