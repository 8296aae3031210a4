"""Fit the population: search the mean of registries and each one's place, then draw what the registries leave open.

Around a point the simulated figures are straight lines in the parameters. The posterior of that straight model is known
but for a few scales; its mean is the next point, where the patients are simulated again, with the same slopes for some
steps and with new ones every round.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import expit

from cordwise.base.provenance import VERSIONED_PACKAGES, sha256_of
from cordwise.base.randomness import Streams
from cordwise.evidence import Target, evidence_version
from cordwise.patient.parameters import (
    PopulationParameters,
    free_rows,
    from_working_scale,
    parameter_table,
    to_working_scale,
)
from cordwise.population.fit.figures import Figures
from cordwise.population.fit.hierarchy import Hierarchy, Linearised, Scales, hierarchy_table
from cordwise.population.fit.kept_fit import KeptFit, keep, kept
from cordwise.population.fit.scales import Mode, find_mode, sample_scales
from cordwise.population.fit.simulated_figures import FigureSimulator, Point, searched_rows
from cordwise.population.posterior import PopulationFit, StructureSpread
from cordwise.population.registries import directions

_PARTS_OF_THE_WAY = (1.0, 0.5, 0.25, 0.1)


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and how finely the search looks; the defaults made the fit that ships.

    Attributes
    ----------
    seed, patients
        Of the simulated patients of each registry.
    rounds, steps
        Times that slopes are taken, and steps with each.
    draws
        Draws of the posterior.
    spread_factor
        Multiplies the prior scales of the SDs between registries.
    """

    seed: int = 1
    patients: int = 12000
    rounds: int = 2
    steps: int = 4
    draws: int = 200
    spread_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class SearchStep:
    """What a step of the search reached.

    Attributes
    ----------
    round, step
        Counted from 0.
    share
        The part of the way to the straight model's posterior mean that was taken.
    rmse
        RMS error by kind of figure, shares as proportions.
    off_the_line
        RMS distance of the simulated figures from the straight model's, on the fitted scale.
    """

    round: int
    step: int
    share: float
    rmse: Mapping[str, float]
    off_the_line: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The end of a search: figures and slopes at the last point, and the posterior's mode."""

    near: Linearised
    mode: Mode
    base: PopulationParameters


def search(
    simulator: FigureSimulator,
    start: Point,
    settings: Settings,
    *,
    slopes: Float[ndarray, "figure parameter"] | None = None,
    scales: Scales | None = None,
    checkpoint: Path | None = None,
    tag: str = "",
    report: Callable[[SearchStep], None] = lambda _step: None,
    quiet: bool = True,
) -> Fitted:
    """Search from a point; with a checkpoint, go on where an earlier search of the same `tag` stopped.

    Parameters
    ----------
    simulator
        The figures and the patients who answer them.
    start
        Where the search begins.
    settings
        How long it looks.
    slopes, scales
        Slopes for the first round and scales to start from, where they are known from an earlier fit.
    checkpoint, tag
        File of the search, and of what it is a search.
    report
        Is told every step.
    quiet
        No progress.
    """
    done = kept(checkpoint, tag) if checkpoint else None
    if done is not None:
        start, slopes, scales = done.point, done.slopes, Scales.of(done.logs)
    first = 0 if done is None else done.rounds
    point, known = start, slopes
    values = simulator.at(point)
    for number in range(first, settings.rounds):
        if known is None or number > first or done is not None:
            known = simulator.slopes(point, quiet=quiet)
        for step in range(settings.steps):
            near = Linearised(simulator.figures, point, values, known)
            model = Hierarchy(near, settings.spread_factor)
            mode = find_mode(model, scales)
            scales = mode.scales
            taken = _better(simulator, model, mode)
            if taken is None:
                break
            share, moved, reached = taken
            straight = _along_the_slopes(model, point, moved)
            off = _apart(simulator.figures, reached - straight)
            report(SearchStep(number, step, share, rmse(simulator.figures, reached), off))
            point, values = moved, reached
        if checkpoint is not None and scales is not None:
            keep(checkpoint, KeptFit(tag, number + 1, point, values, known, scales.logs))
    if known is None:
        known = simulator.slopes(point, quiet=quiet) if done is None else done.slopes
    near = Linearised(simulator.figures, point, values, known)
    return Fitted(near, find_mode(Hierarchy(near, settings.spread_factor), scales), simulator.base)


