"""Power priors: historical data counted at a fixed share of their weight (Ibrahim and Chen 2000)."""

import numpy as np

from cordwise.base.errors import Fault, InputError
from cordwise.stats.bayes.beta_mixture import BetaMixture
from cordwise.stats.bayes.mixture import Number
from cordwise.stats.bayes.normal_mixture import NormalMixture, normal


def beta_power_prior(initial: BetaMixture, *, successes: Number, patients: Number, share: Number) -> BetaMixture:
    """Return the initial prior after historical `successes` of `patients`, each counted as a `share` of a patient."""
    _check_share(share)
    return initial.updated(share * successes, share * patients)


def normal_power_posterior(
    mean: Number, standard_error: Number, *, historical_mean: Number, historical_error: Number, share: Number
) -> NormalMixture:
    """Return the posterior of a mean from a flat initial prior, the historical estimate at a `share`, and the data."""
    _check_share(share)
    own, borrowed = 1 / standard_error**2, share / historical_error**2
    total = own + borrowed
    return normal((own * mean + borrowed * historical_mean) / total, float(np.sqrt(1 / total)))


def commensurate_normal(historical_mean: Number, historical_error: Number, *, drift_sd: Number) -> NormalMixture:
    """Return the prior of a new control mean that may have drifted from the historical one by `drift_sd`.

    A fixed commensurability (Hobbs et al. 2011): no drift is full pooling, a wide drift is no borrowing.
    """
    return normal(historical_mean, float(np.hypot(historical_error, drift_sd)))


def _check_share(share: Number) -> None:
    if not 0 <= share <= 1:
        raise InputError([Fault("share", "a share between 0 and 1", f"{share:g}")])
