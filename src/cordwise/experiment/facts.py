"""Every row of the fact tables as the model has it, for one set of rates or many at once.

A set of rates is one subject, hit exactly as the experiment says: no spread between subjects.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.errors import CordwiseError, Fault, InputError
from cordwise.base.randomness import Streams
from cordwise.cord.parameters import Species, TissueParameters
from cordwise.experiment.bands import Fact, perturbation_facts
from cordwise.experiment.course_measures import course_values
from cordwise.experiment.examined import EXAMINED, Examiner, examiner_of
from cordwise.experiment.files import read_experiment
from cordwise.experiment.markers import read_markers
from cordwise.experiment.plan import Condition, Experiment
from cordwise.experiment.readouts import read_out
from cordwise.experiment.simulate import simulate_condition
from cordwise.experiment.subjects import Subjects, typical_subject

_EXAMINED_WITH = 1  # seed of the noise of examinations, which all conditions share

Values = Float[ndarray, " set"]
Measured = Mapping[str, Mapping[str, Float[ndarray, "set time"]]]


def read_fact_experiments(folder: Path) -> dict[str, Experiment]:
    """Return the experiments that the facts name, from the folder of experiment files."""
    names = sorted({fact.experiment for fact in perturbation_facts()})
    return {name: read_experiment(folder / f"{name}.toml") for name in names}


@dataclass(frozen=True, slots=True)
class FactRun:
    """The value of every row of the facts that could be had, and of the others why not."""

    values: Mapping[str, Values]
    not_run: Mapping[str, str]


def run_facts(folder: Path, subjects: Mapping[Species, Subjects]) -> FactRun:
    """Return the value of every row of `facts.csv`; a row whose experiment cannot be run is reported, never left out.

    An experiment may ask for a drug, a lesion or a read-out that the model does not have yet.
    """
    values: dict[str, Values] = {}
    not_run: dict[str, str] = {}
    for name in sorted({fact.experiment for fact in perturbation_facts()}):
        rows = [fact for fact in perturbation_facts() if fact.experiment == name]
        try:
            experiment = read_experiment(folder / f"{name}.toml")
            measured = measure(experiment, subjects[experiment.species], {fact.readout for fact in rows})
        except CordwiseError as error:
            not_run |= {fact.band.row: _reason(error) for fact in rows}
            continue
        known = next(iter(measured.values()))
        not_run |= {fact.band.row: f"no read-out {fact.readout}" for fact in rows if fact.readout not in known}
        values |= {fact.band.row: fact_value(fact, experiment, measured) for fact in rows if fact.readout in known}
    return FactRun(values, not_run)


def _reason(error: CordwiseError) -> str:
    """Return the first fault of an experiment file without its folder, or the message of another error."""
    if not isinstance(error, InputError):
        return str(error)
    first = error.faults[0]
    return f"{first.where.rpartition('/')[2]}: found {first.found}"


def fact_values(
    rodent: TissueParameters,
    human: TissueParameters,
    experiments: Mapping[str, Experiment],
    *,
    with_courses: bool = True,
) -> dict[str, Values]:
    """Return the value of every row of `facts.csv` and, if wanted, of `time_courses.csv`.

    Parameters
    ----------
    rodent, human
        Rates of the two species; each may be one number or an array with an entry for each set.
    experiments
        As `read_fact_experiments` returns them.
    with_courses
        Also the rows of the time courses.
    """
    subjects = {
        Species.RODENT: typical_subject(Species.RODENT, rodent),
        Species.HUMAN: typical_subject(Species.HUMAN, human),
    }
    values = perturbation_values(experiments, subjects)
    return values | course_values(subjects[Species.RODENT], subjects[Species.HUMAN]) if with_courses else values


def perturbation_values(
    experiments: Mapping[str, Experiment], subjects: Mapping[Species, Subjects]
) -> dict[str, Values]:
    """Return the value of every row of `facts.csv`; each experiment is simulated once."""
    measured = {name: measure(experiment, subjects[experiment.species]) for name, experiment in experiments.items()}
    return {
        fact.band.row: fact_value(fact, experiments[fact.experiment], measured[fact.experiment])
        for fact in perturbation_facts()
        if fact.experiment in experiments and fact.readout in next(iter(measured[fact.experiment].values()))
    }


def measure(experiment: Experiment, subjects: Subjects, asked: Collection[str] = ()) -> Measured:
    """Return every read-out of the tissue in every condition; people are examined and markers read if asked for."""
    examiner = examiner_of(experiment, subjects, Streams(_EXAMINED_WITH)) if EXAMINED.intersection(asked) else None
    return {
        each.name: _measure_condition(each, experiment, subjects, asked, examiner) for each in experiment.conditions
    }


def _measure_condition(
    condition: Condition, experiment: Experiment, subjects: Subjects, asked: Collection[str], examiner: Examiner | None
) -> Mapping[str, Float[ndarray, "set time"]]:
    cords = simulate_condition(condition, subjects, experiment.days)
    seen = examiner.read(condition, cords) if examiner else {}
    return read_out(cords) | seen | read_markers(condition, subjects, experiment.days, asked)


def fact_value(fact: Fact, experiment: Experiment, measured: Measured) -> Values:
    """Return the value of one fact from the read-outs of its experiment."""
    days, control = experiment.days, experiment.conditions[0].name
    compared = fact.compared
    _check_names(fact, measured)

    def at(name: str, day: float) -> Values:
        return measured[name][fact.readout][:, days.index(day)]

    chosen = [at(name, fact.day) for name in _matching(fact, measured)]
    others = [at(name, day) for name, day in compared] or [at(control, fact.day)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return _STATISTICS[fact.statistic](chosen, others, at(control, fact.day))


def _matching(fact: Fact, names: Collection[str]) -> list[str]:
    same_day = {name for name, day in fact.compared if day == fact.day}
    return [name for name in names if fnmatchcase(name, fact.conditions) and name not in same_day]


def _check_names(fact: Fact, names: Collection[str]) -> None:
    missing = [name for name, _ in fact.compared if name not in names]
    missing += [] if _matching(fact, names) else [fact.conditions]
    if missing:
        raise InputError([Fault(f"{fact.experiment}.toml", f"a condition {missing[0]!r}", ", ".join(names))])


def _ratio_of_paired_differences(chosen: Sequence[Values], others: Sequence[Values], control: Values) -> Values:
    """Return the effect of a condition on its own control over that of another on its own or on the first one."""
    own, other, base = (*others, control)[:3]
    return (chosen[0] - own) / (other - base)


_STATISTICS: Mapping[str, Callable[[Sequence[Values], Sequence[Values], Values], Values]] = {
    "value": lambda chosen, _others, _control: chosen[0],
    "difference": lambda chosen, others, _control: chosen[0] - others[0],
    "ratio": lambda chosen, others, _control: chosen[0] / others[0],
    "ratio of differences": lambda chosen, others, control: (chosen[0] - control) / (others[0] - control),
    "ratio of paired differences": _ratio_of_paired_differences,
    "mean of differences": lambda chosen, others, _control: np.mean([each - others[0] for each in chosen], axis=0),
    "least difference": lambda chosen, others, _control: np.min([each - others[0] for each in chosen], axis=0),
}
