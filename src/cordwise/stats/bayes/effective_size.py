"""How many patients a prior is worth: by its moments, at its mode (Morita), and on average (ELIR).

Morita as evaluated at the mode by Neuenschwander et al. 2020 (Biometrics 76:578), equation 9; ELIR is their expected
local information ratio, the only one of the three that is predictively consistent.
"""

from typing import Literal

import numpy as np

from cordwise.base.errors import Fault, InputError
from cordwise.stats.bayes.beta_mixture import BetaMixture
from cordwise.stats.bayes.gamma_mixture import GammaMixture
from cordwise.stats.bayes.mixture import Mixture, Number
from cordwise.stats.bayes.normal_mixture import NormalMixture
from cordwise.stats.bayes.quadrature import expectation

Method = Literal["elir", "moment", "morita"]
_VAGUE = 100.0  # Morita's prior of no information is this many times weaker than one patient
_SEARCH_POINTS = 2001  # at which the mode is looked for before it is refined


def effective_sample_size(prior: Mixture, *, method: Method = "elir", sd: Number | None = None) -> float:
    """Return the number of patients a prior is worth; components of weight 0 count for nothing.

    Parameters
    ----------
    prior
        A beta mixture (patients), a normal mixture (patients) or a gamma mixture (exposure of a Poisson count).
    method
        Expected local information ratio, matching of the first two moments, or information at the mode.
    sd
        Standard deviation of one patient's outcome; needed for a normal mixture, and only there.

    Raises
    ------
    InputError
        No `sd` for a normal mixture, or a beta mixture with a shape below 1, whose ratio has no finite mean.

    Notes
    -----
    Sources: Morita, Thall and Mueller 2008, Biometrics 64:595; Neuenschwander et al. 2020, Biometrics 76:578.

    Examples
    --------
    >>> from cordwise.stats.bayes import beta, robustify_beta
    >>> effective_sample_size(beta(6, 14))
    20.0
    >>> round(effective_sample_size(robustify_beta(beta(6, 14), weight=0.2), method="elir"), 1)
    12.4
    """
    prior = _with_weight(prior)
    if isinstance(prior, BetaMixture):
        return _of_beta(prior, method)
    if isinstance(prior, GammaMixture):
        return _of_gamma(prior, method)
    if isinstance(prior, NormalMixture) and sd is not None and sd > 0:
        return _of_normal(prior, method, sd)
    raise InputError([Fault("sd", "the standard deviation of one patient's outcome, above 0", str(sd))])


def _of_beta(prior: BetaMixture, method: Method) -> float:
    (a, b), mean = prior.shapes, prior.mean
    if len(a) == 1 and method != "morita":
        return float(a[0] + b[0])
    if method == "moment":
        return mean * (1 - mean) / prior.variance - 1
    if method == "elir":
        if min(a.min(), b.min()) < 1:
            raise InputError(
                [Fault("prior", "shapes of 1 or more, for ELIR to be finite", f"{min(a.min(), b.min()):g}")]
            )
        return expectation(lambda x: prior.curvature(x) * x * (1 - x), prior)
    mode = _mode(prior)
    vague = -(1 - mode / _VAGUE) / mode**2 - (1 - (1 - mode) / _VAGUE) / (1 - mode) ** 2
    of_one = mean / mode**2 + (1 - mean) / (1 - mode) ** 2
    return (_curvature(prior, mode) - vague) / of_one


def _of_gamma(prior: GammaMixture, method: Method) -> float:
    if len(prior.weights) == 1 and method != "morita":
        return float(prior.exposure[0])
    if method == "moment":
        return prior.mean / prior.variance
    if method == "elir":
        return expectation(lambda x: prior.curvature(x) * x, prior)
    mode = _mode(prior)
    vague = -(1 - mode / _VAGUE) / mode**2
    return (_curvature(prior, mode) - vague) / (prior.mean / mode**2)


def _of_normal(prior: NormalMixture, method: Method, sd: Number) -> float:
    if len(prior.weights) == 1 and method != "morita":
        return sd**2 / prior.variance
    if method == "moment":
        return sd**2 / prior.variance
    if method == "elir":
        return sd**2 * expectation(prior.curvature, prior)
    return sd**2 * (_curvature(prior, _mode(prior)) - 1 / (_VAGUE * prior.component_variances.max()))


def _with_weight(prior: Mixture) -> Mixture:
    """Return the mixture without the components that have no weight."""
    kept = [position for position, weight in enumerate(prior.weights) if weight > 0]
    columns = (getattr(prior, name) for name in prior.__dataclass_fields__)
    return type(prior)(*(tuple(column[position] for position in kept) for column in columns))


def _curvature(prior: Mixture, at: float) -> float:
    return float(prior.curvature(np.asarray(at)))


def _mode(prior: Mixture) -> float:
    """Return the highest mode: the best of many quantiles, refined between its neighbours."""
    from scipy.optimize import minimize_scalar  # slow to import

    points = prior.quantile(np.linspace(0, 1, _SEARCH_POINTS)[1:-1])
    best = int(np.argmax(prior.log_density(points)))
    bounds = points[max(best - 1, 0)], points[min(best + 1, len(points) - 1)]
    found = minimize_scalar(
        lambda x: -float(prior.log_density(x)), bounds=bounds, method="bounded", options={"xatol": 1e-12}
    )
    return float(found.x)
