"""Simulated trials: patients drawn from the bank, analysed by the thousand, in every scenario the same draws.

Replicates are taken in blocks; each block is enrolled, analysed at every look and let go, so that memory does not grow
with the number of replicates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.bank.bank import PatientBank
from cordwise.base.batches import joined, of_rows
from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.base.threads import in_threads
from cordwise.stats.nested_means import Nesting
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.trials import Trials
from cordwise.trial.analyse.truth import Truth, true_value
from cordwise.trial.enrol.enrolment import Enrolled, enrol
from cordwise.trial.enrol.predictability import excess_correct_guesses
from cordwise.trial.enrol.sets import REPLICATES_PER_BLOCK, nesting_of
from cordwise.trial.observe.assemble import trials_of
from cordwise.trial.observe.looks import LookTimes, look_times
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes, potential_outcomes_of
from cordwise.trial.observe.safety_watch import stop_for_harm
from cordwise.trial.plan.endpoints import PlannedEndpoint
from cordwise.trial.plan.plan import PlannedScenario, TrialPlan

ENROLMENT = "enrolment"
_GUESSED_BLOCKS = 5  # of replicates, by which the predictability of the lists is known to a tenth of a per cent


@dataclass(frozen=True, slots=True)
class Described:
    """What each trial's last look shows of the arms, in the endpoint's unit."""

    control_mean: Float[ndarray, " replicate"]
    treated_mean: Float[ndarray, " replicate"]
    control_sd: Float[ndarray, " replicate"]


@dataclass(frozen=True, slots=True)
class SimulatedArm:
    """One endpoint for one treated arm: its truth, and its estimates at every look of every replicate."""

    arm: str
    truth: Truth
    estimates: Estimates  # "replicate look"
    described: Described


@dataclass(frozen=True, slots=True)
class SimulatedEndpoint:
    """One endpoint in one scenario, for every treated arm."""

    potential_outcomes: PotentialOutcomes
    arms: tuple[SimulatedArm, ...]

    @property
    def endpoint(self) -> PlannedEndpoint:
        """Return what was planned."""
        return self.potential_outcomes.endpoint


@dataclass(frozen=True, slots=True)
class TrialCourse:
    """How every replicate runs, whatever it finds: the looks' days and numbers, and where harm would stop it."""

    day: Float[ndarray, "replicate look"]
    followed: Int[ndarray, "replicate look"]
    enrolled: Int[ndarray, "replicate look"]
    harm_patient: Int[ndarray, " replicate"]  # patients enrolled when harm stops the trial; -1 where it does not
    harm_day: Float[ndarray, " replicate"]
    excess_guesses: Float[ndarray, " replicate"]  # NaN after the first blocks, which are enough


@dataclass(frozen=True, slots=True)
class SimulatedScenario:
    """All endpoints in one scenario, in the plan's order."""

    scenario: PlannedScenario
    endpoints: tuple[SimulatedEndpoint, ...]

    @property
    def primary(self) -> SimulatedEndpoint:
        """Return the primary endpoint."""
        return next(each for each in self.endpoints if each.endpoint.is_primary)


@dataclass(frozen=True, slots=True)
class SimulatedTrials:
    """Every replicate of a plan in every scenario, with the parameter set and the group of people it draws from."""

    plan: TrialPlan
    seed: int
    nesting: Nesting
    scenarios: tuple[SimulatedScenario, ...]
    course: TrialCourse

    @property
    def replicates(self) -> int:
        """Return the number of simulated trials in each scenario."""
        return len(self.nesting)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of replicates: estimates by scenario, endpoint and arm."""

    estimates: dict[tuple[int, int, int], tuple[Estimates, Described]]
    course: TrialCourse

    def __getitem__(self, chosen: slice) -> "Block":
        """Return some of the replicates; a block is simulated whole, since its replicates share the draws."""
        estimates = {
            key: (of_rows(found, chosen), of_rows(shown, chosen)) for key, (found, shown) in self.estimates.items()
        }
        return Block(estimates, of_rows(self.course, chosen))


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that blocks of replicates share: what the bank says of each endpoint in each scenario, found once for a run.

    `potential_outcomes` is by scenario and endpoint, `truths` by scenario, endpoint and treated arm.
    """

    plan: TrialPlan
    bank: PatientBank
    streams: Streams
    potential_outcomes: tuple[tuple[PotentialOutcomes, ...], ...]
    truths: tuple[tuple[tuple[Truth, ...], ...], ...]


def prepare(plan: TrialPlan, bank: PatientBank, streams: Streams) -> Prepared:
    """Return what the bank says of every endpoint in every scenario.

    Parameters
    ----------
    plan
        The trial.
    bank
        Patients with their outcomes without cells and in every scenario, as each treated arm has them.
    streams
        Random streams; same seed, same trials, whatever the number of replicates or workers.
    """
    found = tuple(potential_outcomes_of(plan, bank, scenario) for scenario in plan.scenarios)
    arms = range(1, len(plan.treatments) + 1)
    truths = tuple(
        tuple(tuple(true_value(plan, bank, each, arm, streams) for arm in arms) for each in scenario)
        for scenario in found
    )
    return Prepared(plan, bank, streams, found, truths)


