"""Treatment effect on ordered items one by one, each given the item before it and its own score at baseline."""

from typing import Final, cast

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.stats.ordinal.blocks import in_blocks
from cordwise.stats.ordinal.covariates import centred, level_columns
from cordwise.stats.ordinal.inference import wald_estimates
from cordwise.stats.ordinal.likelihood import influence
from cordwise.stats.ordinal.newton import fit_rows
from cordwise.stats.ordinal.rows import OrdinalRows, ordinal_rows
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.trials import OrderedItems, Trials

_LEVELS: Final = 6  # scores 0 to 5
_NEIGHBOURS: Final = _LEVELS + 1  # the neighbour's score, or none before
_LAYOUT: Final = (2, _NEIGHBOURS, _LEVELS, _LEVELS)  # arm, neighbour before, baseline, outcome
_CELLS: Final = 2 * _NEIGHBOURS * _LEVELS * _LEVELS
_ROWS_AT_ONCE = 1 << 15


def transitional_ordinal(trials: Trials, *, alpha: float) -> Estimates:
    """Return the log odds ratio of a higher item score under treatment, common to all items (transitional model).

    A cumulative logit model of every item's score at the endpoint's visit, given the arm, the score of the item before
    it on the same side at the same visit, and its own score at baseline.  Both scores enter as levels; the first item
    of a side has the level "none before".  As items of a patient are correlated, the variance is the sandwich over the
    n patients, times n/(n - 1), with Student's t on n - 2 degrees of freedom.  The estimate is conditional on the
    neighbour: an effect that reaches an item through the one before it counts once.

    Parameters
    ----------
    trials
        With `items`, scored 0 to 5.
    alpha
        Two-sided level of the interval.

    Raises
    ------
    ValueError
        The trials have no items.

    Notes
    -----
    Patients enter only through counts of (arm, neighbour, baseline, outcome), so a fit costs the same at any size.
    After Tanadini et al. 2016, BMC Medical Research Methodology 16:149.
    """
    if trials.items is None:
        raise ValueError("the transitional analysis needs the scores of the ordered items")
    return in_blocks(lambda block: _analysed(block, alpha), trials, _ROWS_AT_ONCE // _CELLS)


def _analysed(trials: Trials, alpha: float) -> Estimates:
    cells = _cells(trials)
    counts = np.bincount(cells[trials.analysed].ravel(), minlength=_CELLS * len(cells))
    counts = counts.reshape(len(cells), _CELLS).astype(np.float64)
    rows = _rows(counts)
    fit = fit_rows(rows)
    each = np.zeros_like(counts)  # influence of one item in each cell
    levered = influence(rows, fit.parameters, fit.threshold_lever, fit.slope_lever)
    np.put_along_axis(each, rows.source, levered, axis=1)
    of_patient = np.where(trials.analysed, each.ravel()[cells].sum(axis=-1), 0.0)
    n = trials.analysed.sum(axis=1)
    variance = (of_patient**2).sum(axis=1) * n / np.maximum(n - 1, 1)
    return wald_estimates(fit.slopes[:, 0], variance, alpha, degrees=n - 2)


def _cells(trials: Trials) -> Int[ndarray, "replicate patient item"]:
    """Return for every item its place in its replicate's table of arm, neighbour, baseline and outcome."""
    treated, items = trials.treated, cast(OrderedItems, trials.items)
    outcome = items.outcome.astype(np.intp)
    before = np.empty_like(outcome)
    before[..., 1:], before[..., 0] = outcome[..., :-1], _NEIGHBOURS - 1
    place = (treated[..., None, None] * _NEIGHBOURS + before) * _LEVELS + items.baseline
    table = (place * _LEVELS + outcome).reshape(*treated.shape, -1)
    return table + _CELLS * np.arange(len(table))[:, None, None]


def _rows(counts: Float[ndarray, "replicate cell"]) -> OrdinalRows:
    arm, before, baseline, outcome = (np.broadcast_to(axis.ravel(), counts.shape) for axis in np.indices(_LAYOUT))
    columns = [
        centred(arm.astype(np.float64), counts),
        *level_columns(before, counts),
        *level_columns(baseline, counts),
    ]
    return ordinal_rows(outcome, counts, np.stack(columns), _LEVELS)
