"""What may be said of the effect after a trial that could have stopped early: free of the bias of the stopping rule.

The estimate at the stop leans away from the null, because trials stop on a high.  The median-unbiased estimate and its
interval by the stage-wise ordering do not.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.stats.nested_means import NestedMean, Nesting
from cordwise.stats.sequential import final_inference
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.trial.analyse.truth import Truth
from cordwise.trial.characteristics.against_truth import against_truth
from cordwise.trial.decide.stopping import Stops, adjusted_alpha, planned_boundaries, z_of
from cordwise.trial.plan.plan import TrialPlan


@dataclass(frozen=True, slots=True)
class AfterStopping:
    """The median-unbiased estimate: how often it lies above the truth (half is right), and its interval's coverage."""

    median: float
    above_truth: NestedMean
    mean_bias: NestedMean
    coverage: NestedMean


def after_stopping(
    plan: TrialPlan, estimates: Estimates, stops: Stops, truth: Truth, nesting: Nesting
) -> AfterStopping | None:
    """Return the inference after stopping on the primary endpoint; None where the looks are not planned by patients."""
    if not plan.has_looks or plan.by_calendar:
        return None
    row, z = np.arange(len(stops.look)), z_of(estimates)
    at_stop, naive = z[row, stops.look], estimates.estimate[row, stops.look]
    found = final_inference(planned_boundaries(plan), stops.look, at_stop, alpha=adjusted_alpha(plan) / 2)
    unit = _unit(plan, naive, at_stop, stops)
    estimate, low, high = (values * unit for values in (found.estimate, found.low, found.high))
    usable = np.isfinite(estimate)
    if not usable.any():
        return None
    beside = against_truth(np.where(usable, estimate, np.nan), truth, nesting)
    return AfterStopping(
        median=float(np.median(estimate[usable])),
        above_truth=beside.above_truth,
        mean_bias=beside.bias,
        coverage=beside.coverage(low, high),
    )


def _unit(
    plan: TrialPlan, estimate: Float[ndarray, " replicate"], z: Float[ndarray, " replicate"], stops: Stops
) -> Float[ndarray, " replicate"]:
    """Return what one unit of drift is worth in the endpoint's unit: the standard error the whole trial would have."""
    share = np.asarray(plan.looks, float)[stops.look] / plan.total
    error = np.divide(estimate, z, out=np.full_like(z, np.nan), where=z != 0)
    return np.abs(error) * np.sqrt(share)
