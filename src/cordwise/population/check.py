"""The population against published figures: a prediction with its interval for every target, and how far off it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.base.progress import progress
from cordwise.base.randomness import Streams
from cordwise.evidence import Target, Targets
from cordwise.isncsci import AIS
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.population.case_mix.entry_match import EntryMatch
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.observation import Viewing, is_home, plan_schedules, viewing_of
from cordwise.population.posterior import ELSEWHERE, HOME, MATCHED, Posterior, load_posterior
from cordwise.population.prediction import Prediction, draw_subjects, effective_count, read_predictions, simulate
from cordwise.population.registry_forecast import copied
from cordwise.population.sampling_error import sampling_error

DRAWS = 40
PATIENTS_PER_DRAW = 4000
_TAIL = (0.025, 0.975)
_REPEATS = 100  # random tables for each parameter draw, from which an interval is read
_MAXIMUM = {"uems": 50, "lems": 50, "light_touch": 112, "pin_prick": 112, "scim": 100, "wisci": 20, "ais": 1}
_UNSTATED_N = 100  # a share without a printed n counts as one of this many patients


@dataclass(frozen=True, slots=True)
class PopulationCheck:
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

    def as_json(self) -> dict[str, Any]:
        """Return the check as plain JSON values."""
        return {
            "kind": "population_check",
            "targets": [self._target_json(place) for place in range(len(self.targets))],
            "summary": {
                "n": len(self.targets),
                "n_predicted": int(self.is_predicted.sum()),
                "coverage95": self.coverage95,
                "rmse": self.rmse(),
                "rmse_if_nobody_changed": self.rmse(self.unchanged),
                "where_emsci_can_be_copied": {
                    "n": int(np.isfinite(self.copied).sum()),
                    "rmse": self.rmse(np.where(np.isfinite(self.copied), self.predicted, np.nan)),
                    "rmse_if_copied": self.rmse(self.copied),
                },
            },
            **({"case_mix": self.entry.as_json()} if self.entry else {}),
        }

    def _target_json(self, place: int) -> dict[str, Any]:
        target = self.targets[place]
        names = ("predicted", "low95", "high95", "mcse", "unchanged", "copied")
        numbers = {name: getattr(self, name) for name in names}
        return {
            "target_id": target.target_id,
            "source": target.source,
            "measure": target.measure,
            "category": target.category,
            "baseline_ais": target.baseline_ais,
            "levels": target.levels,
            "followup_day": target.followup_day,
            "n": _plain(target.n),
            "observed": target.value,
            **{name: _plain(values[place]) for name, values in numbers.items()},
        }


def check_population(
    targets: Sequence[Target] | Targets,
    posterior: Posterior,
    streams: Streams,
    *,
    draws: int = DRAWS,
    patients: int = PATIENTS_PER_DRAW,
    world: Counterfactual | None = None,
    case_mix: BaselineTable | None = None,
    quiet: bool = True,
) -> PopulationCheck:
    """Predict every target from `patients` simulated patients for each of the first `draws` parameter draws.

    Targets whose source looks at its patients on the same days share one simulation. Every parameter draw has
    patients of its own, so that Monte Carlo error falls with the number of draws. With a case mix, each draw's patients
    are weighed until they resemble it at entry.
    """
    asked, rows = tuple(targets), case_mix.rows if case_mix else ()
    lived = world or without_cells()
    chosen = posterior.draws[:draws]
    plan = plan_schedules((*asked, *rows))
    found: list[Prediction] = []
    entries: list[tuple[Prediction, Prediction, float]] = []
    with progress("predicting targets", len(chosen), quiet=quiet) as advance:
        for number, parameters in enumerate(chosen):
            simulated = {
                schedule: simulate(
                    draw_subjects(schedule, streams, count=patients, first=number * patients), parameters, lived
                )
                for schedule in plan
            }
            weights = case_mix.weights(simulated) if case_mix else None
            found.append(read_predictions(asked, simulated, weights))
            if weights is not None:
                before, after = read_predictions(rows, simulated), read_predictions(rows, simulated, weights)
                entries.append((before, after, effective_count(weights) / patients))
            advance(1)
    return replace(
        _summarise(asked, found, posterior, streams, is_matched=case_mix is not None), entry=_entry_match(rows, entries)
    )


def _entry_match(
    rows: tuple[Target, ...], entries: Sequence[tuple[Prediction, Prediction, float]]
) -> EntryMatch | None:
    if not entries:
        return None
    before, after = (
        _pooled(np.stack([each[side].mean for each in entries]), np.stack([each[side].count for each in entries]))
        for side in (0, 1)
    )
    return EntryMatch(rows, before, after, float(np.mean([share for *_, share in entries])))


def _summarise(
    targets: tuple[Target, ...],
    found: Sequence[Prediction],
    posterior: Posterior,
    streams: Streams,
    *,
    is_matched: bool,
) -> PopulationCheck:
    means, sds, counts, unchanged = (
        np.stack([getattr(each, name) for each in found]) for name in ("mean", "sd", "count", "unchanged")
    )
    rows = [
        _interval(target, means[:, place], sds[:, place], counts[:, place], posterior, streams, is_matched=is_matched)
        for place, target in enumerate(targets)
    ]
    predicted, low, high, mcse = np.array(rows).reshape(-1, 4).T
    return PopulationCheck(targets, predicted, low, high, _pooled(unchanged, counts), copied(targets), mcse)


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
    scatter = float(means.var(ddof=1) - (sds**2 / counts).mean()) if len(means) > 1 else 0.0
    spread = np.hypot(np.sqrt(max(scatter, 0.0)), np.hypot(noise, posterior.discrepancy(target.measure, place)))
    generator = streams(f"check/interval/{target.target_id}").generator()
    low, high = _quantiles(target, centre, float(spread), float(sds.mean()), generator)
    return centre, low, high, noise


def _quantiles(
    target: Target, centre: float, spread: float, sd: float, generator: np.random.Generator
) -> tuple[float, float]:
    truth = centre + spread * generator.standard_normal(DRAWS * _REPEATS)
    if target.measure == AIS.__name__.lower():
        n = int(target.n) if np.isfinite(target.n) else _UNSTATED_N
        tables = generator.binomial(n, np.clip(truth, 0, 1)) / n
    else:
        tables = truth + sampling_error(target, sd, centre) * generator.standard_normal(len(truth))
    low, high = np.quantile(tables, _TAIL)
    top = _MAXIMUM.get(target.measure, np.inf)
    bottom = 0 if target.measure in _MAXIMUM else -np.inf
    return float(np.clip(low, bottom, top)), float(np.clip(high, bottom, top))


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def check_targets(
    targets: Targets,
    *,
    seed: int,
    draws: int = DRAWS,
    patients: int = PATIENTS_PER_DRAW,
    case_mix: Targets | None = None,
    quiet: bool = False,
) -> dict[str, Any]:
    """Check the population that ships against a file of targets; return the result as JSON values."""
    table = BaselineTable(tuple(case_mix)) if case_mix is not None else None
    found = check_population(
        targets, load_posterior(), Streams(seed), draws=draws, patients=patients, case_mix=table, quiet=quiet
    )
    return found.as_json()


def summary(result: Mapping[str, Any]) -> str:
    """Return a check's result in words."""
    found = result["summary"]
    still, copying = found["rmse_if_nobody_changed"], found["where_emsci_can_be_copied"]
    lines = [
        f"{found['n']} targets, {found['n_predicted']} predicted; "
        f"{100 * found['coverage95']:.0f} % inside their 95 % predictive interval",
        "measure        RMS error   if nobody changed",
        *(f"{name:<14} {value:9.3g}   {still[name]:17.3g}" for name, value in found["rmse"].items()),
    ]
    if copying["n"]:
        lines += [
            f"{copying['n']} targets not EMSCI's own, against copying EMSCI's figure of the same grade and level",
            "measure        RMS error   if copied",
            *(
                f"{name:<14} {copying['rmse'][name]:9.3g}   {value:9.3g}"
                for name, value in copying["rmse_if_copied"].items()
            ),
        ]
    if "case_mix" in result:
        share = result["case_mix"]["effective_share"]
        lines.append(f"Weighed to the case mix at entry; {100 * share:.0f} % of the simulated patients still count.")
    return "\n".join(lines)