def _better(
    simulator: FigureSimulator, model: Hierarchy, mode: Mode
) -> tuple[float, Point, Float[ndarray, " figure"]] | None:
    """Return a part of the way to the posterior mean at which the simulated figures are met better; None if none is."""
    near = model.near
    now = model.cost(near.point, near.at_point, mode.scales, mode.eta)
    there = mode.place.as_point(near.point)
    for share in _PARTS_OF_THE_WAY:
        moved = Point(*(here + share * (end - here) for here, end in zip(near.point, there, strict=True)))
        values = simulator.at(moved)
        if model.cost(moved, values, mode.scales, mode.eta) < now:
            return share, moved, values
    return None


def draw_fit(fitted: Fitted, settings: Settings, streams: Streams, log: Mapping[str, Any]) -> PopulationFit:
    """Draw the posterior of a search: what registries have in common, where each lies, and what is missed."""
    generator = streams("fit/draws").generator()
    model = Hierarchy(fitted.near, settings.spread_factor)
    scales = sample_scales(model, fitted.mode, generator, count=settings.draws)
    places = [model.draw(each, fitted.mode.eta, generator) for each in scales]
    rows, base = free_rows(), fitted.base
    effects = np.array([place.effects for place in places])
    return PopulationFit(
        best=from_working_scale(fitted.mode.place.common, rows, base),
        common=tuple(from_working_scale(place.common, rows, base) for place in places),
        between=np.array([each.between for each in scales]),
        places={name: effects[:, number] for number, name in enumerate(fitted.near.figures.registries)},
        structure=StructureSpread(
            *(np.array([getattr(each, name) for each in scales]) for name in ("grade", "missing", "dispersion"))
        ),
        log=log,
        conversions={
            name: np.array([place.conversions[number] for place in places])
            for number, name in enumerate(fitted.near.figures.registries)
        },
    )


def start_point(best: PopulationParameters, registries: Sequence[str], places: Mapping[str, ndarray]) -> Point:
    """Return the point at a fit's means; a registry that it did not see starts at the mean of registries."""
    nowhere = np.zeros(len(directions()))
    effects = np.array([np.mean(places[name], axis=0) if name in places else nowhere for name in registries])
    return Point(to_working_scale(best, searched_rows()), effects)


def rmse(figures: Figures, values: Float[ndarray, " figure"]) -> dict[str, float]:
    """Return the RMS error by kind of figure; shares as proportions."""
    found = np.where(figures.is_share, expit(np.where(figures.is_share, values, 0.0)), values)
    return _apart(figures, found - figures.value)


def search_tag(targets: Sequence[Target], settings: Settings) -> str:
    """Return what must not change between the parts of one search."""
    tables = [asdict(row) for row in parameter_table()], [asdict(each) for each in directions()], hierarchy_table()
    return sha256_of(json.dumps([targets_sha256(targets), asdict(settings), *tables]).encode())


def targets_sha256(targets: Sequence[Target]) -> str:
    """Return the hash of the targets' figures."""
    return sha256_of(json.dumps([asdict(target) for target in targets], sort_keys=True).encode())


def log_of(targets: Sequence[Target], settings: Settings, fitted: Fitted) -> dict[str, Any]:
    """Return how a fit was made."""
    figures, scales = fitted.near.figures, fitted.mode.scales
    return {
        "targets_sha256": targets_sha256(targets),
        "evidence_version": evidence_version(),
        "search_sha256": search_tag(targets, settings),
        "settings": asdict(settings),
        "figures": {kind: int((figures.kind == kind).sum()) for kind in np.unique(figures.kind)},
        "unprinted_spreads": _rounded(figures.unprinted_spreads),
        "registries": list(figures.registries),
        "rmse": _rounded(rmse(figures, fitted.near.at_point)),
        "between": _rounded(dict(zip([each.name for each in directions()], scales.between.tolist(), strict=True))),
        "structure": _rounded({"grade": scales.grade, "missing": scales.missing, "dispersion": scales.dispersion}),
        "versions": {name: version(name) for name in VERSIONED_PACKAGES},
    }


def _along_the_slopes(model: Hierarchy, here: Point, there: Point) -> Float[ndarray, " figure"]:
    near, registry = model.near, model.near.figures.registry
    moved = np.where((registry >= 0)[:, None], (there.effects - here.effects)[registry], 0.0)
    return near.at_point + near.slopes @ (there.common - here.common) + (model.own * moved).sum(axis=1)


def _apart(figures: Figures, values: Float[ndarray, " figure"]) -> dict[str, float]:
    return {
        str(kind): float(np.sqrt(np.mean(values[figures.kind == kind] ** 2))) for kind in dict.fromkeys(figures.kind)
    }


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.5g}") for name, value in numbers.items()}
