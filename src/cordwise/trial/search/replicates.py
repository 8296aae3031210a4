"""The replicates of every design that shares one bank: one enrolment serves all sizes, endpoints and looks.

A smaller trial is the first patients of a larger one, so that two sizes differ by what more patients bring.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.cohort.bank import PatientBank
from cordwise.progress import Advance
from cordwise.randomness import Streams
from cordwise.trial.assemble import trials_of
from cordwise.trial.conduct.enrolment import REPLICATES_PER_BLOCK, Enrolled, enrol
from cordwise.trial.looks import LookTimes, look_times
from cordwise.trial.plan import TrialPlan
from cordwise.trial.prospects import Prospects, prospects_of
from cordwise.trial.safety_watch import stop_for_harm
from cordwise.trial.search.combinations import Combination
from cordwise.trial.simulate import (
    ENROLMENT,
    ArmResult,
    Course,
    Described,
    EndpointResult,
    ScenarioResult,
    estimates_at,
)
from cordwise.trial.stopping import stops_of
from cordwise.trial.truth import Truth, true_value

_NOT_DESCRIBED = Described(*(np.empty(0),) * 3)  # a search reads no means of the arms


@dataclass(frozen=True, slots=True)
class Ends:
    """How the replicates of one design end in one scenario."""

    rejects: Bool[ndarray, " replicate"]
    enrolled: Int[ndarray, " replicate"]
    day: Float[ndarray, " replicate"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One endpoint choice on one bank: its prospects and truths by scenario, the null first."""

    prospects: tuple[Prospects, ...]
    truths: tuple[tuple[Truth, ...], ...]


@dataclass(frozen=True, slots=True)
class Simulated:
    """One design simulated in the null scenario and in the wanted one; `truth` is that of each treated arm."""

    combination: Combination
    ids: Int[ndarray, " bank"]
    null: Ends
    wanted: Ends
    truth: tuple[Truth, ...]


def simulate_combinations(
    combinations: Sequence[Combination],
    bank: PatientBank,
    streams: Streams,
    *,
    replicates: int,
    workers: int = 1,
    on_progress: Advance = lambda _: None,
) -> list[Simulated]:
    """Simulate designs that share a bank; `on_progress` hears of replicates of one design."""
    settings = {each.endpoint: _setting(each.plan, bank, streams) for each in combinations}
    largest = max((each.plan for each in combinations), key=lambda plan: plan.total)

    def run(first: int) -> list[tuple[Ends, Ends]]:
        block = first // REPLICATES_PER_BLOCK
        enrolled = enrol(largest, bank, streams, name=ENROLMENT, block=block, size=largest.total)
        enrolled = enrolled[: replicates - first]
        ends = [_ends(each.plan, settings[each.endpoint], bank, enrolled, streams, block) for each in combinations]
        on_progress(len(enrolled.row) * len(combinations))
        return ends

    blocks = list(_each(run, range(0, replicates, REPLICATES_PER_BLOCK), workers))
    return [
        Simulated(
            each,
            bank.ids,
            _joined([block[place][0] for block in blocks]),
            _joined([block[place][1] for block in blocks]),
            settings[each.endpoint].truths[-1],
        )
        for place, each in enumerate(combinations)
    ]


def _each(run: Callable[[int], list], firsts: Sequence[int], workers: int) -> Iterable[list]:
    if workers == 1:
        yield from map(run, firsts)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(run, firsts)


def _setting(plan: TrialPlan, bank: PatientBank, streams: Streams) -> Setting:
    prospects = tuple(prospects_of(plan, bank, scenario)[0] for scenario in plan.scenarios)
    arms = range(1, len(plan.treatments) + 1)
    truths = tuple(tuple(true_value(plan, bank, each, arm, streams) for arm in arms) for each in prospects)
    return Setting(prospects, truths)


def _ends(
    plan: TrialPlan, setting: Setting, bank: PatientBank, enrolled: Enrolled, streams: Streams, block: int
) -> tuple[Ends, Ends]:
    """Return how a block of replicates ends in the null scenario and in the wanted one."""
    entered = _first(enrolled, plan.total)
    looks = look_times(plan, bank, entered)
    course = _course(plan, entered, looks)
    found = []
    for place, scenario in enumerate(plan.scenarios):
        arms = _arms(plan, setting, place, entered, looks, (streams, block))
        result = ScenarioResult(scenario, (EndpointResult(setting.prospects[place], arms),))
        stops = stops_of(plan, result, course)
        found.append(Ends(stops.any_success, stops.enrolled, stops.day))
    return found[0], found[-1]


def _arms(
    plan: TrialPlan, setting: Setting, scenario: int, entered: Enrolled, looks: LookTimes, key: tuple[Streams, int]
) -> tuple[ArmResult, ...]:
    prospects, (streams, block) = setting.prospects[scenario], key
    results = []
    for arm, treatment in enumerate(plan.treatments, start=1):
        trials = trials_of(plan, prospects, entered, arm)
        estimates = estimates_at(trials, prospects.endpoint, looks.seen, streams, (block, 0, arm))
        results.append(ArmResult(treatment.arm, setting.truths[scenario][arm - 1], estimates, _NOT_DESCRIBED))
    return tuple(results)


def _course(plan: TrialPlan, entered: Enrolled, looks: LookTimes) -> Course:
    patient, day = stop_for_harm(plan, entered)
    return Course(looks.day, looks.followed, looks.enrolled, patient, day, np.zeros(len(day)))


def _first(enrolled: Enrolled, patients: int) -> Enrolled:
    """Return the first patients to enter in every replicate."""
    return Enrolled(*(getattr(enrolled, each.name)[:, :patients] for each in fields(enrolled)))


def _joined(parts: Sequence[Ends]) -> Ends:
    return Ends(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Ends)))
