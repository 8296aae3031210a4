"""Operating characteristics of an endpoint in a scenario, each simulated rate with its Monte Carlo standard error."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.trial.analysis import CONTROL, TREATED
from cordwise.trial.plan import TrialPlan
from cordwise.trial.simulate import EndpointResult
from cordwise.trial.theory import theory_reject_rate


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulated mean or rate and its Monte Carlo standard error."""

    value: float
    mcse: float


@dataclass(frozen=True, slots=True)
class Characteristics:
    """How the trial behaves on one endpoint; `reject` is two-sided, `theory` the same rate without simulation."""

    truth: float
    truth_bank_error: float  # standard error of the truth as a statement about patients beyond the bank
    estimate_mean: float
    reject: Simulated
    bias: Simulated
    coverage: Simulated
    theory: float
    control_mean: float
    treated_mean: float
    control_sd: float


def characteristics(plan: TrialPlan, result: EndpointResult) -> Characteristics:
    """Return the operating characteristics of one endpoint from all its replicates."""
    truth, estimates = result.prospects.truth, result.estimates
    covered = (estimates.low <= truth) & (truth <= estimates.high)
    arm_mean, arm_variance = result.moments.mean_y, result.moments.variance_y
    return Characteristics(
        truth=truth,
        truth_bank_error=result.prospects.bank_error,
        estimate_mean=mean(estimates.estimate).value,
        reject=rate(estimates.p <= result.endpoint.alpha),
        bias=mean(estimates.estimate - truth),
        coverage=rate(covered),
        theory=theory_reject_rate(plan, result.prospects),
        control_mean=mean(arm_mean[:, CONTROL]).value,
        treated_mean=mean(arm_mean[:, TREATED]).value,
        control_sd=float(np.sqrt(mean(arm_variance[:, CONTROL]).value)),
    )


def rate(happened: Bool[ndarray, " replicate"]) -> Simulated:
    """Return the share of replicates in which something happened."""
    share = float(happened.mean())
    return Simulated(share, float(np.sqrt(share * (1 - share) / len(happened))))


def mean(values: Float[ndarray, " replicate"]) -> Simulated:
    """Return the mean over the replicates that have a value; NaN where fewer than two have."""
    present = values[np.isfinite(values)]
    if len(present) < 2:
        return Simulated(float("nan"), float("nan"))
    return Simulated(float(present.mean()), float(present.std(ddof=1) / np.sqrt(len(present))))
