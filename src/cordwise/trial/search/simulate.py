"""The replicates of every design that shares one bank: one enrolment serves all sizes, endpoints and looks.

A smaller trial is the first patients of a larger one, so that two sizes differ by what more patients bring.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.bank.bank import PatientBank
from cordwise.base.batches import joined, of_rows
from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.base.threads import in_threads
from cordwise.stats.nested_means import Nesting
from cordwise.trial.analyse.simulate import ENROLMENT, Prepared, join_blocks, prepare, simulate_block
from cordwise.trial.analyse.truth import Truth
from cordwise.trial.decide.stopping import stops_of
from cordwise.trial.enrol.enrolment import Enrolled, enrol
from cordwise.trial.enrol.sets import REPLICATES_PER_BLOCK, nesting_of
from cordwise.trial.search.combinations import Combination


@dataclass(frozen=True, slots=True)
class TrialEnds:
    """How the replicates of one design end in one scenario: whether each rejects, with how many patients, and when."""

    rejects: Bool[ndarray, " replicate"]
    enrolled: Int[ndarray, " replicate"]
    day: Float[ndarray, " replicate"]


@dataclass(frozen=True, slots=True)
class SimulatedCombination:
    """One design simulated in the null scenario and in the wanted one; `truths` has the effect of each treated arm."""

    combination: Combination
    bank: PatientBank
    nesting: Nesting
    null: TrialEnds
    wanted: TrialEnds
    truths: tuple[Truth, ...]


def simulate_combinations(
    combinations: Sequence[Combination],
    bank: PatientBank,
    streams: Streams,
    *,
    replicates: int,
    workers: int = 1,
    on_progress: Advance = lambda _: None,
) -> list[SimulatedCombination]:
    """Simulate designs that share a bank.

    Parameters
    ----------
    combinations
        Designs with the same window of the baseline examination and the same visits.
    bank
        Patients with their outcomes without cells and in the wanted scenario.
    streams
        Random streams; same seed, same trials, whatever the number of replicates or workers.
    replicates
        Simulated trials of each design in each scenario.
    workers
        Threads that share the blocks of replicates.
    on_progress
        Called with the number of replicates of one design done since the last call.
    """
    prepared = _prepared(combinations, bank, streams)
    largest = max((each.plan for each in combinations), key=lambda plan: plan.total)

    def run(first: int) -> list[tuple[TrialEnds, TrialEnds]]:
        block = first // REPLICATES_PER_BLOCK
        enrolled = enrol(largest, bank, streams, name=ENROLMENT, block=block, size=largest.total)
        kept = slice(replicates - first)
        ends = [_ends(each, enrolled, block) for each in prepared]
        on_progress(len(enrolled.row[kept]) * len(combinations))
        return [(of_rows(null, kept), of_rows(wanted, kept)) for null, wanted in ends]

    nesting = nesting_of(bank, streams, range(replicates))
    blocks = list(in_threads(run, range(0, replicates, REPLICATES_PER_BLOCK), workers=workers))
    return [
        SimulatedCombination(
            combination=each,
            bank=bank,
            nesting=nesting,
            null=joined([block[place][0] for block in blocks]),
            wanted=joined([block[place][1] for block in blocks]),
            truths=prepared[place].truths[-1][0],  # of the wanted scenario and the only endpoint
        )
        for place, each in enumerate(combinations)
    ]


def _prepared(combinations: Sequence[Combination], bank: PatientBank, streams: Streams) -> list[Prepared]:
    """Return what blocks need of each design; designs with the same endpoint read the bank once."""
    by_endpoint: dict[int, Prepared] = {}
    for each in combinations:
        if each.endpoint not in by_endpoint:
            by_endpoint[each.endpoint] = prepare(each.plan, bank, streams)
    return [replace(by_endpoint[each.endpoint], plan=each.plan) for each in combinations]


def _ends(prepared: Prepared, enrolled: Enrolled, number: int) -> tuple[TrialEnds, TrialEnds]:
    """Return how a block of replicates ends in the null scenario and in the wanted one."""
    block = simulate_block(prepared, enrolled.of_first(prepared.plan.total), number)
    trials = join_blocks(prepared, [block])
    stops = [stops_of(prepared.plan, scenario, trials.course) for scenario in trials.scenarios]
    null, wanted = (TrialEnds(each.any_success, each.enrolled, each.day) for each in (stops[0], stops[-1]))
    return null, wanted
