"""Fit the rates of the tissue to the bands of facts and time courses, within the ranges of the parameter table.

Least squares over two kinds of residuals, of which large ones count less: how far each row lies outside its band, and
how far each rate lies from the middle of its range.  Rows that are held out (`in_fit` no) have no part in it, and rates
known only through them stay.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.optimize import least_squares

from cordwise.cord.parameters import (
    SIGN_FREE,
    Species,
    TissueParameters,
    load_parameters,
    tissue_parameter_rows,
)
from cordwise.experiment.bands import all_bands, perturbation_facts, time_course_bands
from cordwise.experiment.examined import EXAMINED
from cordwise.experiment.facts import Values, fact_values
from cordwise.experiment.markers import READ_OUTS
from cordwise.experiment.misfit import band_residuals
from cordwise.experiment.plan import Experiment

_Z90 = NormalDist().inv_cdf(0.95)
_STEP = 0.02  # of a rate's place, for central differences: well above the noise of single precision
_ENOUGH = 1e-3  # share of the cost that a round must gain for another to follow
_COURSE_WEIGHT = 2.0  # of a row of the time courses, which are measured directly and fewer
_SOFT = 6.0  # residuals beyond this count less than their square: sources that disagree cannot all be met

_HELD_MECHANISMS = frozenset({"scale", "dose", "ruler", "front"})  # sizes, yardsticks and doses are no rates
_HELD = frozenset(
    {
        "mri_threshold", "lesion_edge_share", "cst_weight",  # yardsticks
        "cell_anti", "cell_closure", "cell_push", "cell_nodes",  # actions of cells that no fact tells apart
        "cst_inflammation_weight", "cst_ischaemia_weight", "cst_leukocyte_weight",  # prior only
        "rejection_day", "rejection_power",  # tuned to the survival of grafts, which is held out
    }
)  # fmt: skip

Places = Float[ndarray, "set rate"]
Point = Float[ndarray, " rate"]


@dataclass(frozen=True, slots=True)
class FittedRate:
    """A rate to fit: its row of the parameter table."""

    name: str
    species: str
    value: float
    low90: float
    high90: float

    def place_of(self, value: float) -> float:
        """Return the place of a value on the scale on which the fit moves: its logarithm, or itself if sign-free."""
        return value if self.name in SIGN_FREE else float(np.log(value))

    def value_at(self, place: Float[ndarray, "*set"]) -> Float[ndarray, "*set"]:
        """Return the value at a place."""
        return place if self.name in SIGN_FREE else np.exp(place)

    @property
    def middle(self) -> float:
        """Return the place in the middle of the range."""
        return (self.place_of(self.low90) + self.place_of(self.high90)) / 2

    @property
    def sd(self) -> float:
        """Return the standard deviation of the place for which the range holds 90%."""
        return (self.place_of(self.high90) - self.place_of(self.low90)) / (2 * _Z90)


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


def parameter_sets(
    rates: Sequence[FittedRate], places: Places, species: Species, held: Mapping[str, float] | None = None
) -> TissueParameters:
    """Return the parameters of a species, with one value of each rate for each set of places, and some rates held."""
    mine = [at for at, rate in enumerate(rates) if rate.species in ("both", species.value)]
    own: dict[str, Any] = {rates[at].name: rates[at].value_at(places[:, at]) for at in mine}
    return load_parameters(species)._replace(**(own | dict(held or {})))


def fit_rates(
    experiments: Mapping[str, Experiment], *, rounds: int = 40, held: Mapping[str, float] | None = None
) -> TissueFit:
    """Return the rates that fit the rows best, found from the table's values on; nothing in it is random.

    Parameters
    ----------
    experiments
        Those of the fitted rows, as `read_fact_experiments` returns them.
    rounds
        Most rounds, each of which takes the slope of every row in every rate once.
    held
        Rates that are not fitted but held at a value, such as 0 for a mechanism that is taken out.
    """
    kept = dict(held or {})
    rates = tuple(rate for rate in rates_to_fit() if rate.name not in kept)
    low = np.array([rate.place_of(rate.low90) for rate in rates])
    high = np.array([rate.place_of(rate.high90) for rate in rates])
    start = np.clip([rate.place_of(rate.value) for rate in rates], low, high)
    facts = [fact for fact in perturbation_facts() if fact.band.in_fit and fact.experiment in experiments]
    needed = {name: experiments[name] for name in sorted({fact.experiment for fact in facts})}
    # People are examined with noise of their own, which a slope cannot follow.
    fitted = {fact.band.row for fact in facts if fact.readout not in EXAMINED and fact.readout not in READ_OUTS}
    courses = {band.row for band in time_course_bands() if band.in_fit}
    bands = tuple(band for band in all_bands() if band.row in fitted | courses)
    weights = np.array([_COURSE_WEIGHT if band.row in courses else 1.0 for band in bands])

    def rows(places: Places, of: Mapping[str, Experiment] = needed) -> dict[str, Values]:
        rodent, human = (parameter_sets(rates, places, species, kept) for species in (Species.RODENT, Species.HUMAN))
        return fact_values(rodent, human, of)

    def residuals(places: Places) -> Float[ndarray, "set residual"]:
        return np.concatenate([weights * band_residuals(bands, rows(places)), prior_residuals(rates, places)], axis=1)

    found = least_squares(
        lambda x: residuals(x[None])[0],
        start,
        jac=slope_of(residuals),
        bounds=(low, high),
        loss="soft_l1",
        f_scale=_SOFT,
        max_nfev=rounds,
        ftol=_ENOUGH,
    )
    before, after = (
        {row: float(value[0]) for row, value in rows(x[None], experiments).items()} for x in (start, found.x)
    )
    cost_before, cost_after = (float((residuals(x[None])[0] ** 2).sum() / 2) for x in (start, found.x))
    values = np.array([rate.value_at(place) for rate, place in zip(rates, found.x, strict=True)])
    return TissueFit(rates, values, before, after, cost_before, cost_after, int(found.nfev))


def prior_residuals(rates: Sequence[FittedRate], places: Places) -> Float[ndarray, "set rate"]:
    """Return how far each rate lies from the middle of its range, in standard deviations."""
    return (places - [rate.middle for rate in rates]) / [rate.sd for rate in rates]


def slope_of(
    residuals: Callable[[Places], Float[ndarray, "set residual"]],
) -> Callable[[Point], Float[ndarray, "residual rate"]]:
    """Return the function that gives the slope of residuals at a point, by central differences in one batch."""

    def slope(x: Point) -> Float[ndarray, "residual rate"]:
        steps = _STEP * np.eye(x.size)
        sides = residuals(np.concatenate([x + steps, x - steps]))
        return (sides[: x.size] - sides[x.size :]).T / (2 * _STEP)

    return slope
