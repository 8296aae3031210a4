"""Three single trials of each scenario shown in full, so that a reader sees how far one trial strays from the mean."""

from dataclasses import dataclass
from typing import Literal

from cordwise.trial.analyse.simulated_value import known
from cordwise.trial.characteristics.findings import ScenarioFinding, TrialFindings
from cordwise.trial.decide.stopping import z_of

_EXAMPLES = 3
Ending = Literal["rejects", "does not reject", "stopped for futility", "stopped for harm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleLook:
    """What one look of one simulated trial shows; an estimate or a limit that does not exist is None."""

    look: int
    day: float
    patients: int
    estimate: float | None
    z: float
    efficacy_z: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleTrial:
    """One simulated trial, on the primary endpoint for the first treated arm, read at the look at which it ends.

    `replicate` counts from 0; the same replicate has the same patients in every scenario.
    """

    scenario: str
    endpoint: str
    arm: str
    replicate: int
    patients: int
    day: float
    estimate: float | None
    low: float | None
    high: float | None
    p: float
    ends: Ending
    looks: tuple[ExampleLook, ...]


def example_trials(findings: TrialFindings, finding: ScenarioFinding) -> list[ExampleTrial]:
    """Return the first few trials of a scenario: the same patients in every scenario, each look and how it ends."""
    count = min(_EXAMPLES, findings.result.replicates)
    return [_example(findings, finding, replicate) for replicate in range(count)]


def _example(findings: TrialFindings, finding: ScenarioFinding, replicate: int) -> ExampleTrial:
    result, stops = finding.primary.result.arms[0], finding.stops
    look, estimates = int(stops.look[replicate]), result.estimates
    return ExampleTrial(
        scenario=finding.scenario.name,
        endpoint=finding.primary.endpoint.name,
        arm=result.arm,
        replicate=replicate,
        patients=int(stops.enrolled[replicate]),
        day=float(stops.day[replicate]),
        estimate=known(estimates.estimate[replicate, look]),
        low=known(estimates.low[replicate, look]),
        high=known(estimates.high[replicate, look]),
        p=float(estimates.p[replicate, look]),
        ends=_ending(finding, replicate),
        looks=tuple(_look(findings, finding, replicate, each) for each in range(look + 1)),
    )


def _look(findings: TrialFindings, finding: ScenarioFinding, replicate: int, look: int) -> ExampleLook:
    estimates, course = finding.primary.result.arms[0].estimates, findings.result.course
    return ExampleLook(
        look=look + 1,
        day=float(course.day[replicate, look]),
        patients=int(course.followed[replicate, look]),
        estimate=known(estimates.estimate[replicate, look]),
        z=float(z_of(estimates)[replicate, look]),
        efficacy_z=known(finding.stops.efficacy[replicate, look]),
    )


def _ending(finding: ScenarioFinding, replicate: int) -> Ending:
    stops = finding.stops
    if stops.harmed[replicate]:
        return "stopped for harm"
    if stops.any_success[replicate]:
        return "rejects"
    return "stopped for futility" if stops.futile[replicate] else "does not reject"
