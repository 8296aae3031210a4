"""Refit the population from start to finish, and write the ensemble that ships with the record of how it was made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jaxtyping import Float
from numpy import ndarray

from cordwise.base.provenance import VERSIONED_PACKAGES, to_json, write_atomically
from cordwise.base.randomness import Streams
from cordwise.evidence import Target, evidence_version
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.parameters import PopulationParameters, to_working_scale
from cordwise.population.fit.calibrate import (
    Problem,
    Settings,
    fit_population,
    function_problem,
    recovery_problem,
    search_tag,
    targets_sha256,
)
from cordwise.population.fit.discrepancy import discrepancies
from cordwise.population.fit.identifiability import Learned, learned_markdown, what_was_learned
from cordwise.population.fit.laplace import Ensemble, draw_ensemble
from cordwise.population.fit.least_squares import LeastSquaresFit
from cordwise.population.posterior import Posterior, load_posterior, posterior_text
from cordwise.population.target_predictions import predict_targets

_SIGNIFICANT_DIGITS = 5


@dataclass(frozen=True, slots=True)
class EnsembleSize:
    """How many draws ship, from how many proposals, judged on how many patients; judged on fresh random numbers."""

    draws: int = 200
    proposals: int = 400
    patients: int = 8000
    seed: int = 2


@dataclass(frozen=True, slots=True)
class Refit:
    """A new ensemble with the record of its fit, what was learned of each parameter, and the file that holds it."""

    posterior: Posterior
    learned: tuple[Learned, ...]
    file: Path


def refit(
    targets: Sequence[Target],
    start: PopulationParameters,
    settings: Settings,
    size: EnsembleSize,
    *,
    checkpoint: Path | None = None,
    report: Callable[[LeastSquaresFit], None] = lambda _fit: None,
    quiet: bool = True,
) -> Posterior:
    """Search, draw the ensemble, measure what the model misses, and return all with the log."""
    counterfactual = without_cells()
    best = fit_population(
        targets, start, settings, counterfactual=counterfactual, checkpoint=checkpoint, report=report, quiet=quiet
    )
    draws, ensembles = _draw(targets, best, size, counterfactual)
    bare = Posterior(best, draws, {"discrepancy": {}})
    fresh = Streams(size.seed)
    before = predict_targets(targets, Posterior(start, (start,), bare.log), fresh, draws=1, patients=4 * size.patients)
    after = predict_targets(targets, bare, fresh, draws=len(draws))
    log = {
        "targets_sha256": targets_sha256(targets),
        "evidence_version": evidence_version(),
        "search_sha256": search_tag(targets, settings),
        "settings": asdict(settings),
        "ensemble": {**asdict(size), **ensembles},
        "rmse_before": _rounded(before.rmse()),
        "rmse_after": _rounded(after.rmse()),
        "rmse_if_nobody_changed": _rounded(after.rmse(after.unchanged)),
        "discrepancy": {
            place: _rounded(missed)
            for place, missed in discrepancies(targets, bare, fresh, counterfactual=counterfactual, check=after).items()
        },
        "versions": {name: version(name) for name in VERSIONED_PACKAGES},
    }
    return Posterior(best, draws, log)


def calibrate_into(
    folder: Path,
    targets: Sequence[Target],
    *,
    iterations: int,
    patients: int,
    draws: int,
    seed: int,
    quiet: bool = False,
) -> Refit:
    """Refit from the set that ships, and write the ensemble to a folder with what was learned of each parameter."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(seed=seed, patients=patients, iterations=iterations)
    size = EnsembleSize(draws=draws, proposals=2 * draws, seed=seed + 1)
    checkpoint = folder / "search.json"
    posterior = refit(targets, load_posterior().best, settings, size, checkpoint=checkpoint, quiet=quiet)
    write_posterior(posterior, folder)
    learned = what_was_learned(posterior)
    write_atomically(folder / "learned.md", learned_markdown(learned).encode())
    return Refit(posterior, learned, folder / "posterior.csv")


def write_posterior(posterior: Posterior, folder: Path) -> None:
    """Write the ensemble and its log in the form that `load_posterior` reads."""
    write_atomically(folder / "posterior.csv", posterior_text(posterior.best, posterior.draws).encode())
    write_atomically(folder / "posterior_log.json", to_json(posterior.log).encode())


def _draw(
    targets: Sequence[Target], best: PopulationParameters, size: EnsembleSize, counterfactual: Counterfactual
) -> tuple[tuple[PopulationParameters, ...], dict[str, Any]]:
    """Draw recovery and function apart: function is fitted given recovery."""
    fresh = Streams(size.seed)
    recovery = recovery_problem(targets, best, fresh, patients=size.patients, counterfactual=counterfactual)
    function = function_problem(targets, best, fresh, patients=size.patients, counterfactual=counterfactual)
    found = {
        "recovery": _ensemble(recovery, best, fresh, "ensemble/recovery", size),
        "function": _ensemble(function, best, fresh, "ensemble/function", size),
    }
    draws = tuple(
        replace(function, others=recovery.parameters(point)).parameters(other)
        for point, other in zip(found["recovery"].points, found["function"].points, strict=True)
    )
    return draws, {name: _described(ensemble) for name, ensemble in found.items()}


def _ensemble(
    problem: Problem, best: PopulationParameters, streams: Streams, name: str, size: EnsembleSize
) -> Ensemble:
    point: Float[ndarray, " free"] = to_working_scale(best, problem.rows)
    return draw_ensemble(problem, point, streams(name), count=size.draws, proposals=size.proposals)


def _described(ensemble: Ensemble) -> dict[str, float]:
    numbers = {name: value for name, value in asdict(ensemble).items() if name != "points"}
    return _rounded(numbers)


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.{_SIGNIFICANT_DIGITS}g}") for name, value in numbers.items()}
