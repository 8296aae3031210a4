"""Every row of the fact tables as the model has it, for one set of rates or many at once.

A set of rates is one subject, hit exactly as the experiment says: no spread between subjects.
"""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.cord.parameters import Species, TissueParameters
from cordwise.experiment.bands import Fact, perturbation_facts
from cordwise.experiment.course_measures import course_values
from cordwise.experiment.files import read_experiment
from cordwise.experiment.plan import Condition, Experiment
from cordwise.experiment.readouts import read_out
from cordwise.experiment.simulate import simulate_condition
from cordwise.experiment.subjects import Subjects, typical_subject

Values = Float[ndarray, " set"]
Measured = Mapping[str, Mapping[str, Float[ndarray, "set time"]]]


def read_fact_experiments(folder: Path) -> dict[str, Experiment]:
    """Return the experiments that the facts name, from the folder of experiment files."""
    names = sorted({fact.experiment for fact in perturbation_facts()})
    return {name: read_experiment(folder / f"{name}.toml") for name in names}


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
        if fact.experiment in experiments
    }


def measure(experiment: Experiment, subjects: Subjects) -> Measured:
    """Return every read-out of every condition."""
    return {each.name: _measure_condition(each, experiment, subjects) for each in experiment.conditions}


def _measure_condition(
    condition: Condition, experiment: Experiment, subjects: Subjects
) -> Mapping[str, Float[ndarray, "set time"]]:
    return read_out(simulate_condition(condition, subjects, experiment.days))


def fact_value(fact: Fact, experiment: Experiment, measured: Measured) -> Values:
    """Return the value of one fact from the read-outs of its experiment."""
    at = experiment.days.index(fact.day)
    values = {name: readouts[fact.readout][:, at] for name, readouts in measured.items()}
    chosen = [values[name] for name in _matching(fact, values)]
    control = values[experiment.conditions[0].name]
    return _STATISTICS[fact.statistic](chosen, values.get(fact.against, control), control)


def _matching(fact: Fact, values: Mapping[str, Values]) -> list[str]:
    names = [name for name in values if fnmatchcase(name, fact.conditions) and name != fact.against]
    if not names or (fact.against and fact.against not in values):
        missing = fact.conditions if not names else fact.against
        raise InputError([Fault(f"{fact.experiment}.toml", f"a condition {missing!r}", ", ".join(values))])
    return names


_STATISTICS: Mapping[str, Callable[[list[Values], Values, Values], Values]] = {
    "value": lambda chosen, _against, _control: chosen[0],
    "difference": lambda chosen, against, _control: chosen[0] - against,
    "ratio": lambda chosen, against, _control: chosen[0] / against,
    "ratio of differences": lambda chosen, against, control: (chosen[0] - control) / (against - control),
    "mean of differences": lambda chosen, against, _control: np.mean([each - against for each in chosen], axis=0),
    "least difference": lambda chosen, against, _control: np.min([each - against for each in chosen], axis=0),
}
