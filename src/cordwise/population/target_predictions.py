"""What the population predicts for published figures, with intervals, beside two plain forecasts to beat."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.base.progress import Advance, progress
from cordwise.base.randomness import Streams
from cordwise.base.threads import in_threads
from cordwise.evidence import Target, Targets
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.parameters import ParameterSets, PopulationParameters
from cordwise.patient.patients import draw_deviates
from cordwise.population.case_mix.entry_match import EntryMatch, entry_match, weigh_examined
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.intervals import Parts, forecast_figure, interval_score
from cordwise.population.observation import (
    ExaminedPatients,
    Schedule,
    joined_examined,
    plan_schedules,
)
from cordwise.population.posterior import Posterior
from cordwise.population.prediction import (
    Prediction,
    read_predictions_by_set,
    simulate,
    subjects_of,
)
from cordwise.population.registry_forecast import copied_forecasts

DRAWS = 200
PATIENTS_PER_DRAW = 250
_AT_ONCE = 4096  # people examined at a time; what they do does not depend on it


@dataclass(frozen=True, slots=True)
class TargetPredictions:
    """Predictions for targets: mean over parameter draws, 95 % predictive interval, and two plain forecasts to beat.

    `unchanged` is the figure if nobody changed, `copied` that of EMSCI's people of the same grade and level.

    The interval is that of a table printed by the posterior's registry: `parts` tells what common parameters, the
    registry, the structure and chance make of it. NaN, and no parts, where no simulated patient qualifies.
    """

    targets: tuple[Target, ...]
    predicted: Float[ndarray, " target"]
    low95: Float[ndarray, " target"]
    high95: Float[ndarray, " target"]
    unchanged: Float[ndarray, " target"]
    copied: Float[ndarray, " target"]
    mcse: Float[ndarray, " target"]
    parts: tuple[Parts | None, ...] = ()
    entry: EntryMatch | None = None

    @property
    def observed(self) -> Float[ndarray, " target"]:
        """Published figures."""
        return np.array([target.value for target in self.targets])

    @property
    def is_predicted(self) -> Bool[ndarray, " target"]:
        """Whether any simulated patient met a target's criteria."""
        return np.isfinite(self.predicted)

    @property
    def coverage95(self) -> float:
        """Share of predicted targets that lie inside their interval."""
        inside = (self.observed >= self.low95) & (self.observed <= self.high95)
        return float(inside[self.is_predicted].mean()) if self.is_predicted.any() else 0.0

    def interval_scores(self) -> dict[str, float]:
        """Return the mean interval score by measure: width plus 40 times what lies outside (Gneiting and Raftery)."""
        scores = interval_score(self.observed, self.low95, self.high95)
        measures = np.array([target.measure for target in self.targets])
        known = {measure: scores[(measures == measure) & np.isfinite(scores)] for measure in dict.fromkeys(measures)}
        return {str(measure): float(np.mean(each)) for measure, each in known.items() if len(each)}

    def rmse(self, predicted: Float[ndarray, " target"] | None = None) -> dict[str, float]:
        """Return the root mean square error by measure: points, or a proportion for `ais`."""
        missed = (self.predicted if predicted is None else predicted) - self.observed
        measures = np.array([target.measure for target in self.targets])
        known = {measure: missed[(measures == measure) & np.isfinite(missed)] for measure in dict.fromkeys(measures)}
        return {str(measure): float(np.sqrt(np.mean(each**2))) for measure, each in known.items() if len(each)}


