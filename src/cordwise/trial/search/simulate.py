"""The replicates of every design that shares one bank: one enrolment serves all sizes, endpoints and looks.

A smaller trial is the first patients of a larger one, so that two sizes differ by what more patients bring.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.bank.bank import PatientBank
from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.trial.analyse.blocks import cut, in_order, joined
from cordwise.trial.analyse.simulate import (
    ENROLMENT,
    ArmResult,
    EndpointResult,
    Prepared,
    ScenarioResult,
    simulate_block,
)
from cordwise.trial.analyse.truth import Truth, true_value
from cordwise.trial.decide.stopping import stops_of
from cordwise.trial.enrol.enrolment import REPLICATES_PER_BLOCK, Enrolled, enrol
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes, potential_outcomes_of
from cordwise.trial.plan.plan import TrialPlan
from cordwise.trial.search.combinations import Combination


@dataclass(frozen=True, slots=True)
class TrialEnds:
    """How the replicates of one design end in one scenario."""

    rejects: Bool[ndarray, " replicate"]
    enrolled: Int[ndarray, " replicate"]
    day: Float[ndarray, " replicate"]


@dataclass(frozen=True, slots=True)
class SearchSetting:
    """One endpoint choice on one bank: its prospects and truths by scenario, the null first."""

    potential_outcomes: tuple[PotentialOutcomes, ...]
    truths: tuple[tuple[Truth, ...], ...]


@dataclass(frozen=True, slots=True)
class SimulatedDesign:
    """One design simulated in the null scenario and in the wanted one; `truth` is that of each treated arm."""

    combination: Combination
    ids: Int[ndarray, " bank"]
    null: TrialEnds
    wanted: TrialEnds
    truth: tuple[Truth, ...]


def simulate_combinations(
    combinations: Sequence[Combination],
    bank: PatientBank,
    streams: Streams,
    *,
    replicates: int,
    workers: int = 1,
    on_progress: Advance = lambda _: None,
) -> list[SimulatedDesign]:
    """Simulate designs that share a bank; `on_progress` hears of replicates of one design."""
    settings = {each.endpoint: _setting(each.plan, bank, streams) for each in combinations}
    prepared = [(_prepared(each, settings, bank, streams), settings[each.endpoint]) for each in combinations]
    largest = max((each.plan for each in combinations), key=lambda plan: plan.total)

    def run(first: int) -> list[tuple[TrialEnds, TrialEnds]]:
        block = first // REPLICATES_PER_BLOCK
        enrolled = enrol(largest, bank, streams, name=ENROLMENT, block=block, size=largest.total)
        kept = slice(replicates - first)
        ends = [_ends(*each, enrolled, block) for each in prepared]
        on_progress(len(enrolled.row[kept]) * len(combinations))
        return [(cut(null, kept), cut(wanted, kept)) for null, wanted in ends]

    blocks = list(in_order(run, range(0, replicates, REPLICATES_PER_BLOCK), workers))
    return [
        SimulatedDesign(
            each,
            bank.ids,
            joined([block[place][0] for block in blocks]),
            joined([block[place][1] for block in blocks]),
            settings[each.endpoint].truths[-1],
        )
        for place, each in enumerate(combinations)
    ]


def _setting(plan: TrialPlan, bank: PatientBank, streams: Streams) -> SearchSetting:
    potential_outcomes = tuple(potential_outcomes_of(plan, bank, scenario)[0] for scenario in plan.scenarios)
    arms = range(1, len(plan.treatments) + 1)
    truths = tuple(tuple(true_value(plan, bank, each, arm, streams) for arm in arms) for each in potential_outcomes)
    return SearchSetting(potential_outcomes, truths)


def _prepared(
    combination: Combination, settings: Mapping[int, SearchSetting], bank: PatientBank, streams: Streams
) -> Prepared:
    potential_outcomes = settings[combination.endpoint].potential_outcomes
    return Prepared(combination.plan, bank, streams, tuple((each,) for each in potential_outcomes))


def _ends(prepared: Prepared, setting: SearchSetting, enrolled: Enrolled, number: int) -> tuple[TrialEnds, TrialEnds]:
    """Return how a block of replicates ends in the null scenario and in the wanted one."""
    block = simulate_block(prepared, enrolled.of_first(prepared.plan.total), number)
    found = []
    for place, scenario in enumerate(prepared.plan.scenarios):
        arms = tuple(
            ArmResult(treatment.arm, truth, *block.estimates[place, 0, arm])
            for arm, (treatment, truth) in enumerate(
                zip(prepared.plan.treatments, setting.truths[place], strict=True), start=1
            )
        )
        result = ScenarioResult(scenario, (EndpointResult(setting.potential_outcomes[place], arms),))
        stops = stops_of(prepared.plan, result, block.course)
        found.append(TrialEnds(stops.any_success, stops.enrolled, stops.day))
    return found[0], found[-1]
