"""Operating characteristics of an endpoint in a scenario, each with the parts of its error."""

from dataclasses import dataclass

import numpy as np

from cordwise.stats.nested_means import NestedMean, nested_mean, nested_rate
from cordwise.trial.analyse.simulate import SimulatedArm, SimulatedEndpoint, SimulatedTrials
from cordwise.trial.analyse.truth import Truth
from cordwise.trial.characteristics.against_truth import against_truth
from cordwise.trial.decide.stopping import Stops, z_of


@dataclass(frozen=True, slots=True)
class Characteristics:
    """How the trial behaves on one endpoint for one treated arm, read at the look at which each replicate ends.

    `reject` counts as the endpoint is tested: the primary by its boundaries or its adjusted two-sided level, the others
    by their own two-sided level. `better` counts the rejections in favour of the cells. `failures` are replicates whose
    analysis gave no estimate; they count as not rejecting.  A trial that harm stops is none of them.
    """

    arm: str
    truth: Truth
    estimate_mean: float
    reject: NestedMean
    better: NestedMean
    bias: NestedMean
    rmse: float
    coverage: NestedMean
    failures: int
    control_mean: float
    treated_mean: float
    control_sd: float


def characteristics(
    result: SimulatedTrials, endpoint: SimulatedEndpoint, simulated: SimulatedArm, stops: Stops, arm: int
) -> Characteristics:
    """Return the operating characteristics of one endpoint for one treated arm (counted from 0) from all replicates."""
    row, nesting, found = np.arange(len(stops.look)), result.nesting, simulated.estimates
    estimate, low, high, p = (values[row, stops.look] for values in (found.estimate, found.low, found.high, found.p))
    rejects = stops.success[:, arm] if endpoint.endpoint.is_primary else (p <= endpoint.endpoint.alpha) & ~stops.harmed
    counted = np.where(np.isfinite(estimate) & ~stops.harmed, estimate, np.nan)
    beside, described = against_truth(counted, simulated.truth, nesting), simulated.described
    return Characteristics(
        arm=simulated.arm,
        truth=simulated.truth,
        estimate_mean=nested_mean(counted, nesting).value,
        reject=nested_rate(rejects, nesting),
        better=nested_rate(rejects & (z_of(found)[row, stops.look] > 0), nesting),
        bias=beside.bias,
        rmse=beside.rmse,
        coverage=beside.coverage(low, high),
        failures=int((~np.isfinite(estimate) & ~stops.harmed).sum()),
        control_mean=nested_mean(described.control_mean, nesting).value,
        treated_mean=nested_mean(described.treated_mean, nesting).value,
        control_sd=nested_mean(described.control_sd, nesting).value,
    )