def predict_targets(
    targets: Sequence[Target] | Targets,
    posterior: Posterior,
    streams: Streams,
    *,
    draws: int = DRAWS,
    patients: int = PATIENTS_PER_DRAW,
    counterfactual: Counterfactual | None = None,
    case_mix: BaselineTable | None = None,
    quiet: bool = True,
) -> TargetPredictions:
    """Predict targets from `patients` simulated patients for each of `draws` parameter sets, spread over the ensemble.

    Targets whose source looks at its patients on the same days share one simulation. Every parameter set has patients
    of its own, so that Monte Carlo error falls with their number. With a case mix, each set's patients are weighed
    until they resemble it at entry.
    """
    asked, rows = tuple(targets), case_mix.rows if case_mix else ()
    sets, numbers = posterior.spread(draws)
    everybody = len(sets) * patients
    plan, number = plan_schedules((*asked, *rows)), np.arange(everybody) % len(sets)
    with progress("predicting targets", everybody, quiet=quiet) as advance:
        simulated = _simulated(plan, sets, everybody, streams, counterfactual or without_cells(), advance)
    weights, entry = _weights(case_mix, simulated, number, len(sets)) if case_mix else (None, None)
    found = read_predictions_by_set(asked, simulated, number, len(sets), weights)
    return replace(_summarise(asked, found, posterior.only(numbers), streams), entry=entry)


def figures_by_set(
    figures: Sequence[Target],
    sets: tuple[PopulationParameters, ...],
    streams: Streams,
    *,
    patients: int,
    quiet: bool = True,
) -> Prediction:
    """Return what `patients` simulated people of each parameter set show of some figures, set by set."""
    everybody = len(sets) * patients
    with progress("people of a registry", everybody, quiet=quiet) as advance:
        simulated = _simulated(plan_schedules(figures), sets, everybody, streams, without_cells(), advance)
    return read_predictions_by_set(figures, simulated, np.arange(everybody) % len(sets), len(sets))


def _simulated(
    plan: Iterable[Schedule],
    sets: tuple[PopulationParameters, ...],
    everybody: int,
    streams: Streams,
    world: Counterfactual,
    advance: Advance,
) -> dict[Schedule, ExaminedPatients]:
    """Examine everybody at the visits of every schedule; people take the parameter sets in turn."""

    def seen(first: int) -> list[ExaminedPatients]:
        deviates = draw_deviates(streams, count=min(_AT_ONCE, everybody - first), first=first)
        parameters = ParameterSets(sets, deviates.ids % len(sets))
        return [simulate(subjects_of(schedule, streams, deviates), parameters, world) for schedule in schedules]

    schedules = tuple(plan)
    parts = []
    for found in in_threads(seen, range(0, everybody, _AT_ONCE)):
        parts.append(found)
        advance(len(found[0].attendance))
    return {
        schedule: joined_examined(found) for schedule, found in zip(schedules, zip(*parts, strict=True), strict=True)
    }


def _weights(
    case_mix: BaselineTable, simulated: Mapping[Schedule, ExaminedPatients], number: Int[ndarray, " patient"], sets: int
) -> tuple[Float[ndarray, " patient"], EntryMatch]:
    """Weigh the people of each parameter set to the case mix on their own; those of sets that do not count weigh 0."""
    weights, weighed = np.empty(len(number)), []
    for each in range(sets):
        own = np.flatnonzero(number == each)
        weighed.append(weigh_examined(case_mix, {schedule: people[own] for schedule, people in simulated.items()}))
        weights[own] = weighed[-1].weights
    match = entry_match(case_mix, weighed)
    return np.where(match.used[number], weights, 0.0), match


def _summarise(
    targets: tuple[Target, ...], found: Prediction, posterior: Posterior, streams: Streams
) -> TargetPredictions:
    rows = [
        forecast_figure(
            target,
            found.mean[:, place],
            found.sd[:, place],
            found.count[:, place],
            posterior,
            streams(f"check/interval/{target.target_id}").generator(),
        )
        for place, target in enumerate(targets)
    ]

    def column(name: str) -> Float[ndarray, " target"]:
        return np.array([np.nan if row is None else getattr(row, name) for row in rows], float)

    return TargetPredictions(
        targets,
        column("centre"),
        column("low95"),
        column("high95"),
        _pooled(found.unchanged, found.count),
        copied_forecasts(targets),
        column("mcse"),
        tuple(None if row is None else row.parts for row in rows),
    )


def _pooled(values: Float[ndarray, "draw target"], counts: Float[ndarray, "draw target"]) -> Float[ndarray, " target"]:
    total = counts.sum(axis=0)
    weighted = np.where(counts > 0, np.nan_to_num(values) * counts, 0.0).sum(axis=0)
    return np.divide(weighted, total, out=np.full(len(total), np.nan), where=total > 0)
