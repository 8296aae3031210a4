"""Fit the rates of the tissue to the bands of facts and time courses, within the ranges of the parameter table.

Least squares over two kinds of residuals: how far each row lies outside its band, and how far each rate lies from the
middle of its range.  Rows that are held out (`in_fit` no) have no part in it, and rates known only through them stay.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.optimize import least_squares

from cordwise.cord.parameters import Species, TissueParameters, load_parameters, tissue_parameter_rows
from cordwise.experiment.bands import all_bands, perturbation_facts
from cordwise.experiment.facts import Values, fact_values
from cordwise.experiment.misfit import band_residuals
from cordwise.experiment.plan import Experiment

_Z90 = NormalDist().inv_cdf(0.95)
_STEP = 0.02  # of the logarithm of a rate, for central differences: well above the noise of single precision
_ENOUGH = 1e-3  # share of the cost that a round must gain for another to follow

_HELD_MECHANISMS = frozenset({"scale", "dose", "ruler", "front"})  # sizes, yardsticks and doses are no rates
_HELD = frozenset(
    {
        "mri_threshold", "lesion_edge_share", "cst_weight",  # yardsticks
        "cell_anti", "cell_closure", "cell_push",  # actions of cells that no fact tells apart
        "rejection_day", "rejection_power",  # tuned to the survival of grafts, which is held out
    }
)  # fmt: skip

Logs = Float[ndarray, "set rate"]
Point = Float[ndarray, " rate"]


@dataclass(frozen=True, slots=True)
class FittedRate:
    """A rate to fit: its row of the parameter table."""

    name: str
    species: str
    value: float
    low90: float
    high90: float

    @property
    def log_middle(self) -> float:
        """Return the logarithm of the middle of the range."""
        return float(np.log(self.low90 * self.high90) / 2)

    @property
    def log_sd(self) -> float:
        """Return the log standard deviation for which the range holds 90%."""
        return float(np.log(self.high90 / self.low90) / (2 * _Z90))


@dataclass(frozen=True, slots=True)
class TissueFit:
    """The fitted values of the rates, every row before and after, half the sum of squares, and the rounds it took."""

    rates: tuple[FittedRate, ...]
    values: Point
    before: Mapping[str, float]
    after: Mapping[str, float]
    cost_before: float
    cost_after: float
    rounds: int


def rates_to_fit() -> tuple[FittedRate, ...]:
    """Return the rates that the fit may move."""
    held_out = {each for fact in perturbation_facts() if not fact.band.in_fit for each in _sources(fact.band.source)}
    known_elsewhere = (
        row for row in tissue_parameter_rows() if row.source == "judgement" or not _sources(row.source) <= held_out
    )
    return tuple(
        FittedRate(row.name, row.species, row.value, low, high)
        for row in known_elsewhere
        for low, high in ((row.low90 or 0.0, row.high90 or 0.0),)
        if low < high and row.mechanism not in _HELD_MECHANISMS and row.name not in _HELD
    )


def _sources(text: str) -> set[str]:
    return {each.strip() for each in text.split(";")}


def parameter_sets(rates: Sequence[FittedRate], logs: Logs, species: Species) -> TissueParameters:
    """Return the parameters of a species, with one value of each rate for each set of logarithms."""
    mine = [at for at, rate in enumerate(rates) if rate.species in ("both", species.value)]
    own: dict[str, Any] = {rates[at].name: np.exp(logs[:, at]) for at in mine}
    return load_parameters(species)._replace(**own)


def fit_rates(experiments: Mapping[str, Experiment], *, rounds: int = 40) -> TissueFit:
    """Return the rates that fit the rows best, found from the table's values on; nothing in it is random."""
    rates = rates_to_fit()
    bounds = np.log([rate.low90 for rate in rates]), np.log([rate.high90 for rate in rates])
    start = np.clip(np.log([rate.value for rate in rates]), *bounds)
    bands = tuple(band for band in all_bands() if band.in_fit)

    def rows(logs: Logs) -> dict[str, Values]:
        rodent, human = (parameter_sets(rates, logs, species) for species in (Species.RODENT, Species.HUMAN))
        return fact_values(rodent, human, experiments)

    def residuals(logs: Logs) -> Float[ndarray, "set residual"]:
        return np.concatenate([band_residuals(bands, rows(logs)), prior_residuals(rates, logs)], axis=1)

    found = least_squares(
        lambda x: residuals(x[None])[0], start, jac=slope_of(residuals), bounds=bounds, max_nfev=rounds, ftol=_ENOUGH
    )
    before, after = ({row: float(value[0]) for row, value in rows(x[None]).items()} for x in (start, found.x))
    cost_before = float((residuals(start[None])[0] ** 2).sum() / 2)
    return TissueFit(rates, np.exp(found.x), before, after, cost_before, float(found.cost), int(found.nfev))


def prior_residuals(rates: Sequence[FittedRate], logs: Logs) -> Float[ndarray, "set rate"]:
    """Return how far each rate lies from the middle of its range, in standard deviations."""
    return (logs - [rate.log_middle for rate in rates]) / [rate.log_sd for rate in rates]


def slope_of(
    residuals: Callable[[Logs], Float[ndarray, "set residual"]],
) -> Callable[[Point], Float[ndarray, "residual rate"]]:
    """Return the function that gives the slope of residuals at a point, by central differences in one batch."""

    def slope(x: Point) -> Float[ndarray, "residual rate"]:
        steps = _STEP * np.eye(x.size)
        sides = residuals(np.concatenate([x + steps, x - steps]))
        return (sides[: x.size] - sides[x.size :]).T / (2 * _STEP)

    return slope
