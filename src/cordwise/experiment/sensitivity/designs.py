"""Designs and their indices, by SALib: Morris screening and Sobol indices, of single inputs or of whole mechanisms.

Runs that fail take the whole trajectory, or base sample, that they belong to with them: indices compare runs within
one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from numpy.random import Generator

from cordwise.base.errors import Fault, InputError
from cordwise.experiment.sensitivity.inputs import Input, mechanisms_of
from cordwise.experiment.sensitivity.settings import setting_of

_LARGEST_SEED = 2**31 - 1
INSTALL = "Install it with: pip install 'cordwise[sensitivity]'"


class SensitivityMethod(StrEnum):
    """How influence is measured."""

    MORRIS = "morris"
    SOBOL = "sobol"


@dataclass(frozen=True, slots=True, kw_only=True)
class MorrisIndex:
    """Influence of one input by Morris screening, in units of the outcome.

    `mu_star` is the mean size of its effects, with the half-width of its 95 % interval; `mu` their mean and `sigma`
    their standard deviation.
    """

    factor: str
    mechanism: str
    mu_star: float
    mu_star_conf: float
    mu: float
    sigma: float

    @property
    def influence(self) -> float:
        """Return what inputs are ranked by."""
        return self.mu_star

    @property
    def half_width(self) -> float:
        """Return the half-width of its 95 % interval."""
        return self.mu_star_conf


@dataclass(frozen=True, slots=True, kw_only=True)
class SobolIndex:
    """Share of the variance due to an input or a mechanism: alone (S1) and in all (ST), with 95 % half-widths."""

    factor: str
    mechanism: str
    S1: float
    S1_conf: float
    ST: float
    ST_conf: float

    @property
    def influence(self) -> float:
        """Return what factors are ranked by."""
        return self.ST

    @property
    def half_width(self) -> float:
        """Return the half-width of its 95 % interval."""
        return self.ST_conf


@dataclass(frozen=True, slots=True)
class SamplingDesign:
    """Points of the unit cube, in blocks that belong together, and what SALib calls the problem."""

    method: SensitivityMethod
    problem: dict[str, Any]
    points: Float[ndarray, "run input"]
    factors: tuple[str, ...]
    blocks: int

    def complete(self, solved: Bool[ndarray, " run"]) -> Bool[ndarray, " block"]:
        """Return the blocks in which no run failed."""
        return np.asarray(solved.reshape(self.blocks, -1).all(axis=1))


def screening(inputs: tuple[Input, ...], trajectories: int, rng: Generator) -> SamplingDesign:
    """Return a Morris design: each trajectory moves one input after another."""
    problem = _problem(inputs)
    sample, _ = _salib(SensitivityMethod.MORRIS)
    points = sample.sample(problem, trajectories, num_levels=int(setting_of("levels")), seed=_seed(rng))
    return SamplingDesign(SensitivityMethod.MORRIS, problem, points, tuple(each.name for each in inputs), trajectories)


def variance_design(
    inputs: tuple[Input, ...], samples: int, rng: Generator, *, grouped: bool = False
) -> SamplingDesign:
    """Return a Saltelli design for first-order and total Sobol indices, of inputs or of whole mechanisms (grouped)."""
    argument = "mechanism_samples" if grouped else "samples"
    if samples < 2 or samples & (samples - 1):
        raise InputError([Fault(argument, "a power of 2 (64, 128, 256 ...)", str(samples), is_argument=True)])
    problem = _problem(inputs)
    factors = tuple(each.name for each in inputs)
    if grouped:
        problem["groups"] = [each.mechanism for each in inputs]
        factors = mechanisms_of(inputs)
    sample, _ = _salib(SensitivityMethod.SOBOL)
    points = sample.sample(problem, samples, calc_second_order=False, seed=_seed(rng))
    return SamplingDesign(SensitivityMethod.SOBOL, problem, points, factors, samples)


def indices_of(
    design: SamplingDesign, complete: Bool[ndarray, " block"], values: Float[ndarray, " run"], rng: Generator
) -> list[dict[str, float]]:
    """Return the indices of each factor for one outcome; an outcome that never changes has none that is not 0."""
    kept = np.repeat(complete, len(values) // design.blocks)
    y, resamples = values[kept], int(setting_of("resamples"))
    names = _NAMES[design.method]
    if np.ptp(y) == 0:
        return [dict.fromkeys(names.values(), 0.0) for _ in design.factors]
    _, analysis = _salib(design.method)
    if design.method == SensitivityMethod.MORRIS:
        levels = int(setting_of("levels"))
        found = analysis.analyze(
            design.problem, design.points[kept], y, num_resamples=resamples, num_levels=levels, seed=_seed(rng)
        )
    else:
        found = analysis.analyze(design.problem, y, calc_second_order=False, num_resamples=resamples, seed=_seed(rng))
    columns = {ours: np.asarray(found[theirs], float) for theirs, ours in names.items()}
    return [{name: float(column[at]) for name, column in columns.items()} for at in range(len(design.factors))]


def ranked(
    design: SamplingDesign, indices: list[dict[str, float]], mechanism_of: Mapping[str, str]
) -> tuple[MorrisIndex | SobolIndex, ...]:
    """Return the indices of each factor with six digits, the most influential first."""
    kind = MorrisIndex if design.method == SensitivityMethod.MORRIS else SobolIndex
    rows = [
        kind(
            factor=factor,
            mechanism=mechanism_of.get(factor, factor),
            **{name: float(f"{value:.6g}") for name, value in index.items()},
        )
        for factor, index in zip(design.factors, indices, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: -row.influence))


_NAMES = {
    SensitivityMethod.MORRIS: {"mu_star": "mu_star", "mu_star_conf": "mu_star_conf", "mu": "mu", "sigma": "sigma"},
    SensitivityMethod.SOBOL: {"S1": "S1", "S1_conf": "S1_conf", "ST": "ST", "ST_conf": "ST_conf"},
}


def _problem(inputs: tuple[Input, ...]) -> dict[str, Any]:
    names = [each.name for each in inputs]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _seed(rng: Generator) -> int:
    """Return a seed for SALib, which takes 0 for none and cannot branch a generator that is keyed by name."""
    return int(rng.integers(1, _LARGEST_SEED))


def _salib(method: SensitivityMethod) -> tuple[ModuleType, ModuleType]:
    """Return the sampler and the analysis of a method."""
    from importlib import import_module

    try:
        return import_module(f"SALib.sample.{method}"), import_module(f"SALib.analyze.{method}")
    except ModuleNotFoundError:
        fault = Fault("cord sensitivity", "the package SALib", "not installed", INSTALL)
        raise InputError([fault]) from None
