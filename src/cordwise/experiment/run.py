"""Run an experiment: all conditions with the same subjects, and the result as plain values."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float, Int8
from numpy import ndarray

from cordwise.base.codec import to_plain
from cordwise.base.errors import InputError, ModelError
from cordwise.base.randomness import Streams
from cordwise.cord.devices import Device, device_faults
from cordwise.cord.self_check import numerics
from cordwise.experiment.assumptions import assumptions_of
from cordwise.experiment.effect import effect, summary
from cordwise.experiment.plan import Condition, Experiment
from cordwise.experiment.readouts import read_out
from cordwise.experiment.simulate import condition_step_error, simulate_condition
from cordwise.experiment.subjects import Subjects, draw_subjects
from cordwise.experiment.tables import setting
from cordwise.experiment.words import answer

Readouts = Mapping[str, Float[ndarray, "world subject time"]]


def run_experiment(
    experiment: Experiment, *, seed: int, worlds: int | None = None, device: Device | str = Device.CPU
) -> dict[str, Any]:
    """Return the result of an experiment as plain JSON values.

    Parameters
    ----------
    experiment
        As read from its file.
    seed
        Seed of the random streams; the same seed gives the same result.
    worlds
        Sets of rates over which the experiment is repeated; those of the settings when left out.
    device
        What the engine runs on.
    """
    if faults := tuple(device_faults(device)):
        raise InputError(faults)
    repeats = usual_worlds(experiment) if worlds is None else worlds
    subjects = draw_subjects(experiment.species, experiment.subjects, repeats, Streams(seed))
    measured, left_out, status = _measured(experiment, subjects, device)
    checked = [condition_step_error(each, subjects, experiment.days) for each in experiment.conditions]
    conditions = [
        condition_result(experiment, condition, each, measured[0])
        for condition, each in zip(experiment.conditions, measured, strict=True)
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
        "left_out": left_out,
        "numerics": to_plain(numerics(checked, status)),
        "seed": seed,
        "compared_with": experiment.conditions[0].name,
        "conditions": conditions,
        "assumptions": to_plain(assumptions_of(experiment)),
    }
    return result | {"answer": answer(result)}


def usual_worlds(experiment: Experiment) -> int:
    """Return in how many worlds an experiment is done: fewer where its groups are large, for the time it takes."""
    species = experiment.species
    within_reach = setting("most_simulated", species) / experiment.subjects
    return int(np.clip(within_reach, setting("fewest_worlds", species), setting("worlds", species)))


def _measured(
    experiment: Experiment, subjects: Subjects, device: Device | str
) -> tuple[list[Readouts], int, Int8[ndarray, "condition patient"]]:
    """Return every read-out of each condition, how many subjects were left out of all, and how each of them ended.

    Left out, as NaN, are those who have a number that is not finite in any condition, and those whose lesion runs along
    the whole cord in the first: their rates are not credible together.
    """
    kept = np.ones(subjects.worlds * subjects.subjects, bool)
    measured, status = [], []
    for number, condition in enumerate(experiment.conditions):
        cords = simulate_condition(condition, subjects, experiment.days, device=device)
        kept &= cords.finite if number else cords.credible
        if not kept.any():
            raise ModelError(f"the tissue model has no credible solution in condition {condition.name!r}")
        measured.append(read_out(cords))
        status.append(cords.status)
    shape = (subjects.worlds, subjects.subjects, len(experiment.days))
    of_kept: list[Readouts] = [
        {name: np.where(kept[:, None], each[name], np.nan).reshape(shape) for name in experiment.readouts}
        for each in measured
    ]
    return of_kept, int((~kept).sum()), np.stack(status)


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
