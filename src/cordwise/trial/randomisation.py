"""Permuted blocks, for every replicate at once, within strata where asked."""

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray


def permuted_blocks(
    uniforms: Float[ndarray, "replicate patient"], *, ratio: tuple[int, int], block_size: int
) -> Bool[ndarray, "replicate patient"]:
    """Return who is treated, in order of entry: each block holds the arms in exactly the ratio, in random order.

    Parameters
    ----------
    uniforms
        One number for each place in the list; the patient axis is a whole number of blocks.
    ratio
        Control to treated.
    block_size
        A multiple of the ratio's sum.
    """
    blocks = uniforms.reshape(len(uniforms), -1, block_size)
    rank = blocks.argsort(axis=2).argsort(axis=2)
    treated_per_block = block_size * ratio[1] // sum(ratio)
    return (rank < treated_per_block).reshape(uniforms.shape)


def within_strata(
    lists: Bool[ndarray, "stratum replicate place"], stratum: Int[ndarray, "replicate patient"]
) -> Bool[ndarray, "replicate patient"]:
    """Return who is treated when each stratum has its own list and patients take its places in order of entry."""
    treated = np.zeros(stratum.shape, dtype=np.bool_)
    for index, places in enumerate(lists):
        member = stratum == index
        place = np.maximum(member.cumsum(axis=1) - 1, 0)
        treated |= member & np.take_along_axis(places, place, axis=1)
    return treated


def whole_blocks(patients: int, block_size: int) -> int:
    """Return the length of a list that has room for `patients` in whole blocks."""
    return -(-patients // block_size) * block_size
