"""Rows of a baseline table that no population can meet together: shares of groups without a person in common."""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.base.errors import Fault
from cordwise.evidence import Target
from cordwise.isncsci import AIS, LEVELS
from cordwise.population.case_mix.match import case_mix_parameter

_ADVICE = "Shares count everybody who enters, not those of one grade or level only: correct or leave out some."


def contradictory_shares(shares: Sequence[Target]) -> Iterator[Fault]:
    """Yield every family of group shares that sum to more than 1 although their groups share nobody.

    Rounding in print is allowed for. Groups of different days are not compared: a grade may change between them.
    """
    windows = dict.fromkeys(_days(row) for row in shares)
    for window in windows:
        left = [row for row in shares if _days(row) == window]
        while family := _impossible(left):
            listed = " + ".join(f"{row.value:g}" for row in family)
            where = f"case mix, {', '.join(row.target_id for row in family)}, value"
            total = sum(row.value for row in family)
            wanted = "shares of at most 1 in all, as these groups have nobody in common"
            yield Fault(where, wanted, f"{listed} = {total:.3g}", _ADVICE)
            left = [row for row in left if row not in family]


def _days(row: Target) -> tuple[float, float]:
    return row.baseline_day_min, row.baseline_day_max


def _impossible(shares: Sequence[Target]) -> list[Target]:
    """Return the rows, of those that share nobody, with the largest sum; none where it is at most 1."""
    values = np.array([row.value for row in shares]) - case_mix_parameter("share_rounding")
    if values[values > 0].sum() <= 1:
        return []
    chosen = _largest_apart(values, np.stack([_cells(row) for row in shares]))
    return [row for row, is_chosen in zip(shares, chosen, strict=True) if is_chosen] if values[chosen].sum() > 1 else []


def _largest_apart(values: Float[ndarray, " row"], cells: Bool[ndarray, "row cell"]) -> Bool[ndarray, " row"]:
    """Return which rows have the largest sum of all choices in which no cell stands in two rows."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow to import, and asked for by few tables

    kinds = np.unique(cells, axis=1).T.astype(float)  # cells that the same rows hold say the same
    found = milp(
        -values, integrality=np.ones(len(values)), bounds=Bounds(0, 1), constraints=LinearConstraint(kinds, ub=1)
    )
    return found.x > 0.5


def _cells(row: Target) -> Bool[ndarray, " cell"]:
    """Return which pairs of grade and level a row's group holds."""
    held = np.zeros((len(AIS), len(LEVELS)), bool)
    held[row.baseline_grade_low : row.baseline_grade_high + 1, row.level_first : row.level_last + 1] = True
    return held.ravel()
