"""Simulated trials: patients drawn from the bank, analysed by the thousand, in every scenario the same draws.

A trial is reduced to the sums of its arms at once, so memory does not grow with the number of patients simulated, and
all replicates are analysed together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cohort.bank import PatientBank
from cordwise.progress import Advance
from cordwise.randomness import Streams
from cordwise.trial.accrual import duration_days
from cordwise.trial.analysis import Estimates, Moments, ancova, risk_difference, two_sample_t
from cordwise.trial.analysis.moments import join
from cordwise.trial.design import AnalysisName
from cordwise.trial.enrolment import enrolled_blocks
from cordwise.trial.plan import PlannedEndpoint, PlannedScenario, TrialPlan
from cordwise.trial.prospects import Prospects, followup_days, prospects_of

ANALYSES: Mapping[AnalysisName, Callable[[Moments, float], Estimates]] = {
    "n_minus_1_chi_square": lambda moments, alpha: risk_difference(moments, alpha=alpha),
    "fisher_exact": lambda moments, alpha: risk_difference(moments, alpha=alpha, test="fisher_exact"),
    "ancova": lambda moments, alpha: ancova(moments, alpha=alpha),
    "two_sample_t": lambda moments, alpha: two_sample_t(moments, alpha=alpha),
}


@dataclass(frozen=True, slots=True)
class EndpointResult:
    """One endpoint in one scenario: its prospects, and the sums and estimates of every replicate."""

    prospects: Prospects
    moments: Moments  # "replicate arm"
    estimates: Estimates  # "replicate"
    curve: Estimates  # "replicate size", at the totals of the plan's sample-size curve

    @property
    def endpoint(self) -> PlannedEndpoint:
        """Return what was planned."""
        return self.prospects.endpoint


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """All endpoints in one scenario, in the plan's order."""

    scenario: PlannedScenario
    endpoints: tuple[EndpointResult, ...]

    @property
    def primary(self) -> EndpointResult:
        """Return the primary endpoint."""
        return next(each for each in self.endpoints if each.endpoint.is_primary)


@dataclass(frozen=True, slots=True)
class TrialResult:
    """Every replicate of a plan in every scenario."""

    plan: TrialPlan
    seed: int
    replicates: int
    scenarios: tuple[ScenarioResult, ...]
    duration_days: Float[ndarray, " replicate"]


@dataclass(frozen=True, slots=True)
class _Collected:
    moments: tuple[tuple[Moments, ...], ...]  # of each scenario, of each endpoint: "replicate size arm"
    duration_days: Float[ndarray, " replicate"]


def simulate_trial(
    plan: TrialPlan, bank: PatientBank, streams: Streams, *, replicates: int, on_progress: Advance = lambda _: None
) -> TrialResult:
    """Simulate a plan's trials in every scenario, and the smaller and larger trials of its sample-size curve.

    Parameters
    ----------
    plan
        The trial.
    bank
        Patients with their outcomes in the control world and in every scenario's world.
    streams
        Random streams; same seed, same trials, whatever the number of replicates.
    replicates
        Simulated trials in each scenario.
    on_progress
        Called with the number of replicates done since the last call; the total is twice `replicates`.
    """
    prospects = tuple(prospects_of(plan, bank, scenario) for scenario in plan.scenarios)
    trial, curve = (
        _collect(plan, bank, streams, prospects, sizes, name, replicates, on_progress)
        for name, sizes in (("enrolment", (plan.total,)), ("enrolment/sample-size", plan.curve_totals))
    )
    scenarios = (
        ScenarioResult(scenario, tuple(map(_endpoint_result, expected, sums, curve_sums)))
        for scenario, expected, sums, curve_sums in zip(
            plan.scenarios, prospects, trial.moments, curve.moments, strict=True
        )
    )
    return TrialResult(plan, streams.seed, replicates, tuple(scenarios), trial.duration_days)


def _endpoint_result(prospects: Prospects, sums: Moments, curve_sums: Moments) -> EndpointResult:
    endpoint, moments = prospects.endpoint, sums[:, 0]
    analyse = ANALYSES[endpoint.analysis]
    return EndpointResult(prospects, moments, analyse(moments, endpoint.alpha), analyse(curve_sums, endpoint.alpha))


def _collect(
    plan: TrialPlan,
    bank: PatientBank,
    streams: Streams,
    prospects: tuple[tuple[Prospects, ...], ...],
    sizes: tuple[int, ...],
    name: str,
    replicates: int,
    on_progress: Advance,
) -> _Collected:
    """Return the sums of all replicates at the given sizes and how long the trials last."""
    followup = followup_days(plan, bank)
    blocks, durations = [], []
    for enrolled in enrolled_blocks(plan, bank, streams, name=name, size=sizes[-1], replicates=replicates):
        blocks.append([[each.moments(enrolled, sizes) for each in scenario] for scenario in prospects])
        durations.append(duration_days(enrolled.arrival, followup[enrolled.row]))
        on_progress(len(enrolled.row))
    moments = tuple(
        tuple(join([block[s][e] for block in blocks]) for e in range(len(plan.endpoints)))
        for s in range(len(prospects))
    )
    return _Collected(moments, np.concatenate(durations))
