"""Where each simulated trial ends, and whether it ends with success: looks, futility, harm, several treated arms."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.special import ndtr, ndtri

from cordwise.stats.multiplicity.many_to_one import dunnett_critical
from cordwise.stats.sequential import (
    Boundaries,
    BoundarySpec,
    boundaries,
    efficacy_limits_by_calendar,
    futility_limits,
)
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.trial.analyse.simulate import SimulatedScenario, TrialCourse
from cordwise.trial.plan.plan import TrialPlan

_LARGEST_Z = 37.0  # beyond it a p value is 0 in double precision


@dataclass(frozen=True, slots=True)
class Stops:
    """How every replicate of a scenario ends.

    Attributes
    ----------
    look
        The look at which it ends, counted from 0.
    success
        Treated arms found better; without looks, found different, which the two-sided level counts.
    futile, harmed
        Ended early without hope, or by the safety rule.
    enrolled, analysed
        Patients enrolled by the end, and those whose primary endpoint was due.
    day
        Days after the trial opened.
    efficacy, futility
        Limits of z at each look; the same for all replicates unless looks follow the calendar.
    """

    look: Int[ndarray, " replicate"]
    success: Bool[ndarray, "replicate arm"]
    futile: Bool[ndarray, " replicate"]
    harmed: Bool[ndarray, " replicate"]
    enrolled: Int[ndarray, " replicate"]
    analysed: Int[ndarray, " replicate"]
    day: Float[ndarray, " replicate"]
    efficacy: Float[ndarray, "replicate look"]
    futility: Float[ndarray, "replicate look"]

    @property
    def any_success(self) -> Bool[ndarray, " replicate"]:
        """Return whether any treated arm was found better."""
        return np.any(self.success, axis=1)


def z_of(estimates: Estimates) -> Float[ndarray, "*trial"]:
    """Return the signed z value of two-sided p values: positive where the treated do better."""
    size = np.clip(-ndtri(np.clip(estimates.p, 0.0, 1.0) / 2), 0.0, _LARGEST_Z)
    return np.where(np.isfinite(estimates.estimate), np.sign(np.nan_to_num(estimates.estimate)) * size, 0.0)


def adjusted_alpha(plan: TrialPlan) -> float:
    """Return the two-sided level at which each treated arm is tested on the primary endpoint."""
    alpha, arms = plan.primary.alpha, len(plan.treatments)
    if arms == 1 or plan.multiplicity == "none":
        return alpha
    if plan.has_looks or plan.multiplicity == "bonferroni":
        return alpha / arms
    return float(2 * ndtr(-dunnett_critical(plan.ratio, alpha / 2)))


def stops_of(plan: TrialPlan, result: SimulatedScenario, course: TrialCourse) -> Stops:
    """Return where every replicate of a scenario ends."""
    arms = result.primary.arms
    if plan.has_looks:
        z = np.stack([z_of(each.estimates) for each in arms], axis=2)
        efficacy, futility = limits(plan, course)
        hopeless = _below_futility(plan, z, futility, arms)
        above = z >= efficacy[:, :, None]
    else:
        p = np.stack([each.estimates.p for each in arms], axis=2)
        above = p <= adjusted_alpha(plan)
        hopeless = np.zeros(above.shape[:2], dtype=np.bool_)
        efficacy = futility = np.full(above.shape[:2], np.nan)
    return _ended(above, hopeless, course, (efficacy, futility))


def _ended(
    above: Bool[ndarray, "replicate look arm"],
    hopeless: Bool[ndarray, "replicate look"],
    course: TrialCourse,
    shown: tuple[ndarray, ndarray],
) -> Stops:
    looks, row = above.shape[1], np.arange(len(above))
    ends = above.any(axis=2) | hopeless
    ends[:, -1] = True
    look = ends.argmax(axis=1)
    harmed = (course.harm_patient >= 0) & (course.harm_day < course.day[row, look])
    success = above[row, look] & ~harmed[:, None]
    futile = ~success.any(axis=1) & ~harmed & (look < looks - 1)
    return Stops(
        look=look,
        success=success,
        futile=futile,
        harmed=harmed,
        enrolled=np.where(harmed, course.harm_patient, course.enrolled[row, look]),
        analysed=np.where(
            harmed, np.minimum(course.followed[row, look], course.harm_patient), course.followed[row, look]
        ),
        day=np.where(harmed, course.harm_day, course.day[row, look]),
        efficacy=shown[0],
        futility=shown[1],
    )


def limits(
    plan: TrialPlan, course: TrialCourse
) -> tuple[Float[ndarray, "replicate look"], Float[ndarray, "replicate look"]]:
    """Return the limits of z at every look of every replicate."""
    alpha, shape = adjusted_alpha(plan) / 2, course.day.shape
    if plan.by_calendar:
        information = course.followed / plan.total
        efficacy = efficacy_limits_by_calendar(boundary_spec(plan), information, alpha)
        rule = plan.futility
        none = np.full(shape, -np.inf)
        return efficacy, none if rule is None else futility_limits(rule, information, efficacy[:, -1])
    planned = planned_boundaries(plan)
    return np.broadcast_to(planned.efficacy, shape), np.broadcast_to(planned.futility, shape)


def planned_boundaries(plan: TrialPlan) -> Boundaries:
    """Return the boundaries of looks that are planned by patients."""
    information = [size / plan.total for size in plan.looks]
    return boundaries(boundary_spec(plan), information, alpha=adjusted_alpha(plan) / 2)


def boundary_spec(plan: TrialPlan) -> BoundarySpec:
    """Return the family of the plan's boundaries at the level of one treated arm.

    By the calendar futility is held apart: its limits follow from what has come in.
    """
    share = adjusted_alpha(plan) / plan.primary.alpha  # of the alpha to spend, where several arms share it
    spent = tuple(share * each for each in plan.boundary.cumulative_alpha)
    futility = None if plan.by_calendar else plan.futility
    return replace(plan.boundary, cumulative_alpha=spent, futility=futility)


def _below_futility(
    plan: TrialPlan, z: Float[ndarray, "replicate look arm"], futility: Float[ndarray, "replicate look"], arms: tuple
) -> Bool[ndarray, "replicate look"]:
    """Return where no treated arm gives hope; the last look has no rule of its own."""
    hopeless = np.zeros(z.shape[:2], dtype=np.bool_)
    if plan.least_points:
        estimates = np.stack([each.estimates.estimate for each in arms], axis=2)
        hopeless[:, :-1] = (estimates[:, :-1] < np.asarray(plan.least_points)[:, None]).all(axis=2)
    elif plan.futility is not None:
        hopeless[:, :-1] = (z[:, :-1] < futility[:, :-1, None]).all(axis=2)
    return hopeless
