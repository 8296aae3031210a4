"""Run an experiment: all conditions with the same subjects, and the result as plain values."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.cord.experiment.assumptions import assumptions_of
from cordwise.cord.experiment.effect import effect, summary
from cordwise.cord.experiment.plan import Condition, Experiment
from cordwise.cord.experiment.readouts import read_out
from cordwise.cord.experiment.simulate import simulate_condition
from cordwise.cord.experiment.subjects import Subjects, draw_subjects
from cordwise.cord.experiment.tables import setting
from cordwise.cord.experiment.words import answer
from cordwise.errors import ModelError
from cordwise.randomness import Streams

Readouts = Mapping[str, Float[ndarray, "world subject time"]]


def run_experiment(experiment: Experiment, *, seed: int, worlds: int | None = None) -> dict[str, Any]:
    """Return the result of an experiment as plain JSON values.

    Parameters
    ----------
    experiment
        As read from its file.
    seed
        Seed of the random streams; the same seed gives the same result.
    worlds
        Sets of rates over which the experiment is repeated; those of the settings when left out.
    """
    repeats = usual_worlds(experiment) if worlds is None else worlds
    subjects = draw_subjects(experiment.species, experiment.subjects, repeats, Streams(seed))
    measured = [condition_readouts(experiment, condition, subjects) for condition in experiment.conditions]
    solved = _solved(measured)
    if not solved.any():
        raise ModelError("the tissue model has no credible solution for any subject of this experiment")
    kept = [{name: np.where(solved, values, np.nan) for name, values in each.items()} for each in measured]
    conditions = [
        condition_result(experiment, condition, each, kept[0])
        for condition, each in zip(experiment.conditions, kept, strict=True)
    ]
    result: dict[str, Any] = {
        "kind": "experiment",
        "name": experiment.name,
        "question": experiment.question,
        "answer": "",
        "source": experiment.source,
        "species": str(experiment.species),
        "readout_days": list(experiment.days),
        "subjects": experiment.subjects,
        "worlds": repeats,
        "unsolved": int((~solved).sum()),
        "seed": seed,
        "compared_with": experiment.conditions[0].name,
        "conditions": conditions,
        "assumptions": assumptions_of(experiment),
    }
    return result | {"answer": answer(result)}


def usual_worlds(experiment: Experiment) -> int:
    """Return in how many worlds an experiment is done: fewer where its groups are large, for the time it takes."""
    species = experiment.species
    within_reach = setting("most_simulated", species) / experiment.subjects
    return int(np.clip(within_reach, setting("fewest_worlds", species), setting("worlds", species)))


def condition_readouts(experiment: Experiment, condition: Condition, subjects: Subjects) -> Readouts:
    """Return every read-out of every subject of one condition; NaN for one whose cord has no credible solution."""
    cords = simulate_condition(condition, subjects, experiment.days)
    values = read_out(cords)
    shape = (subjects.worlds, subjects.subjects, len(experiment.days))
    solved = cords.solved[:, None]
    return {name: np.where(solved, values[name], np.nan).reshape(shape) for name in experiment.readouts}


def _solved(measured: list[Readouts]) -> Bool[ndarray, "world subject 1"]:
    """Tell which subjects have finite numbers in every condition; the others are left out of all."""
    finite = [np.isfinite(values).all(axis=-1, keepdims=True) for each in measured for values in each.values()]
    return np.asarray(np.logical_and.reduce(finite))


def condition_result(
    experiment: Experiment, condition: Condition, measured: Readouts, base: Readouts
) -> dict[str, Any]:
    """Return one condition of a result: its read-outs and effects on the last day, and on each day."""
    by_day = [
        {
            "day": day,
            "readouts": {name: summary(values[..., at]) for name, values in measured.items()},
            "effect": {name: effect(values[..., at], base[name][..., at]) for name, values in measured.items()},
        }
        for at, day in enumerate(experiment.days)
    ]
    last = by_day[-1]
    return {
        "name": condition.name,
        "description": condition.description,
        "readouts": last["readouts"],
        "effect": last["effect"],
        "by_day": by_day,
    }
