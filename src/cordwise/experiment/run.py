"""Run an experiment: all conditions with the same subjects, read out on the same days."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int8
from numpy import ndarray

from cordwise.base.errors import Fault, InputError, ModelError
from cordwise.base.memory import BYTES, require_memory
from cordwise.base.progress import progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.cord.devices import Device, device_faults
from cordwise.cord.self_check import numerics
from cordwise.experiment.assumptions import assumptions_of
from cordwise.experiment.effect import effect, summary
from cordwise.experiment.examined import EXAMINED, Examiner, examiner_of
from cordwise.experiment.files import read_experiment
from cordwise.experiment.markers import read_markers
from cordwise.experiment.plan import Condition, Experiment
from cordwise.experiment.readouts import read_out
from cordwise.experiment.result import ConditionFindings, DayFindings, ExperimentResult
from cordwise.experiment.simulate import condition_step_error, simulate_condition
from cordwise.experiment.subjects import Subjects, draw_subjects
from cordwise.experiment.tables import setting

Readouts = Mapping[str, Float[ndarray, "set subject time"]]


def run_experiment(
    experiment: Experiment | str | Path,
    *,
    worlds: int | None = None,
    device: Device | str = Device.CPU,
    seed: int | None = None,
    workers: int | None = None,
    quiet: bool = True,
) -> ExperimentResult:
    """Compare the conditions of an animal or human experiment on simulated subjects, the same in each.

    Parameters
    ----------
    experiment
        An experiment that `read_experiment` returned, the path of its file, or the name of a shipped example.
    worlds
        Sets of rates, drawn around the fitted ones, over which the experiment is repeated; they give the intervals.
        When not given, 16 to 48: fewer where the groups are large.
    device
        What the engine runs on: `cpu`, or `cuda` for an NVIDIA GPU (extra `gpu`).
    seed
        Decides subjects and sets of rates; drawn, and stored in the result, when not given.
    workers
        Threads, every core when not given; the result does not depend on them.
    quiet
        Show no progress.

    Raises
    ------
    InputError
        A faulty file, an unknown device, or more than this machine can hold.
    ModelError
        The tissue model has no credible solution in some condition.
    """
    asked = experiment if isinstance(experiment, Experiment) else read_experiment(experiment)
    repeats = usual_sets(asked) if worlds is None else worlds
    if repeats < 1:
        raise InputError([Fault("worlds", "1 or more", str(repeats), is_argument=True)])
    require_memory("worlds", repeats, asked.subjects * len(asked.days) * BYTES["cord and day"])
    if faults := tuple(device_faults(device)):
        raise InputError(faults)
    use_threads(workers)
    seed = resolve_seed(seed)
    subjects = draw_subjects(asked.species, asked.subjects, repeats, Streams(seed))
    people = EXAMINED.intersection(asked.readouts)
    examiner = examiner_of(asked, subjects, Streams(seed), device) if people else None
    measured, left_out, status = _measured(asked, subjects, examiner, device, quiet=quiet)
    checked = [condition_step_error(each, subjects, asked.days) for each in asked.conditions]
    return ExperimentResult(
        name=asked.name,
        question=asked.question,
        source=asked.source,
        species=asked.species,
        readout_days=asked.days,
        subjects=asked.subjects,
        worlds=repeats,
        left_out=left_out,
        numerics=numerics(checked, status),
        seed=seed,
        compared_with=asked.against or asked.conditions[0].name,
        conditions=_findings(asked, measured),
        assumptions=tuple(assumptions_of(asked)),
        provenance=Provenance.of("cord perturb", seed, asked.origin, worlds=repeats),
    )


def _findings(experiment: Experiment, measured: Sequence[Readouts]) -> tuple[ConditionFindings, ...]:
    """Return what was read in each condition, with its effects against the condition that it is compared with."""
    by_name = {each.name: seen for each, seen in zip(experiment.conditions, measured, strict=True)}
    return tuple(
        condition_findings(experiment, each, by_name[each.name], by_name[experiment.comparator_of(each)])
        for each in experiment.conditions
    )


def usual_sets(experiment: Experiment) -> int:
    """Return over how many sets of rates an experiment is repeated: fewer where its groups are large, for the time."""
    species = experiment.species
    within_reach = setting("most_simulated", species) / experiment.subjects
    return int(np.clip(within_reach, setting("fewest_worlds", species), setting("worlds", species)))


def _measured(
    experiment: Experiment, subjects: Subjects, examiner: Examiner | None, device: Device | str, *, quiet: bool
) -> tuple[list[Readouts], int, Int8[ndarray, "condition patient"]]:
    """Return every read-out of each condition, how many subjects were left out of all, and how each of them ended.

    Left out, as NaN, are those who have a number that is not finite in any condition, and those whose lesion runs along
    the whole cord in the first: their rates are not credible together.
    """
    kept = np.ones(subjects.worlds * subjects.subjects, bool)
    measured, status = [], []
    with progress("conditions", len(experiment.conditions), quiet=quiet) as advance:
        for number, condition in enumerate(experiment.conditions):
            cords = simulate_condition(condition, subjects, experiment.days, device=device)
            kept &= cords.finite if number else cords.credible
            if not kept.any():
                raise ModelError(
                    f"the tissue model has no credible solution for any subject in condition {condition.name!r}; "
                    "look there for an amount or an intensity far beyond what was ever seen"
                )
            found = read_out(cords) | (examiner.read(condition, cords) if examiner else {})
            measured.append(found | read_markers(condition, subjects, experiment.days, experiment.readouts, device))
            status.append(cords.status)
            advance(1)
    shape = (subjects.worlds, subjects.subjects, len(experiment.days))
    of_kept: list[Readouts] = [
        {name: np.where(kept[:, None], each[name], np.nan).reshape(shape) for name in experiment.readouts}
        for each in measured
    ]
    of_kept = [{name: each[name] for name in _with_anybody(of_kept)} for each in of_kept]
    return of_kept, int((~kept).sum()), np.stack(status)


def _with_anybody(measured: Sequence[Readouts]) -> list[str]:
    """Return the read-outs that somebody has: a conversion has nobody where nobody enters with its grade."""
    return [name for name in measured[0] if not np.isnan(measured[0][name]).all()]


def condition_findings(
    experiment: Experiment, condition: Condition, measured: Readouts, base: Readouts
) -> ConditionFindings:
    """Return what was read in one condition, with its effects against the read-outs `base` of another."""
    by_day = tuple(
        DayFindings(
            day=day,
            readouts={name: summary(values[..., at]) for name, values in measured.items()},
            effect={name: effect(values[..., at], base[name][..., at]) for name, values in measured.items()},
        )
        for at, day in enumerate(experiment.days)
    )
    last = by_day[-1]
    return ConditionFindings(
        name=condition.name,
        description=condition.description,
        readouts=last.readouts,
        effect=last.effect,
        by_day=by_day,
        compared_with=experiment.comparator_of(condition),
    )