def simulate_replicates(
    prepared: Prepared, *, replicates: int, workers: int = 1, on_progress: Advance = lambda _: None
) -> SimulatedTrials:
    """Simulate a plan's trials in every scenario.

    Parameters
    ----------
    prepared
        The trial and its bank.
    replicates
        Simulated trials in each scenario.
    workers
        Threads that share the blocks.
    on_progress
        Called with the number of replicates done since the last call.
    """
    blocks = simulate_blocks(prepared, range(replicates), workers=workers, on_progress=on_progress)
    return join_blocks(prepared, blocks)


def simulate_blocks(
    prepared: Prepared, replicates: range, *, workers: int = 1, on_progress: Advance = lambda _: None
) -> list["Block"]:
    """Return a range of replicates, which starts with a block, block by block."""

    def run(first: int) -> Block:
        number = first // REPLICATES_PER_BLOCK
        enrolled = enrol(
            prepared.plan, prepared.bank, prepared.streams, name=ENROLMENT, block=number, size=prepared.plan.total
        )
        return simulate_block(prepared, enrolled, number)[: replicates.stop - first]

    blocks = []
    for block in in_threads(run, range(replicates.start, replicates.stop, REPLICATES_PER_BLOCK), workers=workers):
        blocks.append(block)
        on_progress(len(block.course.day))
    return blocks


def join_blocks(prepared: Prepared, blocks: Sequence["Block"]) -> SimulatedTrials:
    """Return blocks of replicates as one, with the truth of every estimand."""
    course = joined([block.course for block in blocks])
    scenarios = tuple(
        SimulatedScenario(scenario, tuple(_endpoints(prepared, at, blocks)))
        for at, scenario in enumerate(prepared.plan.scenarios)
    )
    nesting = nesting_of(prepared.bank, prepared.streams, range(len(course.day)))
    return SimulatedTrials(prepared.plan, prepared.streams.seed, nesting, scenarios, course)


def simulate_block(prepared: Prepared, enrolled: Enrolled, block: int) -> Block:
    """Return what every look of every trial of a block finds, in every scenario."""
    plan = prepared.plan
    looks, estimates = look_times(plan, prepared.bank, enrolled), {}
    for s, scenario in enumerate(prepared.potential_outcomes):
        for e, expected in enumerate(scenario):
            for arm in range(1, len(plan.treatments) + 1):
                trials = trials_of(plan, expected, enrolled, arm)
                key = (block, e, arm)
                found = estimates_at(trials, expected.endpoint, looks.seen, prepared.streams, key)
                estimates[s, e, arm] = found, _describe(trials)
    return Block(estimates, _course(plan, enrolled, looks, block))


def estimates_at(
    trials: Trials,
    endpoint: PlannedEndpoint,
    seen: Iterable[ndarray],
    streams: Streams,
    key: tuple[int, ...],
) -> Estimates:
    """Return the estimates "replicate look" when each look sees some of the patients; `key` names the draws."""
    found = [
        endpoint.method.analyse(
            replace(trials, analysed=trials.analysed & some), streams("imputation").generator(*key, look)
        )
        for look, some in enumerate(seen)
    ]
    return Estimates(*(np.stack([getattr(each, item.name) for each in found], axis=1) for item in fields(Estimates)))


def _describe(trials: Trials) -> Described:
    control, treated = trials.analysed & ~trials.treated, trials.analysed & trials.treated
    mean, squares = _mean(trials.outcome, control), _mean(trials.outcome**2, control)
    count = control.sum(axis=1)
    variance = np.maximum(squares - mean**2, 0.0) * count / np.maximum(count - 1, 1)
    return Described(mean, _mean(trials.outcome, treated), np.sqrt(variance))


def _mean(values: ndarray, of: ndarray) -> Float[ndarray, " replicate"]:
    count = of.sum(axis=1)
    total = np.where(of, values, 0.0).sum(axis=1)
    return np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)


def _course(plan: TrialPlan, enrolled: Enrolled, looks: LookTimes, block: int) -> TrialCourse:
    patient, day = stop_for_harm(plan, enrolled)
    guesses = np.nan
    if block < _GUESSED_BLOCKS and not plan.is_single_arm:
        guesses = excess_correct_guesses(enrolled.arm, enrolled.stratum, plan.ratio)
    return TrialCourse(looks.day, looks.followed, looks.enrolled, patient, day, np.full(len(day), guesses))


def _endpoints(prepared: Prepared, scenario: int, blocks: Sequence[Block]) -> Iterable[SimulatedEndpoint]:
    for e, expected in enumerate(prepared.potential_outcomes[scenario]):
        arms = []
        for arm, treatment in enumerate(prepared.plan.treatments, start=1):
            parts = [block.estimates[scenario, e, arm] for block in blocks]
            truth = prepared.truths[scenario][e][arm - 1]
            estimates = joined([part[0] for part in parts])
            described = joined([part[1] for part in parts])
            arms.append(SimulatedArm(treatment.arm, truth, estimates, described))
        yield SimulatedEndpoint(expected, tuple(arms))
