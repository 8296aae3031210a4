"""Spending functions: the error spent by a fraction of the information."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtr, ndtri

from cordwise.stats.sequential.spec import Family, Number


def error_spent(
    family: Family,
    information: Float[ndarray, "trial look"],
    error: Float[ndarray, " trial"],
    *,
    parameter: Number | None = None,
    cumulative: tuple[Number, ...] = (),
) -> Float[ndarray, "trial look"]:
    """Return the one-sided error spent by each look; the last look spends all that is left.

    Parameters
    ----------
    family
        Lan and DeMets (1983) after O'Brien-Fleming or Pocock, Hwang, Shih and DeCani (1990), Kim and DeMets (1987), or
        the user's own.
    information
        Fraction of the planned information at each look; above 1 counts as 1.
    error
        The error to spend in all.
    parameter
        Gamma of Hwang-Shih-DeCani or rho of Kim-DeMets.
    cumulative
        For `user`: the error spent by each look.

    Raises
    ------
    ValueError
        A family that is no spending function, or one without its parameter.

    Examples
    --------
    >>> error_spent("kim_demets", np.array([[0.5, 1.0]]), np.array([0.025]), parameter=3).round(6).tolist()
    [[0.003125, 0.025]]
    """
    fraction, total = np.clip(information, 0.0, 1.0), error[:, None]
    if family == "user":
        share = np.broadcast_to(np.asarray(cumulative) / cumulative[-1], fraction.shape)
    else:
        share = _share(family, fraction, total, parameter)
    return total * np.concatenate([share[:, :-1], np.ones_like(share[:, -1:])], axis=1)


def _share(
    family: Family,
    fraction: Float[ndarray, "trial look"],
    total: Float[ndarray, "trial 1"],
    parameter: Number | None,
) -> Float[ndarray, "trial look"]:
    if family == "lan_demets_obrien_fleming":
        with np.errstate(divide="ignore"):
            return 2 * ndtr(ndtri(total / 2) / np.sqrt(fraction)) / total
    if family == "lan_demets_pocock":
        return np.log1p((np.e - 1) * fraction)
    if parameter is None:
        raise ValueError(f"{family} is no spending function or lacks its parameter")
    if family == "kim_demets":
        return fraction**parameter
    return np.expm1(-parameter * fraction) / np.expm1(-parameter) if parameter else fraction
