"""The tables of experiments and sensitivity analyses, a plain value in each cell."""

from typing import Any

from cordwise.base.codec import to_plain
from cordwise.experiment.result import ExperimentResult
from cordwise.experiment.sensitivity.result import RankedOutcome, Sensitivity
from cordwise.present.presenters import Rows


def readout_rows(result: ExperimentResult) -> Rows:
    """Return one row for each condition, day and read-out: mean, spread, and the effect against its comparator."""
    return [
        {
            "condition": condition.name,
            "compared_with": result.comparator_of(condition),
            "day": visit.day,
            "readout": name,
            **to_plain(visit.readouts[name]),
            **to_plain(visit.effect[name]),
        }
        for condition in result.conditions
        for visit in condition.by_day
        for name in visit.readouts
    ]


def assumption_rows(result: ExperimentResult) -> Rows:
    """Return one row for each number that the experiment rests on."""
    return [to_plain(row) for row in result.assumptions]


def index_rows(result: Sensitivity) -> Rows:
    """Return one row for each outcome and input, the leading input of an outcome first."""
    return [{**_outcome(output), **to_plain(index)} for output in result.outputs for index in output.indices]


def mechanism_rows(result: Sensitivity) -> Rows:
    """Return one row for each outcome and mechanism with its shares of the variance."""
    return [{**_outcome(output), **to_plain(index)} for output in result.mechanisms for index in output.shares]


def outcome_rows(result: Sensitivity) -> Rows:
    """Return one row for each outcome: mean and spread over the ranges of all inputs."""
    return [
        {**_outcome(row), "unit": row.unit, "mean": row.mean, "sd": row.sd, "low90": row.low90, "high90": row.high90}
        for row in result.mechanisms
    ]


def input_rows(result: Sensitivity) -> Rows:
    """Return one row for each input with its range."""
    return [to_plain(row) for row in result.inputs]


def _outcome(output: RankedOutcome) -> dict[str, Any]:
    return {"readout": output.readout, "day": output.day, "world": output.world}
