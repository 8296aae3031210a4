"""From who is enrolled to what an analysis sees: outcomes by arm, with losses handled as the estimand says."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.stats.two_arm.trials import OrderedItems, Trials, Visits
from cordwise.trial.enrol.enrolment import Enrolled
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes, gone_by_visit
from cordwise.trial.plan.plan import TrialPlan

_WORST = -1e6  # below every score, for the components of whoever failed


@dataclass(frozen=True, slots=True)
class _Seen:
    """Outcomes as they would be recorded, and what of them is there at each visit."""

    series: Float[ndarray, "replicate patient visit"]
    seen: Bool[ndarray, "replicate patient visit"]
    failed: Bool[ndarray, "replicate patient"]  # a loss that counts as the worst outcome


def trials_of(plan: TrialPlan, potential_outcomes: PotentialOutcomes, enrolled: Enrolled, arm: int) -> Trials:
    """Return one treated arm (counted from 1) against the control, as the endpoint's analysis sees it."""
    record = _recorded(plan, potential_outcomes, enrolled)
    in_pair = (enrolled.arm == 0) | (enrolled.arm == arm)
    trials = Trials(
        treated=enrolled.arm == arm,
        analysed=in_pair & (record.seen[:, :, -1] | record.failed),
        outcome=np.where(record.failed, potential_outcomes.worst[enrolled.row], record.series[:, :, -1]),
        baseline=potential_outcomes.baseline[enrolled.row],
        stratum=enrolled.stratum,
    )
    if potential_outcomes.endpoint.missing == "last_seen":
        return _last_seen(trials, record, in_pair)
    return _with_details(trials, potential_outcomes, enrolled, record, in_pair)


def _recorded(plan: TrialPlan, potential_outcomes: PotentialOutcomes, enrolled: Enrolled) -> _Seen:
    """Return what is recorded, after withdrawal, further events and assessors who know the arm."""
    endpoint, row = potential_outcomes.endpoint, enrolled.row
    series = potential_outcomes.series[enrolled.arm, row] + _rater_shift(plan, potential_outcomes, enrolled)[:, :, None]
    withdrawn = gone_by_visit(enrolled.withdrawal, potential_outcomes.losses.withdrawn, row)
    seen, failed = ~withdrawn, np.zeros(row.shape, dtype=np.bool_)
    if endpoint.strategy == "composite":
        failed |= withdrawn[:, :, -1]
    for index, event in enumerate(plan.events):
        happened = gone_by_visit(enrolled.event[:, :, index], potential_outcomes.losses.event[:, :, index], row)
        strategy = endpoint.strategy_for(event.name)
        if strategy == "composite":
            failed |= happened[:, :, -1]
        elif event.fatal or strategy != "treatment_policy":
            seen = seen & ~happened
        else:
            points = event.points.get(endpoint.kind.score, 0.0)
            series = _within(potential_outcomes, series + points * happened, enrolled)
    return _Seen(series, seen, failed)


def _rater_shift(
    plan: TrialPlan, potential_outcomes: PotentialOutcomes, enrolled: Enrolled
) -> Float[ndarray, "replicate patient"]:
    """Return what assessors who know the arm add to treated patients: points, or one AIS grade too many."""
    rating, kind = plan.rating, potential_outcomes.endpoint.kind
    shift = np.zeros(enrolled.row.shape)
    if rating.is_blinded:
        return shift
    treated, value = enrolled.arm > 0, potential_outcomes.outcome[enrolled.arm, enrolled.row]
    if potential_outcomes.graded_up is not None:
        graded_up = potential_outcomes.graded_up[enrolled.arm, enrolled.row]
        return np.where(treated & (enrolled.rater < rating.upgrade_rate), graded_up - value, shift)
    points = rating.points.get(kind.score, 0.0)
    return np.where(
        treated, _within(potential_outcomes, (value + points)[:, :, None], enrolled)[:, :, 0] - value, shift
    )


def _within(
    potential_outcomes: PotentialOutcomes, series: Float[ndarray, "replicate patient visit"], enrolled: Enrolled
) -> Float[ndarray, "replicate patient visit"]:
    """Keep scores inside their scale; a composite has none of its own."""
    kind = potential_outcomes.endpoint.kind
    if kind.kind == "composite":
        return series
    least = potential_outcomes.worst[enrolled.row][:, :, None]
    return np.clip(series, least, least + kind.top)


def _last_seen(trials: Trials, record: _Seen, in_pair: Bool[ndarray, "replicate patient"]) -> Trials:
    """Return the trials with the last value seen; whoever was never seen again is not analysed."""
    visits = np.arange(record.seen.shape[2])
    last = np.where(record.seen, visits, -1).max(axis=2)
    value = np.take_along_axis(record.series, np.maximum(last, 0)[:, :, None], axis=2)[:, :, 0]
    return replace(trials, outcome=value, analysed=in_pair & (last >= 0))


def _with_details(
    trials: Trials,
    potential_outcomes: PotentialOutcomes,
    enrolled: Enrolled,
    record: _Seen,
    in_pair: Bool[ndarray, "replicate patient"],
) -> Trials:
    needs = potential_outcomes.endpoint.method.needs
    if potential_outcomes.endpoint.method.sees_visits:
        return replace(trials, visits=Visits(record.series, record.seen), analysed=in_pair)
    if needs == "components" and potential_outcomes.components is not None:
        components = potential_outcomes.components[enrolled.arm, enrolled.row]
        return replace(trials, components=np.where(record.failed[:, :, None], _WORST, components))
    if needs == "muscles" and potential_outcomes.muscles is not None:
        return replace(trials, items=_muscles_of(potential_outcomes.muscles, enrolled))
    return trials


def _muscles_of(muscles: tuple[OrderedItems, ...], enrolled: Enrolled) -> OrderedItems:
    by_arm = np.concatenate([each.outcome for each in muscles])
    return OrderedItems(muscles[0].baseline[0][enrolled.row], by_arm[enrolled.arm, enrolled.row])
