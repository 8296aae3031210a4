"""Power priors: historical data counted at a fixed share of their weight.

Source: Ibrahim and Chen 2000, Statistical Science 15:46.
"""

import numpy as np

from cordwise.base.errors import Fault, InputError
from cordwise.stats.bayes.beta_mixture import BetaMixture
from cordwise.stats.bayes.mixture import Number
from cordwise.stats.bayes.normal_mixture import NormalMixture, normal


def beta_power_prior(initial: BetaMixture, *, successes: Number, patients: Number, share: Number) -> BetaMixture:
    """Return the initial prior after historical `successes` of `patients`, each counted as a `share` of a patient.

    Parameters
    ----------
    initial
        Prior before history.
    successes, patients
        The historical counts.
    share
        Weight of a historical patient, 0 to 1.

    Raises
    ------
    InputError
        A share outside 0 to 1.

    Examples
    --------
    >>> from cordwise.stats.bayes import beta
    >>> beta_power_prior(beta(1, 1), successes=30, patients=100, share=0.2)
    BetaMixture(weights=(1.0,), successes=(7.0,), failures=(15.0,))
    """
    _check_share(share)
    return initial.updated(share * successes, share * patients)


def normal_power_posterior(
    mean: Number, standard_error: Number, *, historical_mean: Number, historical_error: Number, share: Number
) -> NormalMixture:
    """Return the posterior of a mean from a flat initial prior, the historical estimate at a `share`, and the data.

    Parameters
    ----------
    mean, standard_error
        The trial's own estimate.
    historical_mean, historical_error
        The historical estimate and its standard error.
    share
        Weight of history, 0 to 1.

    Raises
    ------
    InputError
        A share outside 0 to 1.

    Examples
    --------
    >>> normal_power_posterior(2.0, 1.0, historical_mean=0.0, historical_error=0.5, share=0.25).mean
    1.0
    """
    _check_share(share)
    own, borrowed = 1 / standard_error**2, share / historical_error**2
    total = own + borrowed
    return normal((own * mean + borrowed * historical_mean) / total, float(np.sqrt(1 / total)))


def commensurate_normal(historical_mean: Number, historical_error: Number, *, drift_sd: Number) -> NormalMixture:
    """Return the prior of a new control mean that may have drifted from the historical one by `drift_sd`.

    A fixed commensurability: no drift is full pooling, a wide drift is no borrowing.  Source: Hobbs et al. 2011,
    Biometrics 67:1047.

    Parameters
    ----------
    historical_mean, historical_error
        The historical estimate and its standard error.
    drift_sd
        Standard deviation of the drift between history and trial.

    Examples
    --------
    >>> commensurate_normal(2.0, 3.0, drift_sd=4.0).sd
    5.0
    """
    return normal(historical_mean, float(np.hypot(historical_error, drift_sd)))


def _check_share(share: Number) -> None:
    if not 0 <= share <= 1:
        raise InputError([Fault("share", "a share between 0 and 1", f"{share:g}")])
