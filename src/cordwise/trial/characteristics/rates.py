"""Operating characteristics of an endpoint in a scenario, each simulated rate with its Monte Carlo standard error."""

from dataclasses import dataclass

import numpy as np

from cordwise.stats.monte_carlo import MonteCarloEstimate, mean, rate
from cordwise.trial.analyse.simulate import SimulatedArm, SimulatedEndpoint
from cordwise.trial.decide.stopping import Stops, z_of
from cordwise.trial.plan.plan import TrialPlan


@dataclass(frozen=True, slots=True)
class Characteristics:
    """How the trial behaves on one endpoint for one treated arm, read at the look at which each replicate ends.

    `reject` counts as the endpoint is tested: the primary by its boundaries or its adjusted two-sided level, the others
    by their own two-sided level. `better` counts the rejections in favour of the cells. `failures` are replicates whose
    analysis gave no estimate; they count as not rejecting.  A trial that harm stops is none of them.
    """

    arm: str
    truth: float
    truth_bank_error: float  # standard error of the truth as a statement about patients beyond the bank
    estimate_mean: float
    reject: MonteCarloEstimate
    better: MonteCarloEstimate
    bias: MonteCarloEstimate
    rmse: MonteCarloEstimate
    coverage: MonteCarloEstimate
    failures: int
    control_mean: float
    treated_mean: float
    control_sd: float


def characteristics(
    plan: TrialPlan, endpoint: SimulatedEndpoint, result: SimulatedArm, stops: Stops, arm: int
) -> Characteristics:
    """Return the operating characteristics of one endpoint for one treated arm (counted from 0) from all replicates."""
    row = np.arange(len(stops.look))
    estimate, low, high, p = (
        values[row, stops.look]
        for values in (
            result.estimates.estimate,
            result.estimates.low,
            result.estimates.high,
            result.estimates.p,
        )
    )
    rejects = stops.success[:, arm] if endpoint.endpoint.is_primary else (p <= endpoint.endpoint.alpha) & ~stops.harmed
    truth, usable = result.truth.value, np.isfinite(estimate) & ~stops.harmed
    error = np.where(usable, estimate - truth, np.nan)
    return Characteristics(
        arm=result.arm,
        truth=truth,
        truth_bank_error=result.truth.bank_error,
        estimate_mean=mean(np.where(usable, estimate, np.nan)).value,
        reject=rate(rejects),
        better=rate(rejects & (z_of(result.estimates)[row, stops.look] > 0)),
        bias=mean(error),
        rmse=_root(mean(error**2)),
        coverage=rate(((low <= truth) & (truth <= high))[usable & np.isfinite(truth)]),
        failures=int((~np.isfinite(estimate) & ~stops.harmed).sum()),
        control_mean=mean(result.described.control_mean).value,
        treated_mean=mean(result.described.treated_mean).value,
        control_sd=mean(result.described.control_sd).value,
    )


def _root(squared: MonteCarloEstimate) -> MonteCarloEstimate:
    """Return the root of a simulated mean, its error by the delta method."""
    root = float(np.sqrt(squared.value))
    return MonteCarloEstimate(root, squared.mcse / (2 * root) if root else 0.0)
