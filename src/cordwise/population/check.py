"""The population against a table of published figures: how far off it is, and how often its intervals hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np

from cordwise.base.codec import OMIT_NONE
from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import Origin
from cordwise.base.memory import BYTES, require_memory
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.result import Result
from cordwise.base.threads import use_threads
from cordwise.evidence import Targets, read_target_files
from cordwise.population.case_mix.match import CaseMixMatch
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.choice import ChosenPopulation, population_of
from cordwise.population.intervals import Parts
from cordwise.population.registries import fitted_registry
from cordwise.population.target_predictions import DRAWS, PATIENTS_PER_DRAW, TargetPredictions, predict_targets


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCheck:
    """One published figure beside its prediction; shares for `ais`, points for scores.

    Attributes
    ----------
    observed
        The published figure.
    predicted, low95, high95
        Mean over parameter sets, and the 95 % predictive interval; None where no simulated patient qualifies.
    mcse
        Monte Carlo standard error of the mean.
    parts
        What makes the forecast uncertain, as SDs: chance, parameters, registry, structure.
    unchanged
        What the figure would be if nobody changed since baseline.
    copied
        What EMSCI printed for the same grade and levels; None for EMSCI's own figures and where it printed nothing.
    """

    target_id: str
    source: str
    measure: str
    category: str
    baseline_ais: str
    levels: str
    followup_day: float
    n: float | None
    observed: float
    predicted: float | None
    low95: float | None
    high95: float | None
    mcse: float | None
    parts: Parts | None
    unchanged: float | None
    copied: float | None

    @property
    def is_missed(self) -> bool:
        """Return whether the figure lies outside the interval of its prediction; False without a prediction."""
        return self.low95 is not None and self.high95 is not None and not self.low95 <= self.observed <= self.high95


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyComparison:
    """Root mean square error by measure where EMSCI can be copied: that of the model, and that of the copy."""

    n: int
    rmse: Mapping[str, float]
    rmse_if_copied: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSummary:
    """How far off the predictions are, by measure: points for scores, shares for `ais`.

    `interval_score` is the mean width of the 95 % intervals plus 40 times what lies outside (Gneiting and Raftery), the
    others are root mean square errors.
    """

    n: int
    n_predicted: int
    coverage95: float
    interval_score: Mapping[str, float]
    rmse: Mapping[str, float]
    rmse_if_nobody_changed: Mapping[str, float]
    where_emsci_can_be_copied: CopyComparison


@dataclass(frozen=True, kw_only=True, repr=False)
class PopulationCheck(Result):
    """The population against published figures.

    `registry` says as whose figures they were forecast, `case_mix` how well people were weighed to those at entry.
    """

    kind: ClassVar[str] = "population_check"
    registry: str
    targets: tuple[TargetCheck, ...]
    summary: CheckSummary
    case_mix: CaseMixMatch | None = field(default=None, metadata=OMIT_NONE)
    provenance: Provenance

    @property
    def predicted(self) -> tuple[TargetCheck, ...]:
        """Return the targets that the model could predict."""
        return tuple(row for row in self.targets if row.predicted is not None)

    @property
    def seen_before(self) -> str:
        """Return a sentence on figures that the forecast has learned from, which test it little; else nothing."""
        if self.provenance.options.get("registry_data") == self.provenance.input_name:
            return "The same figures narrowed the forecast, so that they do not test it."
        names = [fitted_registry(row.source) for row in self.targets]
        if not (known := sorted({name for name in names if name is not None})):
            return ""
        return (
            f"{sum(name is not None for name in names)} of the figures come from registries that the population was "
            f"fitted to ({', '.join(known)}), so that they test it little."
        )


def check_population(
    targets: str | Path | Targets,
    *,
    case_mix: str | Path | Targets | None = None,
    population: ChosenPopulation | str | Path | None = None,
    draws: int = DRAWS,
    patients: int = PATIENTS_PER_DRAW,
    seed: int | None = None,
    workers: int | None = None,
    quiet: bool = True,
) -> PopulationCheck:
    """Predict every published figure of a table and say how far the population that ships is from it.

    Parameters
    ----------
    targets
        Path of a CSV file in the columns of the calibration table, the name of a shipped example, or targets that
        `read_targets` returned.
    case_mix
        Rows of the same form that describe the patients at entry: shares of grades and levels, means and SDs of scores.
        The population is weighed until it resembles them.
    population
        Whose population: `choose_population(registry="emsci")`, or a file of `population calibrate`. That of a registry
        not yet seen when None.
    draws
        Parameter sets of the posterior, over which predictions spread.
    patients
        Simulated patients of each parameter set.
    seed
        Decides the patients; drawn, and stored in the result, when not given.
    workers
        Threads, every core when not given; the result does not depend on them.
    quiet
        Show no progress.

    Raises
    ------
    InputError
        A faulty table (every fault of both is told), a case mix that nobody simulated resembles, or more than this
        machine can hold.
    """
    asked, entry = read_check_tables(targets, case_mix)
    streams, chosen = Streams(resolve_seed(seed)), population_of(population)
    require_memory("patients", patients, BYTES["patient"])
    use_threads(workers)
    posterior = chosen.posterior(streams, quiet=quiet)
    available = len(posterior.draws)
    if not 1 <= draws <= available:
        raise InputError([Fault("draws", f"1 to {available}", str(draws), is_argument=True)])
    if patients < 1:
        raise InputError([Fault("patients", "1 or more", str(patients), is_argument=True)])
    found = predict_targets(
        asked,
        posterior,
        streams,
        draws=draws,
        patients=patients,
        case_mix=BaselineTable(tuple(entry)) if entry is not None else None,
        quiet=quiet,
    )
    origin = chosen.kept_with(asked.source_file)
    return PopulationCheck(
        registry=chosen.words,
        targets=tuple(_target_check(found, place) for place in range(len(found.targets))),
        summary=_summary(found),
        case_mix=found.entry.in_figures() if found.entry else None,
        provenance=Provenance.of(
            "population check", streams.seed, origin, **_case_mix_options(entry), **chosen.options
        ),
    )


def check_origin(targets: Targets, case_mix: Targets | None, population: ChosenPopulation) -> Origin:
    """Return what a run keeps: the table of targets, with those of the patients at entry and of the population."""
    table = targets.source_file
    entry = {} if case_mix is None else {case_mix.source_file.name: case_mix.source_file.data}
    return population.kept_with(Origin(table.name, table.data, entry))


def read_check_tables(
    targets: str | Path | Targets, case_mix: str | Path | Targets | None
) -> tuple[Targets, Targets | None]:
    """Return the tables of a check; where both are files, the faults of both are told at once."""
    given = [each for each in (targets, case_mix) if isinstance(each, str | Path)]
    read = iter(read_target_files(given))
    asked = targets if isinstance(targets, Targets) else next(read)
    return asked, next(read) if isinstance(case_mix, str | Path) else case_mix


def _case_mix_options(entry: Targets | None) -> dict[str, str]:
    if entry is None:
        return {}
    return {"case_mix": entry.source_file.name, "case_mix_sha256": entry.source_file.sha256}


def _summary(found: TargetPredictions) -> CheckSummary:
    can_be_copied = np.isfinite(found.copied)
    return CheckSummary(
        n=len(found.targets),
        n_predicted=int(found.is_predicted.sum()),
        coverage95=found.coverage95,
        interval_score=found.interval_scores(),
        rmse=found.rmse(),
        rmse_if_nobody_changed=found.rmse(found.unchanged),
        where_emsci_can_be_copied=CopyComparison(
            n=int(can_be_copied.sum()),
            rmse=found.rmse(np.where(can_be_copied, found.predicted, np.nan)),
            rmse_if_copied=found.rmse(found.copied),
        ),
    )


def _target_check(found: TargetPredictions, place: int) -> TargetCheck:
    target = found.targets[place]
    return TargetCheck(
        target_id=target.target_id,
        source=target.source,
        measure=target.measure,
        category=target.category,
        baseline_ais=target.baseline_ais,
        levels=target.levels,
        followup_day=target.followup_day,
        n=_known(target.n),
        observed=target.value,
        predicted=_known(found.predicted[place]),
        low95=_known(found.low95[place]),
        high95=_known(found.high95[place]),
        mcse=_known(found.mcse[place]),
        parts=found.parts[place],
        unchanged=_known(found.unchanged[place]),
        copied=_known(found.copied[place]),
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
