"""The fitted population: one best parameter set and an ensemble that carries what the registries leave open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from cordwise.base.tables import packaged_table, packaged_text
from cordwise.patient.parameters import PopulationParameters, parameter_table, prior_centre

_BEST = "best"
_CHANGE = "_change"
HOME, MATCHED, ELSEWHERE = "home", "matched", "elsewhere"


@dataclass(frozen=True, slots=True)
class Posterior:
    """Best parameter set, ensemble, and the record of the fit."""

    best: PopulationParameters
    draws: tuple[PopulationParameters, ...]
    log: Mapping[str, Any]

    def spread(self, count: int | None = None) -> tuple[tuple[PopulationParameters, ...], Int[ndarray, " set"]]:
        """Return so many parameter sets, evenly spread over the ensemble, and their numbers in it; all when None."""
        available = len(self.draws)
        if count is None or count >= available:
            return self.draws, np.arange(available)
        numbers = (np.arange(count) * available) // count
        return tuple(self.draws[number] for number in numbers), numbers

    def discrepancy(self, measure: str, place: str = HOME) -> float:
        """Return the SD of what the model misses in a measure beyond sampling error; a proportion for `ais`.

        At home are tables of EMSCI, to which the case mix is fitted; matched are those whose patients at entry are
        known; elsewhere the case mix is unknown, and more is missed. A change of score carries no case mix.
        """
        where = HOME if measure.endswith(_CHANGE) else place
        return float(self.log["discrepancy"].get(where, {}).get(measure.removesuffix(_CHANGE), 0.0))


@cache
def load_posterior() -> Posterior:
    """Read the ensemble that ships with the package."""
    log = json.loads(packaged_text("cordwise.population", "posterior_log.json"))
    sets = {row["draw"]: _parameter_set(row.cells) for row in packaged_table("cordwise.population", "posterior")}
    return Posterior(sets[_BEST], tuple(value for name, value in sets.items() if name != _BEST), log)


def _parameter_set(row: Mapping[str, str]) -> PopulationParameters:
    fitted = {name: float(value) for name, value in row.items() if name != "draw"}
    return prior_centre()._replace(**fitted)


def posterior_text(best: PopulationParameters, draws: tuple[PopulationParameters, ...]) -> str:
    """Return the ensemble as CSV: fitted parameters only, six significant digits, the best set first."""
    names = [row.name for row in parameter_table() if row.prior_sd is not None]
    named = [(_BEST, best), *((str(number), draw) for number, draw in enumerate(draws))]
    lines = [",".join((name, *(f"{getattr(value, field):.6g}" for field in names))) for name, value in named]
    return "\n".join((",".join(("draw", *names)), *lines)) + "\n"
