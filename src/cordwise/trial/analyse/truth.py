"""The true value of what a trial estimates: both outcomes of every person in the bank are known.

A trial happens in one set of parameters, and its truth is that of such people.  Each group of a set is analysed as one
large trial in which everybody is in both arms.  For a difference this is the mean difference of the paired outcomes;
for an odds ratio or a chance of winning it is the value to which the estimate tends as the trial grows.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.bank.bank import PatientBank
from cordwise.base.randomness import Streams
from cordwise.stats.nested_means import NestedMean, Nesting, nested_mean
from cordwise.stats.two_arm.trials import Trials
from cordwise.trial.enrol.enrolment import Enrolled, strata_of
from cordwise.trial.observe.assemble import trials_of
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes
from cordwise.trial.plan.plan import Rating, TrialPlan

_DRAWS = 4  # of each person's losses, spread evenly, so that their luck is hardly a part of the truth
_LOSING = {"composite", "while_on_treatment", "principal_stratum"}  # strategies for which withdrawal matters
_STAYS = 1.0  # a uniform number that no chance of loss exceeds


@dataclass(frozen=True, slots=True, eq=False)
class TruthElsewhere:
    """What people whom a replicate never meets say of the truth in its set of parameters."""

    mean: Float[ndarray, " replicate"]
    variance: float


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The true value of an estimand in every group of every parameter set, and over the sets.

    The errors of `over_sets` are those of the people alone.
    """

    by_group: Float[ndarray, "set group"]
    over_sets: NestedMean

    @property
    def value(self) -> float:
        """Return the mean over the parameter sets."""
        return self.over_sets.value

    @property
    def bank_error(self) -> float:
        """Return the standard error of that mean as a statement about ever more such people."""
        return self.over_sets.mcse

    def own(self, nesting: Nesting) -> Float[ndarray, " replicate"]:
        """Return the true value in the people from whom each replicate draws."""
        return self.by_group[nesting.set_place, nesting.group]

    def elsewhere(self, nesting: Nesting) -> TruthElsewhere:
        """Return the truth of each replicate's set as the other groups of the set tell it.

        Their mean is drawn towards that of all sets by its noise (empirical Bayes), so that a replicate's own people do
        not flatter it.  Where a set has one group only, its own is all there is.
        """
        sets, groups = self.by_group.shape
        if groups == 1:
            return TruthElsewhere(self.own(nesting), 0.0)
        others = (self.by_group.sum(axis=1, keepdims=True) - self.by_group) / (groups - 1)
        between = float(np.nan_to_num(self.over_sets.parameters)) ** 2
        noise = self.bank_error**2 * sets * groups / (groups - 1)
        weight = between / (between + noise) if between + noise > 0 else 1.0
        drawn = self.value + weight * (others - self.value)
        return TruthElsewhere(drawn[nesting.set_place, nesting.group], weight * noise)


def true_value(
    plan: TrialPlan, bank: PatientBank, potential_outcomes: PotentialOutcomes, arm: int, streams: Streams
) -> Truth:
    """Return the true value of an endpoint's estimand for one treated arm, counted from 1."""
    plan = replace(plan, rating=Rating())  # what raters add is no part of the truth
    value = _value(plan, bank, potential_outcomes, bank.rows.reshape(-1, bank.people), arm, streams)
    set_place, group = (each.ravel() for each in np.indices((bank.sets, bank.groups)))
    over_sets = nested_mean(value, Nesting(set_place, group, bank.sets, bank.parents), least_degrees=1)
    return Truth(value.reshape(bank.sets, bank.groups), over_sets)


def _value(
    plan: TrialPlan,
    bank: PatientBank,
    potential_outcomes: PotentialOutcomes,
    rows: Int[ndarray, "part patient"],
    arm: int,
    streams: Streams,
) -> Float[ndarray, " part"]:
    method, endpoint = potential_outcomes.endpoint.method, potential_outcomes.endpoint
    by_means = method.scale == "difference"
    loses = endpoint.strategy in _LOSING or bool(plan.events)
    enrolled = _everybody_twice(plan, potential_outcomes, rows, arm, streams, draws=_DRAWS if by_means and loses else 1)
    enrolled = replace(enrolled, stratum=strata_of(plan, bank, enrolled.row))
    trials = trials_of(plan, potential_outcomes, enrolled, arm)
    if by_means:
        return _mean_difference(trials, potential_outcomes)
    return method.analyse(trials, streams("truth").generator(0)).estimate


def _mean_difference(trials: Trials, potential_outcomes: PotentialOutcomes) -> ndarray:
    half = trials.treated.shape[1] // 2
    both = trials.analysed[:, :half] & trials.analysed[:, half:]
    method, count = potential_outcomes.endpoint.method, both.sum(axis=1)
    alone = method.name == "single_arm_exact"
    value = trials.outcome[:, half:] - (method.benchmark if alone else trials.outcome[:, :half])
    return np.divide((value * both).sum(axis=1), count, out=np.full(len(count), np.nan), where=count > 0)


def _everybody_twice(
    plan: TrialPlan,
    potential_outcomes: PotentialOutcomes,
    rows: Int[ndarray, "part patient"],
    arm: int,
    streams: Streams,
    *,
    draws: int,
) -> Enrolled:
    """Return every patient in the control arm and again in the treated arm, with the same losses, so many times over.

    Where the estimand asks for what would have been without withdrawal, nobody withdraws.
    """
    endpoint, size = potential_outcomes.endpoint, (draws, len(potential_outcomes.baseline))
    loses = endpoint.strategy in _LOSING
    draw = np.repeat(np.arange(draws), rows.shape[1])
    rows = np.tile(rows, draws)
    shape = rows.shape
    withdrawal = _evenly(streams("truth/withdrawal").generator(0), size)[draw, rows]
    generator = streams("truth/events").generator(0)
    event = np.ones((*shape, len(plan.events)))
    for index in range(len(plan.events)):
        event[:, :, index] = _evenly(generator, size)[draw, rows]
    for index, each in enumerate(plan.events):
        if endpoint.strategy_for(each.name) == "hypothetical":
            event[:, :, index] = _STAYS
    zeros = np.zeros((shape[0], 2 * shape[1]), dtype=np.int64)
    return Enrolled(
        row=np.tile(rows, 2),
        arm=np.repeat([[0, arm]], shape[1], axis=1) + zeros,
        stratum=zeros,
        site=zeros,
        arrival=zeros.astype(np.float64),
        withdrawal=np.tile(withdrawal if loses else np.full(shape, _STAYS), 2),
        event=np.tile(event, (1, 2, 1)),
        rater=np.full(zeros.shape, _STAYS),
        harm=np.full(zeros.shape, _STAYS),
    )


def _evenly(generator: np.random.Generator, size: tuple[int, int]) -> Float[ndarray, "draw patient"]:
    """Return uniform numbers of which each patient's lie one in each of as many equal parts, in random order."""
    part = generator.permuted(np.tile(np.arange(size[0])[:, None], (1, size[1])), axis=0)
    return (part + generator.random(size)) / size[0]
