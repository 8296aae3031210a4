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
from cordwise.isncsci import AIS
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.parameters import ParameterSets, PopulationParameters
from cordwise.patient.patients import draw_deviates
from cordwise.population.case_mix.entry_match import EntryMatch, entry_match, weigh_examined
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.observation import (
    ExaminedPatients,
    Schedule,
    Viewing,
    is_home,
    joined_examined,
    plan_schedules,
    viewing_of,
)
from cordwise.population.posterior import ELSEWHERE, HOME, MATCHED, Posterior
from cordwise.population.prediction import (
    Prediction,
    read_predictions_by_set,
    simulate,
    subjects_of,
)
from cordwise.population.registry_forecast import copied_forecasts
from cordwise.population.sampling_error import sampling_error
from cordwise.stats.random_effects import variance_between

DRAWS = 200
PATIENTS_PER_DRAW = 250
_AT_ONCE = 4096  # people examined at a time; what they do does not depend on it
_TAIL = (0.025, 0.975)
_TABLES = 4000  # random tables from which an interval is read
_MAXIMUM = {"uems": 50, "lems": 50, "light_touch": 112, "pin_prick": 112, "scim": 100, "wisci": 20, "ais": 1}
_UNSTATED_N = 100  # a share without a printed n counts as one of this many patients


@dataclass(frozen=True, slots=True)
class TargetPredictions:
    """Predictions for targets: mean over parameter draws, 95 % predictive interval, and two plain forecasts to beat.

    `unchanged` is the figure if nobody changed, `copied` that of EMSCI's people of the same grade and level.

    The interval holds the spread over parameter draws, the sampling error of the target's own number of patients, and
    what the model is known to miss in the measure (`Posterior.discrepancy`). NaN where no simulated patient qualifies.
    """

    targets: tuple[Target, ...]
    predicted: Float[ndarray, " target"]
    low95: Float[ndarray, " target"]
    high95: Float[ndarray, " target"]
    unchanged: Float[ndarray, " target"]
    copied: Float[ndarray, " target"]
    mcse: Float[ndarray, " target"]
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
    sets, _ = posterior.spread(draws)
    everybody = len(sets) * patients
    plan, number = plan_schedules((*asked, *rows)), np.arange(everybody) % len(sets)
    with progress("predicting targets", everybody, quiet=quiet) as advance:
        simulated = _simulated(plan, sets, everybody, streams, counterfactual or without_cells(), advance)
    weights, entry = _weights(case_mix, simulated, number, len(sets)) if case_mix else (None, None)
    found = read_predictions_by_set(asked, simulated, number, len(sets), weights)
    return replace(_summarise(asked, found, posterior, streams, is_matched=case_mix is not None), entry=entry)


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
    targets: tuple[Target, ...],
    found: Prediction,
    posterior: Posterior,
    streams: Streams,
    *,
    is_matched: bool,
) -> TargetPredictions:
    means, sds, counts, unchanged = found.mean, found.sd, found.count, found.unchanged
    rows = [
        _interval(target, means[:, place], sds[:, place], counts[:, place], posterior, streams, is_matched=is_matched)
        for place, target in enumerate(targets)
    ]
    predicted, low, high, mcse = np.array(rows).reshape(-1, 4).T
    return TargetPredictions(targets, predicted, low, high, _pooled(unchanged, counts), copied_forecasts(targets), mcse)


def _pooled(values: Float[ndarray, "draw target"], counts: Float[ndarray, "draw target"]) -> Float[ndarray, " target"]:
    total = counts.sum(axis=0)
    weighted = np.where(counts > 0, np.nan_to_num(values) * counts, 0.0).sum(axis=0)
    return np.divide(weighted, total, out=np.full(len(total), np.nan), where=total > 0)


def _interval(
    target: Target,
    means: Float[ndarray, " draw"],
    sds: Float[ndarray, " draw"],
    counts: Float[ndarray, " draw"],
    posterior: Posterior,
    streams: Streams,
    *,
    is_matched: bool,
) -> tuple[float, float, float, float]:
    """Return mean, 95 % interval and Monte Carlo error of one target's prediction."""
    has_own_mix = is_matched or viewing_of(target) is Viewing.SYGEN
    place = HOME if is_home(target) else MATCHED if has_own_mix else ELSEWHERE
    kept = counts > 0
    if not kept.any():
        return np.nan, np.nan, np.nan, np.nan
    means, sds, counts = means[kept], sds[kept], counts[kept]
    centre = float(means @ counts / counts.sum())
    noise = float(np.sqrt((counts * sds**2).sum()) / counts.sum())
    # Part of the scatter over draws is Monte Carlo error of the few patients behind each; it is taken out.
    scatter = variance_between(means, sds**2, counts)
    spread = np.hypot(np.sqrt(scatter), np.hypot(noise, posterior.discrepancy(target.measure, place)))
    generator = streams(f"check/interval/{target.target_id}").generator()
    low, high = _quantiles(target, centre, float(spread), _pooled_sd(sds, counts), generator)
    return centre, low, high, noise


def _pooled_sd(sds: Float[ndarray, " draw"], counts: Float[ndarray, " draw"]) -> float:
    """Return the SD between patients of one parameter set, which the few of one set alone understate."""
    freedom = max(float(counts.sum()) - len(counts), 1.0)
    return float(np.sqrt((counts * sds**2).sum() / freedom))


def _quantiles(
    target: Target, centre: float, spread: float, sd: float, generator: np.random.Generator
) -> tuple[float, float]:
    truth = centre + spread * generator.standard_normal(_TABLES)
    if target.measure == AIS.__name__.lower():
        n = int(target.n) if np.isfinite(target.n) else _UNSTATED_N
        tables = generator.binomial(n, np.clip(truth, 0, 1)) / n
    else:
        tables = truth + sampling_error(target, sd, centre) * generator.standard_normal(len(truth))
    low, high = np.quantile(tables, _TAIL)
    top = _MAXIMUM.get(target.measure, np.inf)
    bottom = 0 if target.measure in _MAXIMUM else -np.inf
    return float(np.clip(low, bottom, top)), float(np.clip(high, bottom, top))
