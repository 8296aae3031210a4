"""One block of replicates: who enters, in which arm, when and where, and how soon each would be lost."""

from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.bank.bank import PatientBank
from cordwise.base.errors import Fault, ModelError
from cordwise.base.randomness import Streams
from cordwise.trial.enrol.randomisation import minimised, permuted_blocks, simple, whole_blocks, within_strata
from cordwise.trial.enrol.sets import people_of
from cordwise.trial.plan.accrual import arrival_days, site_paces, sites_of
from cordwise.trial.plan.plan import TrialPlan

_CERVICAL = 8  # C1 to C8 are the levels 0 to 7


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The patients of a block of replicates, in order of entry; the same in every scenario."""

    row: Int[ndarray, "replicate patient"]  # row of the patient bank
    arm: Int[ndarray, "replicate patient"]  # 0 is the control
    stratum: Int[ndarray, "replicate patient"]
    site: Int[ndarray, "replicate patient"]  # 0 unless the randomisation balances sites
    arrival: Float[ndarray, "replicate patient"]  # days after the trial opened
    withdrawal: Float[ndarray, "replicate patient"]  # withdrawn by a day if this is below the chance by that day
    event: Float[ndarray, "replicate patient event"]  # the same for each further intercurrent event
    rater: Float[ndarray, "replicate patient"]  # below the upgrade rate: graded too high where the arm is known
    harm: Float[ndarray, "replicate patient"]  # below the arm's rate: the safety event

    def of_first(self, patients: int) -> "Enrolled":
        """Return the first so many patients to enter in every replicate."""
        return Enrolled(*(getattr(self, each.name)[:, :patients] for each in fields(self)))


def enrol(plan: TrialPlan, bank: PatientBank, streams: Streams, *, name: str, block: int, size: int) -> Enrolled:
    """Return the first `size` people who come to each replicate of a block, randomised.

    Raises
    ------
    ModelError
        The bank's groups have fewer people.
    """
    if size > bank.people:
        expected = f"at least {size} people in each group"
        raise ModelError(str(Fault("patient bank", expected, str(bank.people))))
    people = people_of(bank, streams, name=name, block=block)
    return enrol_rows(plan, bank, streams, people[:, :size], name=name, block=block)


def enrol_rows(
    plan: TrialPlan,
    bank: PatientBank,
    streams: Streams,
    row: Int[ndarray, "replicate patient"],
    *,
    name: str,
    block: int,
) -> Enrolled:
    """Return these patients of the bank randomised, in order of entry, for each replicate of a block.

    What a design does not have takes no numbers from the streams of what it has: each use has its own stream.
    """
    shape, draw = row.shape, streams(name).generator(block)
    paces = site_paces(
        streams(f"{name}/sites").generator(block).standard_normal((shape[0], plan.pace.sites)), plan.pace
    )
    arrival = arrival_days(draw.standard_exponential(shape), paces, plan.pace)
    site = np.zeros(shape, dtype=np.int64)
    if "site" in plan.factors:
        site = sites_of(streams(f"{name}/site").generator(block).random(shape), arrival, paces, plan.pace)
    factors = _factors(plan, bank, row, site)
    stratum = _combined(factors)
    arm = _randomise(plan, streams(f"{name}/arms").generator(block), factors, stratum)
    events = len(plan.events)
    return Enrolled(
        row=row,
        arm=arm + (1 if plan.is_single_arm else 0),
        stratum=stratum,
        site=site,
        arrival=arrival,
        withdrawal=draw.random(shape),
        event=streams(f"{name}/events").generator(block).random((*shape, events)) if events else np.ones((*shape, 0)),
        rater=_if_asked(plan.rating.upgrade_rate > 0, streams, f"{name}/raters", block, shape),
        harm=_if_asked(plan.safety is not None, streams, f"{name}/harms", block, shape),
    )


def _if_asked(
    asked: bool, streams: Streams, name: str, block: int, shape: tuple[int, int]
) -> Float[ndarray, "replicate patient"]:
    return streams(name).generator(block).random(shape) if asked else np.ones(shape)


def strata_of(plan: TrialPlan, bank: PatientBank, row: Int[ndarray, "replicate patient"]) -> ndarray:
    """Return the strata of patients who all come to one site."""
    return _combined(_factors(plan, bank, row, np.zeros_like(row)))


def _factors(
    plan: TrialPlan, bank: PatientBank, row: Int[ndarray, "replicate patient"], site: Int[ndarray, "replicate patient"]
) -> Int[ndarray, "replicate patient factor"]:
    """Return each patient's level of every factor that the randomisation balances."""
    level = {
        "grade": lambda: np.searchsorted(np.sort(plan.grades), bank.baseline_ais)[row],
        "level": lambda: (bank.neurological_level >= _CERVICAL).astype(np.int64)[row],
        "site": lambda: site,
    }
    columns = [level[factor]() for factor in plan.factors]
    return np.stack(columns, axis=2) if columns else np.zeros((*row.shape, 0), dtype=np.int64)


def _combined(factors: Int[ndarray, "replicate patient factor"]) -> Int[ndarray, "replicate patient"]:
    """Return one number for each combination of factor levels."""
    stratum = np.zeros(factors.shape[:2], dtype=np.int64)
    for kind in range(factors.shape[2]):
        levels = factors[:, :, kind]
        stratum = stratum * (int(levels.max(initial=0)) + 1) + levels
    return stratum


def _randomise(
    plan: TrialPlan,
    generator: np.random.Generator,
    factors: Int[ndarray, "replicate patient factor"],
    stratum: Int[ndarray, "replicate patient"],
) -> Int[ndarray, "replicate patient"]:
    replicates, size = stratum.shape
    if plan.method == "simple":
        return simple(generator.random(stratum.shape), ratio=plan.ratio)
    if plan.method == "minimisation":
        luck = generator.random((replicates, size, 2))
        return minimised(luck, factors, ratio=plan.ratio, probability=plan.minimisation_probability)
    shape = (replicates, whole_blocks(size, plan.block_size))
    strata = int(stratum.max(initial=0)) + 1 if plan.factors else 1
    lists = [
        permuted_blocks(generator.random(shape), ratio=plan.ratio, block_size=plan.block_size)[:, :size]
        for _ in range(strata)
    ]
    return within_strata(np.stack(lists), stratum) if plan.factors else lists[0]
