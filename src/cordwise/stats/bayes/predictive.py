"""Predictive probability that a single-arm trial will end in success.

Source: Lee and Liu 2008, Clinical Trials 5:93.
"""

import numpy as np
from scipy.special import betaln, gammaln

from cordwise.base.errors import Fault, InputError
from cordwise.stats.bayes.beta_mixture import BetaMixture


def predictive_success(
    prior: BetaMixture, *, successes: int, patients: int, total: int, reference: float, threshold: float
) -> float:
    """Return the chance, given the data so far, that P(rate > reference) exceeds a threshold at the end.

    Parameters
    ----------
    prior
        Prior of the response rate.
    successes, patients
        The data so far.
    total
        Patients at the end of the trial.
    reference, threshold
        The rate to be exceeded and the posterior probability that counts as success.

    Raises
    ------
    InputError
        Counts that cannot be.

    Examples
    --------
    >>> from cordwise.stats.bayes import beta
    >>> chance = predictive_success(
    ...     beta(0.6, 0.4), successes=16, patients=23, total=40, reference=0.6, threshold=0.9
    ... )
    >>> round(chance, 4)
    0.5656
    """
    if not 0 <= successes <= patients <= total:
        found = f"{successes} of {patients}, {total} at the end"
        raise InputError([Fault("patients", "successes <= patients so far <= patients at the end", found)])
    posterior, remaining = prior.updated(successes, patients), total - patients
    further = np.arange(remaining + 1)
    a, b = posterior.shapes
    choose = gammaln(remaining + 1) - gammaln(further + 1) - gammaln(remaining - further + 1)
    logs = choose[:, None] + betaln(a + further[:, None], b + remaining - further[:, None]) - betaln(a, b)
    chances = np.exp(logs) @ np.asarray(posterior.weights)
    wins = [float(posterior.updated(each, remaining).above(reference)) > threshold for each in further.tolist()]
    return float(np.dot(chances, wins))
