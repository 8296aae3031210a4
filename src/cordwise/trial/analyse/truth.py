"""The true value of what a trial estimates: both outcomes of every patient in the bank are known.

The bank is analysed as one large trial in which every patient is in both arms.  For a difference this is the mean
difference of the paired outcomes; for an odds ratio or a chance of winning it is the value to which the estimate tends
as the trial grows.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.bank.bank import PatientBank
from cordwise.base.randomness import Streams
from cordwise.stats.two_arm.trials import Trials
from cordwise.trial.enrol.enrolment import Enrolled, strata_of
from cordwise.trial.observe.assemble import trials_of
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes
from cordwise.trial.plan.plan import Rating, TrialPlan

_PARTS = 20  # equal parts of the bank, whose spread gives the standard error of the whole
_DRAWS = 20  # of each patient's losses, spread evenly, so that their luck is no part of the truth
_STAYS = 1.0  # a uniform number that no chance of loss exceeds


@dataclass(frozen=True, slots=True)
class Truth:
    """The true value of an estimand, and its standard error as a statement about patients beyond the bank."""

    value: float
    bank_error: float


def true_value(
    plan: TrialPlan, bank: PatientBank, potential_outcomes: PotentialOutcomes, arm: int, streams: Streams
) -> Truth:
    """Return the true value of an endpoint's estimand for one treated arm, counted from 1."""
    plan, patients = replace(plan, rating=Rating()), np.arange(len(bank))  # what raters add is no part of the truth
    parts = np.array_split(patients, _PARTS)[:_PARTS]
    width = min(map(len, parts))
    whole = _value(plan, bank, potential_outcomes, patients[None, :], arm, streams)
    spread = _value(plan, bank, potential_outcomes, np.stack([part[:width] for part in parts]), arm, streams)
    usable = spread[np.isfinite(spread)]
    error = float(usable.std(ddof=1) / np.sqrt(len(usable))) if len(usable) > 1 else float("nan")
    return Truth(float(whole[0]), error)


def _value(
    plan: TrialPlan,
    bank: PatientBank,
    potential_outcomes: PotentialOutcomes,
    rows: Int[ndarray, "part patient"],
    arm: int,
    streams: Streams,
) -> Float[ndarray, " part"]:
    method = potential_outcomes.endpoint.method
    by_means = method.scale == "difference"
    enrolled = _everybody_twice(plan, potential_outcomes, rows, arm, streams, draws=_DRAWS if by_means else 1)
    enrolled = replace(enrolled, stratum=strata_of(plan, bank, enrolled.row))
    trials = trials_of(plan, potential_outcomes, enrolled, arm)
    if by_means:
        return _mean_difference(trials, potential_outcomes)
    return method.analyse(trials, streams("truth").generator(0)).estimate


def _mean_difference(trials: Trials, potential_outcomes: PotentialOutcomes) -> ndarray:
    half = trials.treated.shape[1] // 2
    both = trials.analysed[:, :half] & trials.analysed[:, half:]
    difference = (trials.outcome[:, half:] - trials.outcome[:, :half]) * both
    method = potential_outcomes.endpoint.method
    if method.name == "single_arm_exact":
        return (trials.outcome[:, half:] * both).sum(axis=1) / both.sum(axis=1) - method.benchmark
    return difference.sum(axis=1) / both.sum(axis=1)


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
    loses = endpoint.strategy in {"composite", "while_on_treatment", "principal_stratum"}
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
