"""Fit the population from start to finish, and write it in the form that every command takes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.base.provenance import write_atomically
from cordwise.base.randomness import Streams
from cordwise.evidence import Target, released_targets
from cordwise.patient.counterfactual import without_cells
from cordwise.population.fit.calibrate import (
    Fitted,
    SearchStep,
    Settings,
    draw_fit,
    log_of,
    rmse,
    search,
    search_tag,
    start_point,
)
from cordwise.population.fit.figures import figures_of
from cordwise.population.fit.hierarchy import Hierarchy, Linearised
from cordwise.population.fit.identifiability import Learned, learned_markdown, what_was_learned
from cordwise.population.fit.kept_fit import KeptFit, fit_arrays, parse_kept
from cordwise.population.fit.published_mix import registry_case_mix
from cordwise.population.fit.scales import find_mode
from cordwise.population.fit.simulated_figures import searched_rows, simulator_of
from cordwise.population.posterior import PopulationFit, fit_bytes, shipped_fit

POPULATION_FILE = "population.json"
SLOPES_FILE = "linearised.npz"
_SEARCH_FILE = "search.npz"


@dataclass(frozen=True, slots=True)
class Refit:
    """A new fit, RMS errors by kind of figure before and after, what was learned of each parameter, and the file."""

    fit: PopulationFit
    before: dict[str, float]
    after: dict[str, float]
    learned: tuple[Learned, ...]
    file: Path


def calibrate_into(
    folder: Path,
    targets: Sequence[Target],
    settings: Settings,
    *,
    report: Callable[[SearchStep], None] = lambda _step: None,
    quiet: bool = False,
) -> Refit:
    """Fit from the population that ships, and write the new one to a folder with what was learned of each parameter.

    A search that was stopped goes on where it stood when the same folder is named again.
    """
    if faults := list(_target_faults(targets)):
        raise InputError(faults)
    streams, shipped = Streams(settings.seed), shipped_fit()
    simulator = simulator_of(
        targets, streams, count=settings.patients, counterfactual=without_cells(), start=shipped.best
    )
    start = start_point(shipped.best, simulator.figures.registries, shipped.places)
    values, seen = simulator.read(start)
    if faults := list(_faults_of_nobody(simulator.figures.targets, seen.count)):
        raise InputError(faults)
    before = rmse(simulator.figures, values)
    folder.mkdir(parents=True, exist_ok=True)
    tag = search_tag(targets, settings)
    fitted = search(simulator, start, settings, checkpoint=folder / _SEARCH_FILE, tag=tag, report=report, quiet=quiet)
    fit = draw_fit(fitted, settings, streams, log_of(targets, settings, fitted))
    write_fit(fit, fitted, folder, tag, settings.rounds)
    learned = what_was_learned(fit)
    write_atomically(folder / "learned.md", learned_markdown(learned).encode())
    after = rmse(fitted.near.figures, fitted.near.at_point)
    return Refit(fit, before, after, learned, folder / POPULATION_FILE)


def _target_faults(targets: Sequence[Target]) -> Iterator[Fault]:
    if len({target.target_id for target in targets}) < len(targets):
        yield Fault("targets", "rows with names of their own", "a target_id that occurs twice")
    if not np.isfinite(registry_case_mix(targets).tetraplegia).all():
        advice = "Give figures of another registry beside those of the package: --with."
        yield Fault("targets", "EMSCI's LEMS in week 4 by grade, which give its case mix", "not all of them", advice)


def _faults_of_nobody(targets: Sequence[Target], count: Float[ndarray, " target"]) -> Iterator[Fault]:
    """Yield the figures given beside those of the package whose people nobody simulated resembles."""
    packaged = {target.target_id for target in released_targets()}
    for target, number in zip(targets, np.nan_to_num(count), strict=True):
        if target.target_id not in packaged and not number:
            advice = "Compare its grades, levels and days, or leave it out."
            yield Fault(f"targets, {target.target_id}", "a figure of people whom simulated ones resemble", "0", advice)


def write_fit(fit: PopulationFit, fitted: Fitted, folder: Path, tag: str, rounds: int) -> None:
    """Write a fit, and the slopes from which cross-validation and other fits start."""
    near = fitted.near
    held = KeptFit(tag, rounds, near.point, near.at_point, near.slopes, fitted.mode.scales.logs)
    write_atomically(folder / POPULATION_FILE, fit_bytes(fit))
    write_atomically(folder / SLOPES_FILE, fit_arrays(held))


@cache
def shipped_linearisation() -> Fitted:
    """Return the figures and slopes at the mode of the fit that ships, as they were kept."""
    data = files("cordwise.population").joinpath("data", SLOPES_FILE).read_bytes()
    held, targets = parse_kept(data), tuple(released_targets())
    shipped = shipped_fit()
    known = shipped.log["unprinted_spreads"]
    figures = figures_of(targets, known, int(shipped.log["figures"]["study"]))
    if len(figures) != len(held.values) or held.slopes.shape[1] != len(searched_rows()):
        raise ValueError("the slopes that ship belong to other figures or parameters: refit the population")
    near = Linearised(figures, held.point, held.values, held.slopes)
    factor = shipped.log["settings"]["spread_factor"]
    return Fitted(near, find_mode(Hierarchy(near, factor)), shipped.best)
