"""One block of replicates: who enters, in which arm, when, and how soon each would withdraw."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.cohort.bank import PatientBank
from cordwise.isncsci import AIS
from cordwise.randomness import Streams
from cordwise.trial.accrual import arrival_days
from cordwise.trial.plan import TrialPlan
from cordwise.trial.randomisation import permuted_blocks, whole_blocks, within_strata

REPLICATES_PER_BLOCK = 100  # a block shares one generator, so this number is part of what a seed means


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The patients of a block of replicates, in order of entry; the same in every scenario."""

    row: Int[ndarray, "replicate patient"]  # row of the patient bank
    treated: Bool[ndarray, "replicate patient"]
    withdrawal: Float[ndarray, "replicate patient"]  # withdrawn by a day if this is below the chance by that day
    arrival: Float[ndarray, "replicate patient"]  # days after the trial opened

    def first(self, replicates: int) -> "Enrolled":
        """Return the first replicates of the block."""
        chosen = slice(replicates)
        return Enrolled(self.row[chosen], self.treated[chosen], self.withdrawal[chosen], self.arrival[chosen])


def enrolled_blocks(
    plan: TrialPlan, bank: PatientBank, streams: Streams, *, name: str, size: int, replicates: int
) -> Iterator[Enrolled]:
    """Yield the replicates block by block; replicate r is the same whatever the number of replicates asked for."""
    for first in range(0, replicates, REPLICATES_PER_BLOCK):
        generator = streams(name).generator(first // REPLICATES_PER_BLOCK)
        yield enrol(plan, bank, generator, size=size).first(replicates - first)


def enrol(plan: TrialPlan, bank: PatientBank, generator: np.random.Generator, *, size: int) -> Enrolled:
    """Draw `size` patients of the bank for each replicate of a block, with replacement, and randomise them."""
    shape = (REPLICATES_PER_BLOCK, size)
    row = generator.integers(len(bank), size=shape)
    treated = _randomise(plan, bank.baseline_ais[row], generator)
    gaps = generator.standard_exponential(shape)
    arrival = arrival_days(gaps, patients_per_month=plan.patients_per_month)
    return Enrolled(row, treated, generator.random(shape), arrival)


def _randomise(
    plan: TrialPlan, grade: Int[ndarray, "replicate patient"], generator: np.random.Generator
) -> Bool[ndarray, "replicate patient"]:
    replicates, size = grade.shape
    strata = np.sort([AIS[name] for name in plan.grades]) if plan.stratify_by_grade else np.zeros(1)
    shape = (replicates, whole_blocks(size, plan.block_size))
    lists = [
        permuted_blocks(generator.random(shape), ratio=plan.ratio, block_size=plan.block_size)[:, :size] for _ in strata
    ]
    return within_strata(np.stack(lists), np.searchsorted(strata, grade)) if plan.stratify_by_grade else lists[0]
