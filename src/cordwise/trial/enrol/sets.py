"""In which set of parameters each simulated trial happens, and who of that set's people come to it.

A trial happens in one world.  Replicates take the parameter sets in an order that the seed decides, and in every round
through the sets the next of their groups of people; a group's people come in random order and nobody comes twice, so
that a replicate is a fresh trial of such people however many the bank holds.
"""

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from cordwise.bank.bank import PatientBank
from cordwise.base.randomness import Streams
from cordwise.stats.nested_means import Nesting

REPLICATES_PER_BLOCK = 100  # a block shares one generator, so this number is part of what a seed means


def nesting_of(bank: PatientBank, streams: Streams, replicates: range) -> Nesting:
    """Return the parameter set, and the group of its people, of each of the replicates."""
    order = streams("parameter-sets").generator(0).permutation(bank.sets)
    replicate = np.arange(replicates.start, replicates.stop)
    return Nesting(order[replicate % bank.sets], replicate // bank.sets % bank.groups, bank.sets, bank.parents)


def people_of(bank: PatientBank, streams: Streams, *, name: str, block: int) -> Int[ndarray, "replicate person"]:
    """Return the rows of the group of each replicate of a block, in the order in which they come."""
    first = block * REPLICATES_PER_BLOCK
    nesting = nesting_of(bank, streams, range(first, first + REPLICATES_PER_BLOCK))
    keys = streams(f"{name}/people").generator(block).random((REPLICATES_PER_BLOCK, bank.people))
    return np.take_along_axis(bank.rows[nesting.set_place, nesting.group], keys.argsort(axis=1), axis=1)


def narrowed(
    people: Int[ndarray, "replicate person"], is_member: ndarray, size: int
) -> Int[ndarray, "replicate patient"]:
    """Return the first `size` of those people who are members, in their order.

    Where a group has fewer they come again from the first on, as if such people followed them.
    """
    member = is_member[people]
    order = np.argsort(~member, axis=1, kind="stable")
    count = np.maximum(member.sum(axis=1), 1)
    return np.take_along_axis(people, np.take_along_axis(order, np.arange(size) % count[:, None], axis=1), axis=1)
