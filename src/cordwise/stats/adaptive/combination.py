"""Combination tests: evidence of stages joined by a rule fixed in advance, whatever was changed between them."""

from collections.abc import Callable, Sequence
from math import factorial
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import gammainccinv, ndtri

from cordwise.base.errors import Fault, InputError
from cordwise.base.roots import brent_root
from cordwise.stats.sequential.spec import Number

FisherMethod = Literal["equal_alpha", "full_alpha"]
_EDGE = 1e-15  # p values this near 0 or 1 count as that far from it, so that z stays finite


def stage_z(p: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    """Return the z values of one-sided p values, of any shape; finite also for p of 0 and 1."""
    return -ndtri(np.clip(p, _EDGE, 1 - _EDGE))


def inverse_normal(
    z: Float[ndarray, "replicate stage"], weights: Sequence[Number]
) -> Float[ndarray, "replicate stage"]:
    """Return the combined z after each stage by the inverse normal method, with weights set in advance.

    Parameters
    ----------
    z
        Stage-wise z values, each from the patients of its stage alone.
    weights
        Planned share of the information of each stage; any positive scale.

    Notes
    -----
    Source: Lehmacher and Wassmer 1999, Biometrics 55:1286.

    Examples
    --------
    >>> inverse_normal(np.array([[1.0, 2.0]]), (1, 1)).round(4).tolist()
    [[1.0, 2.1213]]
    """
    share = np.asarray(weights, dtype=np.float64)
    return np.cumsum(z * np.sqrt(share), axis=1) / np.sqrt(np.cumsum(share))


def fisher_product(p: Float[ndarray, "replicate stage"]) -> Float[ndarray, "replicate stage"]:
    """Return the product of the one-sided p values up to each stage."""
    return np.cumprod(p, axis=1)


def fisher_critical_values(
    stages: int, alpha: float, *, method: FisherMethod, futility: float = 1.0
) -> Float[ndarray, " stage"]:
    """Return the values at or below which the product of p values rejects, stage by stage.

    Parameters
    ----------
    stages, alpha
        Number of stages, and the one-sided error of the whole trial.
    method
        `equal_alpha`: each stage's test has the same level when seen alone. `full_alpha`: the last stage is tested at
        the full alpha, and the stages before it at one common value.
    futility
        Binding: the trial stops without success when a stage's p value is above this.

    Raises
    ------
    InputError
        No stage, alpha outside 0 to 1, or futility not above alpha.

    Notes
    -----
    Source: Bauer and Koehne 1994, Biometrics 50:1029.

    Examples
    --------
    >>> fisher_critical_values(2, 0.025, method="full_alpha").round(4).tolist()
    [0.0038, 0.0038]
    """
    if faults := _faults(stages, alpha, futility):
        raise InputError(faults)
    if method == "equal_alpha":

        def critical(level: float) -> Float[ndarray, " stage"]:
            return np.exp(-gammainccinv(np.arange(1, stages + 1), level))

        low, high = alpha / stages / 2, alpha
    else:
        full = float(np.exp(-gammainccinv(stages, alpha)))

        def critical(level: float) -> Float[ndarray, " stage"]:
            return np.append(np.full(stages - 1, level), full)

        low, high = full, alpha
    return critical(_level(lambda level: fisher_alpha(critical(level), futility=futility) - alpha, low, high))


def fisher_alpha(critical: Float[ndarray, " stage"], *, futility: float = 1.0) -> float:
    """Return the one-sided type I error of Fisher's product test with critical values that do not rise.

    The logarithms of the products are sums of exponential variables; the chance to come to a stage without a decision
    and reject there is its critical value times the volume of the sums that led there.

    Parameters
    ----------
    critical
        Values at or below which the product rejects, stage by stage.
    futility
        Binding: the trial stops without success when a stage's p value is above this.
    """
    spared = np.arange(1, len(critical) + 1) * -np.log(futility)
    reach = np.maximum(-np.log(critical) - spared, 0.0)
    volumes = [1.0]
    for stage in range(1, len(critical)):
        signs = [(-1.0) ** (stage - before + 1) for before in range(stage)]
        terms = (reach[before] ** (stage - before) / factorial(stage - before) for before in range(stage))
        volumes.append(sum(s * t * v for s, t, v in zip(signs, terms, volumes, strict=True)))
    return float(np.dot(critical, volumes))


def _level(excess: Callable[[float], float], low: float, high: float) -> float:
    return low if excess(low) >= -_EDGE else brent_root(excess, low, high, tolerance=1e-14)


def _faults(stages: int, alpha: float, futility: float) -> list[Fault]:
    faults = []
    if stages < 1:
        faults.append(Fault("stages", "1 or more", f"{stages}"))
    if not 0 < alpha < 1:
        faults.append(Fault("alpha", "a one-sided error above 0 and below 1", f"{alpha:g}"))
    if not alpha < futility <= 1:
        faults.append(Fault("futility", "a p value above alpha, at most 1", f"{futility:g}"))
    return faults
