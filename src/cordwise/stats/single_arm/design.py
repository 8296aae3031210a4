"""Single-arm trials against a benchmark proportion: the exact test and Simon's two-stage designs.

`alpha` is one-sided here, as is usual for these designs.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Num
from numpy import ndarray
from scipy.special import bdtrc

_REACH = 1.6  # two-stage designs are searched up to this multiple of the single-stage size
_LARGEST = 2000  # patients at which the search for a single-stage size gives up


@dataclass(frozen=True, slots=True)
class SingleStage:
    """Reject the benchmark when more than `most_failing` of `n` patients respond.

    Attributes
    ----------
    most_failing, n
        Most responses that do not reject, and patients.
    alpha, power
        One-sided level and power attained.
    """

    most_failing: int
    n: int
    alpha: float
    power: float


@dataclass(frozen=True, slots=True)
class TwoStage:
    """Stop after `first_n` patients with at most `first_most_failing` responses; reject beyond `most_failing` of `n`.

    Attributes
    ----------
    first_most_failing, first_n
        Most responses that stop the trial, and patients, of the first stage.
    most_failing, n
        Most responses that do not reject, and patients, in all.
    expected_n, stop_early
        Mean number of patients and chance of an early stop under the benchmark.
    alpha, power
        One-sided level and power attained.
    """

    first_most_failing: int
    first_n: int
    most_failing: int
    n: int
    expected_n: float
    stop_early: float
    alpha: float
    power: float


def upper_tail(
    ones: Num[ndarray, "*case"] | int, count: Num[ndarray, "*case"] | int, share: Float[ndarray, "*case"] | float
) -> Float[ndarray, "*case"]:
    """Return the chance of at least `ones` responses among `count` patients, for numbers of any shape."""
    fewer, patients = np.asarray(ones, np.float64) - 1, np.asarray(count).astype(np.int64)
    return np.where(fewer < 0, 1.0, bdtrc(np.maximum(fewer, 0), patients, share))


def single_stage(benchmark: float, target: float, *, alpha: float, power: float) -> SingleStage | None:
    """Return the smallest exact single-stage design; None where two thousand patients are too few.

    Parameters
    ----------
    benchmark, target
        Response rate not worth pursuing, and the one to detect.
    alpha, power
        One-sided level and power, both exact.

    Notes
    -----
    Source: A'Hern 2001, Statistics in Medicine 20:859.

    Examples
    --------
    >>> design = single_stage(0.2, 0.4, alpha=0.05, power=0.8)
    >>> design.most_failing, design.n
    (11, 35)
    """
    for n in range(1, _LARGEST + 1):
        limits = np.arange(n)
        size = bdtrc(limits, n, benchmark)
        limit = int(np.argmax(size <= alpha))
        attained = float(bdtrc(limit, n, target))
        if size[limit] <= alpha and attained >= power:
            return SingleStage(limit, n, float(size[limit]), attained)
    return None


def simon_designs(
    benchmark: float, target: float, *, alpha: float, power: float, largest: int | None = None
) -> tuple[TwoStage, TwoStage] | None:
    """Return the optimal and the minimax two-stage design; None where there is none.

    The optimal design expects the fewest patients under the benchmark; the minimax design has the smallest maximum,
    and among those expects the fewest.

    Parameters
    ----------
    benchmark, target
        Response rate not worth pursuing, and the one to detect.
    alpha, power
        One-sided level and power, both exact.
    largest
        Most patients searched; by default 1.6 times the single-stage size.

    Notes
    -----
    Source: Simon 1989, Controlled Clinical Trials 10:1.

    Examples
    --------
    >>> optimal, minimax = simon_designs(0.2, 0.4, alpha=0.05, power=0.8)
    >>> optimal.first_most_failing, optimal.first_n, optimal.most_failing, optimal.n
    (3, 13, 12, 43)
    """
    single = single_stage(benchmark, target, alpha=alpha, power=power)
    if single is None:
        return None
    largest = int(np.ceil(_REACH * single.n)) + 1 if largest is None else largest
    beyond = [_survival(largest, share) for share in (benchmark, target)]
    best = [_best_of_size(n, benchmark, target, beyond, alpha, power) for n in range(2, largest + 1)]
    found = [design for design in best if design is not None]
    return (min(found, key=lambda design: design.expected_n), found[0]) if found else None


def _best_of_size(
    n: int,
    benchmark: float,
    target: float,
    beyond: list[Float[ndarray, "patients shifted"]],
    alpha: float,
    power: float,
) -> TwoStage | None:
    """Return the design of `n` patients that expects the fewest, over all first stages and limits."""
    first_n = np.arange(1, n)
    limits = np.arange(max(int(n * benchmark), 1), min(int(np.ceil(n * target)) + 1, n))
    if len(limits) == 0:
        return None
    rejects = [_reject_chances(n, first_n, limits, tails) for tails in beyond]
    keeps_level = rejects[0] <= alpha
    limit_at = keeps_level.argmax(axis=2)
    size, attained = (np.take_along_axis(each, limit_at[..., None], axis=2)[..., 0] for each in rejects)
    stop_early = 1 - beyond[0][first_n][:, beyond[0].shape[1] // 2 + np.arange(n)]
    inside = (np.arange(n) < first_n[:, None]) & (np.arange(n) < limits[limit_at])
    feasible = inside & keeps_level.any(axis=2) & (attained >= power)
    if not feasible.any():
        return None
    expected = np.where(feasible, first_n[:, None] + (n - first_n[:, None]) * (1 - stop_early), np.inf)
    at = np.unravel_index(expected.argmin(), expected.shape)
    numbers = (each[at].item() for each in (expected, stop_early, size, attained))
    return TwoStage(int(at[1]), int(first_n[at[0]]), int(limits[limit_at[at]]), n, *numbers)


def _reject_chances(
    n: int, first_n: Int[ndarray, " first"], limits: Int[ndarray, " limit"], beyond: Float[ndarray, "patients shifted"]
) -> Float[ndarray, "first stop limit"]:
    """Return the chance to pass more than `stop` responses in the first stage and more than `limit` in all."""
    centre = beyond.shape[1] // 2
    responses = np.arange(n + 1)
    of_first = beyond[first_n][:, centre + responses - 1] - beyond[first_n][:, centre + responses]
    rest = beyond[(n - first_n)[:, None, None], centre + limits - responses[None, :, None]]
    passing = np.cumsum((of_first[:, :, None] * rest)[:, ::-1], axis=1)[:, ::-1]
    return passing[:, 1:]


def _survival(largest: int, share: float) -> Float[ndarray, "patients shifted"]:
    """Return P(responses > k) among each number of patients, at column `k + largest + 1` for k from -largest - 1."""
    patients = np.arange(largest + 1)[:, None]
    k = np.arange(-largest - 1, largest + 2)[None, :]
    inside = (k >= 0) & (k < patients)
    chance = bdtrc(np.where(inside, k, 0).astype(np.float64), np.maximum(patients, 1), share)
    return np.where(inside, chance, (k < 0).astype(np.float64))
