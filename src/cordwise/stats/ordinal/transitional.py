"""Treatment effect on the key muscles one by one, each given its neighbour above and its own grade at baseline."""

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
from cordwise.stats.two_arm.trials import Muscles, Trials

_GRADES: Final = 6  # 0 to 5
_NEIGHBOURS: Final = _GRADES + 1  # the neighbour's grade, or none above
_LAYOUT: Final = (2, _NEIGHBOURS, _GRADES, _GRADES)  # arm, neighbour above, baseline, outcome
_CELLS: Final = 2 * _NEIGHBOURS * _GRADES * _GRADES
_ROWS_AT_ONCE = 1 << 15


def transitional_ordinal(trials: Trials, *, alpha: float) -> Estimates:
    """Return the log odds ratio of a higher muscle grade under treatment, common to all key muscles.

    A cumulative logit model of every muscle's grade at the endpoint's visit, given the arm, the grade of the next
    muscle above on the same side at the same visit, and its own grade at baseline.  Both grades enter as levels; the
    first muscle of a side has the level "none above".  As muscles of a patient go together, the variance is the
    sandwich over the n patients, times n/(n - 1), with Student's t on n - 2 degrees.  The estimate is conditional on
    the neighbour: an effect that reaches a muscle through the one above counts once.

    Notes
    -----
    Patients enter only through counts of (arm, neighbour, baseline, outcome), so a fit costs the same at any size.
    After Tanadini et al., BMC Medical Research Methodology 16 (2016) 149.
    """
    if trials.muscles is None:
        raise ValueError("the transitional analysis needs the grades of the key muscles")
    return in_blocks(lambda block: _analysed(block, alpha), trials, _ROWS_AT_ONCE // _CELLS)


def _analysed(trials: Trials, alpha: float) -> Estimates:
    cells = _cells(trials)
    counts = np.bincount(cells[trials.analysed].ravel(), minlength=_CELLS * len(cells))
    counts = counts.reshape(len(cells), _CELLS).astype(np.float64)
    rows = _rows(counts)
    fit = fit_rows(rows)
    each = np.zeros_like(counts)  # influence of one muscle in each cell
    levered = influence(rows, fit.parameters, fit.threshold_lever, fit.slope_lever)
    np.put_along_axis(each, rows.source, levered, axis=1)
    of_patient = np.where(trials.analysed, each.ravel()[cells].sum(axis=-1), 0.0)
    n = trials.analysed.sum(axis=1)
    variance = (of_patient**2).sum(axis=1) * n / np.maximum(n - 1, 1)
    return wald_estimates(fit.slopes[:, 0], variance, alpha, degrees=n - 2)


def _cells(trials: Trials) -> Int[ndarray, "replicate patient muscle"]:
    """Return for every muscle its place in its replicate's table of arm, neighbour, baseline and outcome."""
    treated, muscles = trials.treated, cast(Muscles, trials.muscles)
    outcome = muscles.outcome.astype(np.intp)
    above = np.empty_like(outcome)
    above[..., 1:], above[..., 0] = outcome[..., :-1], _NEIGHBOURS - 1
    place = (treated[..., None, None] * _NEIGHBOURS + above) * _GRADES + muscles.baseline
    table = (place * _GRADES + outcome).reshape(*treated.shape, -1)
    return table + _CELLS * np.arange(len(table))[:, None, None]


def _rows(counts: Float[ndarray, "replicate cell"]) -> OrdinalRows:
    arm, above, baseline, outcome = (np.broadcast_to(axis.ravel(), counts.shape) for axis in np.indices(_LAYOUT))
    columns = [centred(arm.astype(np.float64), counts), *level_columns(above, counts), *level_columns(baseline, counts)]
    return ordinal_rows(outcome, counts, np.stack(columns), _GRADES)
