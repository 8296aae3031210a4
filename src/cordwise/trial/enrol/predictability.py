"""How predictable a randomisation list is: to a guesser who knows the arms so far, and how uneven its arms grow."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from jaxtyping import Int
from numpy import ndarray
from scipy.special import gammaln, xlogy


def excess_correct_guesses(
    arm: Int[ndarray, "replicate patient"], stratum: Int[ndarray, "replicate patient"], ratio: Sequence[int]
) -> float:
    """Return how predictable the lists are: mean correct guesses above chance, as a share of the patients.

    The guesser (Blackwell and Hodges 1957) knows the arms so far in the patient's stratum and always names the arm that
    lags most behind the ratio; ties are broken in the ratio, as chance guesses throughout.
    """
    weight = np.asarray(ratio, float) / sum(ratio)
    is_arm = arm[:, :, None] == np.arange(len(weight))
    hits = np.zeros(arm.shape)
    for index in np.unique(stratum):
        member = stratum == index
        before = np.cumsum(is_arm & member[:, :, None], axis=1) - (is_arm & member[:, :, None])
        lag = weight * before.sum(axis=2, keepdims=True) - before
        leads = lag >= lag.max(axis=2, keepdims=True) - 1e-9
        share = leads * weight
        guess = (share / share.sum(axis=2, keepdims=True) * is_arm).sum(axis=2)
        hits += np.where(member, guess, 0.0)
    return float(hits.mean() - (weight**2).sum())


def expected_excess(block_size: int) -> float:
    """Return the expected correct guesses above chance in one block of two equal arms (Blackwell and Hodges 1957)."""

    @cache
    def correct(control: int, treated: int) -> float:
        left = control + treated
        if not left:
            return 0.0
        further = 0.0
        if control:
            further += control / left * correct(control - 1, treated)
        if treated:
            further += treated / left * correct(control, treated - 1)
        return max(control, treated) / left + further

    half = block_size // 2
    return correct(half, half) - half


def simple_imbalance(patients: int) -> tuple[float, float]:
    """Return the expected imbalance of two equal arms under simple randomisation, and the chance of none at all."""
    treated = np.arange(patients + 1)
    log_chance = gammaln(patients + 1) - gammaln(treated + 1) - gammaln(patients - treated + 1) - xlogy(patients, 2)
    imbalance = np.abs(2 * treated - patients)
    chance = np.exp(log_chance)
    return float(chance @ imbalance), float(chance[imbalance == 0].sum())
