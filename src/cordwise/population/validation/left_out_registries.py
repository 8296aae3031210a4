"""Leave each registry out in turn, fit without it, and predict its figures as those of a registry not yet seen.

Fits are those of the straight model around the point of the fit to everything: slopes are the costly part, and leaving
out one registry of ten moves them little.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.evidence import Target
from cordwise.population.fit.figures import SCORE, SHARE
from cordwise.population.fit.hierarchy import Hierarchy, Linearised
from cordwise.population.fit.scales import Mode, find_mode, sample_scales
from cordwise.population.fit.unseen import unseen_draws
from cordwise.population.registries import registry_of
from cordwise.population.validation.copied_registry import copied_draws
from cordwise.population.validation.meta_analysis import meta_analysed_draws
from cordwise.population.validation.printed_figures import is_share, observed_figures
from cordwise.population.validation.scores import ForecastRows, score_draws

_HOME = "EMSCI"
_SCALES, _PER_SCALE = 40, 25  # draws of the scales between registries, and forecasts with each
_ENTRY_DAYS = 7.0  # figures up to this day describe the people at entry
MODEL, COPIED, META = "model", "copied", "meta_analysis"


@dataclass(frozen=True, slots=True)
class LeftOutRegistry:
    """A registry that was left out: its figures, and by the name of a forecast how they were forecast."""

    name: str
    targets: tuple[Target, ...]
    forecasts: dict[str, ForecastRows]
    low95: Float[ndarray, " target"]
    high95: Float[ndarray, " target"]
    predicted: Float[ndarray, " target"]


def leave_registries_out(
    near: Linearised,
    full: Mode,
    streams: Streams,
    *,
    spread_factor: float = 1.0,
    with_rivals: bool = True,
    advance: Callable[[int], None] = lambda _done: None,
) -> tuple[LeftOutRegistry, ...]:
    """Return how each registry but EMSCI, whose figures are most of all, was forecast without it.

    Parameters
    ----------
    near
        All figures and their slopes.
    full
        The mode of the fit to all, from which each search starts.
    streams
        Random streams.
    spread_factor
        Multiplies the prior scales of the SDs between registries.
    with_rivals
        Forecast by copying EMSCI and by meta-analysis as well.
    advance
        Is told of every registry that is done.
    """
    found = []
    for name in near.figures.registries:
        if name == _HOME:
            continue
        generator = streams(f"left-out/{name}").generator()
        own = means_of(near, name)
        model = Hierarchy(near.without(name), spread_factor)
        mode = find_mode(model, full.scales, outer=2)
        draws = _draws(model, mode, near.only(own), generator)
        found.append(_scored(name, near, own, draws, generator, with_rivals=with_rivals))
        advance(1)
    return tuple(found)


def narrowed_by(
    near: Linearised,
    full: Mode,
    streams: Streams,
    name: str,
    known: Bool[ndarray, " figure"],
    people: float | None = None,
) -> LeftOutRegistry:
    """Return how a registry's other figures are forecast once some of its own are known.

    `people` replaces the number of patients behind the known figures, as if so many had been seen so far.
    """
    generator = streams(f"narrowed/{name}").generator()
    chosen = ~near.figures.of(name) | known
    inside = near.only(chosen)
    if people is not None:
        n = np.where(known[chosen], people, inside.figures.n)
        inside = replace(inside, figures=replace(inside.figures, n=n))
    model = Hierarchy(inside)
    mode = find_mode(model, full.scales, outer=2)
    asked = means_of(near, name) & ~known
    draws = _draws(model, mode, near.only(asked), generator)
    return _scored(name, near, asked, draws, generator, with_rivals=False)


def entry_figures(near: Linearised, name: str) -> Bool[ndarray, " figure"]:
    """Return which of a registry's means describe its people at entry."""
    own = means_of(near, name)
    days = np.array([target.followup_day for target in near.figures.targets])
    early = np.zeros(len(own), bool)
    early[: len(days)] = days <= _ENTRY_DAYS
    return own & early


def means_of(near: Linearised, name: str) -> Bool[ndarray, " figure"]:
    """Return which figures are shares and means that a registry printed."""
    return near.figures.of(name) & np.isin(near.figures.kind, (SHARE, SCORE))


def _draws(
    model: Hierarchy, mode: Mode, asked: Linearised, generator: np.random.Generator
) -> Float[ndarray, "draw figure"]:
    scales = sample_scales(model, mode, generator, count=_SCALES, thin=15, burn=300)
    return unseen_draws(model, mode, scales, asked, generator, per_scale=_PER_SCALE)


def _scored(
    name: str,
    near: Linearised,
    asked: Bool[ndarray, " figure"],
    draws: Float[ndarray, "draw target"],
    generator: np.random.Generator,
    *,
    with_rivals: bool,
) -> LeftOutRegistry:
    everything = near.figures.targets
    targets = tuple(everything[place] for place in np.flatnonzero(asked))
    bounded = _bounded(targets, draws)
    observed = observed_figures(targets)
    forecasts = {MODEL: score_draws(observed, bounded)}
    if with_rivals:
        others = [target for target in everything if registry_of(target) != name]
        names = [registry_of(target) for target in others]
        count = _SCALES * _PER_SCALE
        copied = copied_draws(targets, others, [name] * len(targets), count, generator, is_spread_known=False)
        forecasts[COPIED] = score_draws(observed, copied)
        forecasts[META] = score_draws(observed, meta_analysed_draws(targets, others, names, count, generator))
    low, high = np.quantile(bounded, (0.025, 0.975), axis=0)
    return LeftOutRegistry(name, targets, forecasts, low, high, bounded.mean(axis=0))


def _bounded(targets: Sequence[Target], draws: Float[ndarray, "draw target"]) -> Float[ndarray, "draw target"]:
    lowest = np.array([-np.inf if target.measure.endswith("_change") else 0.0 for target in targets])
    highest = np.array([1.0 if is_share(target) else np.inf for target in targets])
    return np.clip(draws, lowest, highest)
