"""The same figures from simulated patients, registry by registry, and how they move with every parameter.

Examination grades are whole numbers, so a small step of a parameter changes nothing or, by chance, one grade. The steps
of a slope are therefore a good part of a prior SD, and the same random numbers are used throughout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.progress import progress
from cordwise.base.randomness import Streams
from cordwise.base.threads import in_threads
from cordwise.evidence import Target
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.parameters import (
    ParameterRow,
    PopulationParameters,
    free_rows,
    from_working_scale,
    parameter_table,
    to_working_scale,
)
from cordwise.population.fit.figures import Figures, figures_of, fitted_targets, on_fitted_scale
from cordwise.population.fit.lesion_length import ScannedPatients, scanned_patients
from cordwise.population.fit.published_mix import CaseMix, simulated_case_mix
from cordwise.population.fit.reliability import TwiceExamined, twice_examined
from cordwise.population.observation import ExaminedPatients, Schedule, plan_schedules
from cordwise.population.prediction import (
    Prediction,
    SimulatedSubjects,
    draw_subjects,
    read_predictions,
    simulate,
)
from cordwise.population.registries import directions, of_registry, registry_of

STEP_SHARE = 0.3  # of a prior SD, to either side
_STEP_OF_UNFITTED = 0.3  # of a parameter that registries differ in and that has no prior of its own
_HOME = "EMSCI"


def searched_rows() -> tuple[ParameterRow, ...]:
    """Return the parameters with a slope: those with a prior, then others in which registries differ."""
    free = free_rows()
    named = {row.name for row in free}
    moved = {name for direction in directions() for name in direction.parameters}
    return (*free, *(row for row in parameter_table() if row.name in moved - named))


class Point(NamedTuple):
    """Where a fit stands: the mean of registries on the working scale of `searched_rows`, and each one's own place."""

    common: Float[ndarray, " parameter"]
    effects: Float[ndarray, "registry direction"]


@dataclass(frozen=True, slots=True)
class FigureSimulator:
    """The patients of every registry by random number, so that all parameter sets meet the same people."""

    figures: Figures
    subjects: Mapping[str, Mapping[Schedule, SimulatedSubjects]]
    studies: tuple[ScannedPatients | TwiceExamined, ...]
    counterfactual: Counterfactual
    base: PopulationParameters

    def at(self, point: Point) -> Float[ndarray, " figure"]:
        """Return the figures at a point, on the scale on which they are compared."""
        return self._figures(point.common, point.effects)[0]

    def read(self, point: Point) -> tuple[Float[ndarray, " figure"], Prediction]:
        """Return the figures at a point, and the means, spreads and numbers behind them."""
        return self._figures(point.common, point.effects)

    def slopes(self, point: Point, *, quiet: bool = True) -> Float[ndarray, "figure parameter"]:
        """Return how the figures move with each parameter of `searched_rows`, by wide central differences."""
        rows = searched_rows()

        def column(place: int) -> Float[ndarray, " figure"]:
            prior_sd = rows[place].prior_sd
            width = _STEP_OF_UNFITTED if prior_sd is None else STEP_SHARE * prior_sd
            step = np.zeros(len(rows))
            step[place] = width
            up, down = (self._figures(point.common + sign * step, point.effects)[0] for sign in (1, -1))
            return (up - down) / (2 * width)

        columns = []
        with progress("slope of each parameter", len(rows), quiet=quiet) as advance:
            for found in in_threads(column, range(len(rows))):
                columns.append(found)
                advance(1)
        return np.stack(columns, axis=1)

    def _figures(
        self, common: Float[ndarray, " parameter"], effects: Float[ndarray, "registry direction"]
    ) -> tuple[Float[ndarray, " figure"], Prediction]:
        rows = searched_rows()
        mean = from_working_scale(common, rows, self.base)
        targets, mix = self.figures.targets, None
        table = np.full((4, len(targets)), np.nan)
        for number, name in enumerate(self.figures.registries):
            own = of_registry(mean, effects[number])
            seen = {
                schedule: simulate(subjects, own, self.counterfactual)
                for schedule, subjects in self.subjects[name].items()
            }
            places = [place for place, target in enumerate(targets) if registry_of(target) == name]
            found = read_predictions([targets[place] for place in places], seen)
            table[:, places] = found.mean, found.sd, found.count, found.unchanged
            mix = _mix_of(seen) or mix
        missed = [study.residuals(mean, self.counterfactual) for study in self.studies]
        prediction = Prediction(*table)
        return on_fitted_scale(prediction, self.figures, mix, np.concatenate(missed or [np.zeros(0)])), prediction


def _mix_of(seen: Mapping[Schedule, ExaminedPatients]) -> CaseMix | None:
    """Return the case mix of EMSCI's patients, None for those of another registry."""
    home = [population for schedule, population in seen.items() if schedule.registry == _HOME]
    return simulated_case_mix(home[0]) if home else None


def simulator_of(
    targets: Sequence[Target],
    streams: Streams,
    *,
    count: int,
    counterfactual: Counterfactual,
    start: PopulationParameters,
) -> FigureSimulator:
    """Draw the patients of every registry and study; `start` says how far scores without a printed SD spread."""
    kept = fitted_targets(targets)
    subjects = {}
    for name in dict.fromkeys(registry_of(target) for target in kept):
        own = [target for target in kept if registry_of(target) == name]
        subjects[name] = {schedule: draw_subjects(schedule, streams, count=count) for schedule in plan_schedules(own)}
    studies = (scanned_patients(streams, count=count), twice_examined(streams, count=count))
    missed = sum(len(study.residuals(start, counterfactual)) for study in studies)
    unknown = figures_of(targets, {}, missed)
    bare = FigureSimulator(unknown, subjects, (), counterfactual, start)
    point = Point(to_working_scale(start, searched_rows()), np.zeros((len(unknown.registries), len(directions()))))
    spreads = bare.read(point)[1].sd
    spread_of = {target.target_id: float(sd) for target, sd in zip(unknown.targets, spreads, strict=True)}
    return FigureSimulator(figures_of(targets, spread_of, missed), subjects, studies, counterfactual, start)
