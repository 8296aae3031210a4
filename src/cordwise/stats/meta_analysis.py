"""Random-effects meta-analysis: studies whose truths differ, combined, and what it says of a study not yet seen."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.optimize import brentq

_Studies = Float[ndarray, " study"]


@dataclass(frozen=True, slots=True)
class CombinedStudies:
    """The mean of the studies' truths with its standard error, and the variance between them; `k` studies."""

    mean: float
    standard_error: float
    between: float
    k: int


def between_study_variance(effect: _Studies, variance: _Studies, *, mean: float | None = None) -> float:
    """Return the variance between the studies' truths, by moments; 0 or more.

    It is the value at which the weighted squares about the mean come out as large as they should: as many as there are
    studies if the mean is given, else one less.

    Parameters
    ----------
    effect, variance
        Estimate of each study, and its sampling variance (above 0).
    mean
        What the truths scatter about, where it is known; otherwise the weighted mean of the studies.

    Notes
    -----
    Source: Paule and Mandel 1982, Journal of Research of the National Bureau of Standards 87:377.

    Examples
    --------
    >>> import numpy as np
    >>> round(between_study_variance(np.array([-1.0, 1.0]), np.array([0.5, 0.5])), 6)
    1.5
    """
    freedom = len(effect) - (mean is None)
    if freedom < 1:
        return 0.0

    def excess(between: float) -> float:
        weight = 1 / (variance + between)
        middle = (weight @ effect) / weight.sum() if mean is None else mean
        return float(weight @ (effect - middle) ** 2) - freedom

    if excess(0.0) <= 0:
        return 0.0
    middle = float(np.mean(effect)) if mean is None else mean
    highest = float(((effect - middle) ** 2).sum()) / freedom  # the answer if nothing of the scatter were sampling
    return float(brentq(excess, 0.0, 2 * highest))


def combine_studies(effect: _Studies, variance: _Studies, *, between: float | None = None) -> CombinedStudies:
    """Combine studies, each weighed by its sampling variance and the variance between studies.

    Parameters
    ----------
    effect, variance
        Estimate of each study, and its sampling variance (above 0).
    between
        Variance between studies, where it is known better than from these; estimated when None.

    Examples
    --------
    >>> import numpy as np
    >>> combine_studies(np.array([1.0, 3.0]), np.array([1.0, 1.0]), between=1.0)
    CombinedStudies(mean=2.0, standard_error=1.0, between=1.0, k=2)
    """
    spread = between_study_variance(effect, variance) if between is None else between
    weight = 1 / (variance + spread)
    return CombinedStudies(
        mean=float((weight @ effect) / weight.sum()),
        standard_error=float(1 / np.sqrt(weight.sum())),
        between=float(spread),
        k=len(effect),
    )


def new_study_truths(
    combined: CombinedStudies, count: int, generator: np.random.Generator, *, freedom: float | None = None
) -> Float[ndarray, " draw"]:
    """Draw the truth of a study not yet seen: t about the mean, with its error and the variance between studies.

    Parameters
    ----------
    combined
        What the studies seen say.
    count
        How many draws.
    generator
        Source of the draws.
    freedom
        Degrees of freedom of t; two less than the studies, and 1 at least, when None.

    Notes
    -----
    Source: Higgins, Thompson and Spiegelhalter 2009, Journal of the Royal Statistical Society A 172:137.
    """
    scale = np.sqrt(combined.between + combined.standard_error**2)
    return combined.mean + scale * generator.standard_t(max(combined.k - 2, 1) if freedom is None else freedom, count)
