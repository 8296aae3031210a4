"""Fit the population to the registries: search, then an ensemble around the best set that carries what is left open."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.provenance import sha256_of, write_atomically
from cordwise.base.randomness import Streams
from cordwise.evidence import Target
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.parameters import (
    ParameterRow,
    PopulationParameters,
    free_rows,
    from_working_scale,
    parameter_table,
    prior_centre,
    to_working_scale,
)
from cordwise.population.fit.least_squares import LeastSquaresFit, iterate, start_fit
from cordwise.population.fit.lesion_length import scanned_patients
from cordwise.population.fit.misfit import Misfit, build_misfit
from cordwise.population.fit.reliability import twice_examined

FUNCTION_MEASURES = ("scim", "wisci")
FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and how finely the search looks; the defaults made the ensemble that ships."""

    seed: int = 1
    patients: int = 12000
    iterations: int = 3
    function_iterations: int = 6


@dataclass(frozen=True, slots=True)
class Problem:
    """One search: the rows that move, the set that holds the others, and the targets that judge."""

    rows: tuple[ParameterRow, ...]
    others: PopulationParameters
    misfit: Misfit

    @property
    def scale(self) -> Float[ndarray, " free"]:
        """Prior SDs on the working scale."""
        return np.array([row.prior_sd or np.nan for row in self.rows])

    def parameters(self, point: Float[ndarray, " free"]) -> PopulationParameters:
        """Return the parameter set of a point."""
        return from_working_scale(point, self.rows, self.others)

    def data_residuals(self, point: Float[ndarray, " free"]) -> Float[ndarray, " residual"]:
        """Return the misses of the targets."""
        return self.misfit.residuals(self.parameters(point))

    def residuals(self, point: Float[ndarray, " free"]) -> Float[ndarray, " residual"]:
        """Return the misses of targets and priors."""
        prior = (point - to_working_scale(prior_centre(), self.rows)) / self.scale
        return np.concatenate([self.data_residuals(point), prior])


def recovery_problem(
    targets: Sequence[Target],
    start: PopulationParameters,
    streams: Streams,
    *,
    patients: int,
    counterfactual: Counterfactual,
    registries_only: bool = False,
) -> Problem:
    """Return the search over everything but function, judged by registries, time course, scans and examiners.

    With `registries_only` their rows alone judge, one by one: what is made of several cannot be left out with one.
    """
    rows = tuple(row for row in free_rows() if row.mechanism != FUNCTION)
    judged = [target for target in targets if target.measure not in FUNCTION_MEASURES]
    if registries_only:
        return Problem(rows, start, build_misfit(judged, streams, count=patients, counterfactual=counterfactual))
    studies = (scanned_patients(streams, count=patients), twice_examined(streams, count=patients))
    misfit = build_misfit(
        judged, streams, count=patients, counterfactual=counterfactual, studies=studies, holds_time_course=True
    )
    return Problem(rows, start, misfit)


def function_problem(
    targets: Sequence[Target],
    start: PopulationParameters,
    streams: Streams,
    *,
    patients: int,
    counterfactual: Counterfactual,
) -> Problem:
    """Return the search over SCIM and WISCI, given everything else."""
    judged = [target for target in targets if target.measure in FUNCTION_MEASURES]
    return Problem(
        free_rows(FUNCTION), start, build_misfit(judged, streams, count=patients, counterfactual=counterfactual)
    )


def search(
    problem: Problem,
    iterations: int,
    *,
    checkpoint: Path | None = None,
    tag: str = "",
    report: Callable[[LeastSquaresFit], None] = lambda _fit: None,
    quiet: bool = True,
) -> LeastSquaresFit:
    """Iterate until the gain is small; with a checkpoint, go on where an earlier search of the same `tag` stopped."""
    fit = start_fit(problem.residuals, _resumed(checkpoint, tag, to_working_scale(problem.others, problem.rows)))
    for _ in range(iterations):
        fit = iterate(problem.residuals, fit, problem.scale, quiet=quiet)
        report(fit)
        if checkpoint is not None:
            state = {"tag": tag, "point": fit.point.tolist(), "cost": fit.cost, "iterations": fit.iterations}
            write_atomically(checkpoint, json.dumps(state).encode())
        if fit.is_done:
            break
    return fit


def _resumed(checkpoint: Path | None, tag: str, start: Float[ndarray, " free"]) -> Float[ndarray, " free"]:
    if checkpoint is None or not checkpoint.exists():
        return start
    state = json.loads(checkpoint.read_text(encoding="utf-8"))
    return np.array(state["point"]) if state["tag"] == tag else start


def fit_population(
    targets: Sequence[Target],
    start: PopulationParameters,
    settings: Settings,
    *,
    counterfactual: Counterfactual | None = None,
    checkpoint: Path | None = None,
    report: Callable[[LeastSquaresFit], None] = lambda _fit: None,
    quiet: bool = True,
) -> PopulationParameters:
    """Fit recovery first, then function given recovery; return the best set."""
    lived = counterfactual or without_cells()
    streams, tag = Streams(settings.seed), search_tag(targets, settings)
    problem = recovery_problem(targets, start, streams, patients=settings.patients, counterfactual=lived)
    fit = search(problem, settings.iterations, checkpoint=checkpoint, tag=tag, report=report, quiet=quiet)
    best = problem.parameters(fit.point)
    last = function_problem(targets, best, streams, patients=settings.patients, counterfactual=lived)
    return last.parameters(search(last, settings.function_iterations, report=report, quiet=quiet).point)


def search_tag(targets: Sequence[Target], settings: Settings) -> str:
    """Return what must not change between the parts of one search."""
    return sha256_of(json.dumps([targets_sha256(targets), asdict(settings), _table_text()]).encode())


def targets_sha256(targets: Sequence[Target]) -> str:
    """Return the hash of the targets' figures."""
    return sha256_of(json.dumps([asdict(target) for target in targets], sort_keys=True).encode())


def _table_text() -> list[Any]:
    return [asdict(row) for row in parameter_table()]
