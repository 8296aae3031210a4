"""Shares that differ between groups, with the noise of their sampling taken out."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

_Numbers = Float[ndarray, "..."] | np.floating | float


def intraclass_correlation(
    share: Float[ndarray, "group ..."], count: Float[ndarray, "group ..."]
) -> Float[ndarray, "..."]:
    """Return the variance between the true shares of groups as a part of the most it can be, by moments; 0 to 1.

    Parameters
    ----------
    share
        Observed share of each group, for any number of items.
    count
        How many equally weighted people are behind each.

    Notes
    -----
    Source: DerSimonian and Laird 1986, Controlled Clinical Trials 7:177.
    """
    total = count.sum(axis=0)
    pooled = _ratio((share * count).sum(axis=0), total)
    variance = pooled * (1 - pooled)
    scatter = _ratio((count * (share - pooled) ** 2).sum(axis=0), variance)
    excess = scatter - np.maximum((count > 0).sum(axis=0) - 1, 0)
    freedom = total - _ratio((count**2).sum(axis=0), total)
    return np.where(variance > 0, np.clip(_ratio(excess, freedom), 0.0, 1.0), 0.0)


def without_sampling_noise(
    share: Float[ndarray, "group ..."],
    count: Float[ndarray, "group ..."],
    correlation: Float[ndarray, "..."] | None = None,
) -> Float[ndarray, "group ..."]:
    """Return the groups' shares drawn together until they scatter as the true shares do.

    Each share moves towards the common mean by the root of the part of its variance that is not sampling, so that the
    scatter of all is that of the true shares (Louis 1984). A group without anybody gets the mean.

    Parameters
    ----------
    share
        Observed share of each group, for any number of items.
    count
        How many equally weighted people are behind each.
    correlation
        Intraclass correlation of each item, where it is known better than from these people; estimated when None.

    Examples
    --------
    >>> import numpy as np
    >>> without_sampling_noise(np.array([0.4, 0.6]), np.array([10.0, 10.0])).round(3).tolist()
    [0.5, 0.5]
    """
    pooled = _ratio((share * count).sum(axis=0), count.sum(axis=0))
    between = intraclass_correlation(share, count) if correlation is None else correlation
    signal = _ratio(between * count, 1 + between * count)  # of the variance of each observed share
    centre = _ratio((signal * share).sum(axis=0), signal.sum(axis=0), pooled)
    return np.where((pooled > 0) & (pooled < 1), centre + np.sqrt(signal) * (share - centre), pooled)


def variance_between(
    mean: Float[ndarray, " group"], variance: Float[ndarray, " group"], count: Float[ndarray, " group"]
) -> float:
    """Return the variance between the true means of groups, by analysis of variance; 0 or more.

    Parameters
    ----------
    mean, variance
        Observed mean of each group, and variance of its members about it (divided by their number).
    count
        Members of each group, 1 or more; may be effective numbers.
    """
    total, groups = float(count.sum()), len(count)
    if groups < 2 or total <= groups:
        return 0.0
    within = float((count * variance).sum()) / (total - groups)
    squares = float((count * (mean - (count @ mean) / total) ** 2).sum())
    return max((squares - (groups - 1) * within) / (total - float((count**2).sum()) / total), 0.0)


def _ratio(part: _Numbers, whole: _Numbers, otherwise: _Numbers = 0.0) -> Float[ndarray, "..."]:
    """Return a ratio, or another value where the whole is nothing."""
    out = np.array(np.broadcast_to(otherwise, np.broadcast_shapes(np.shape(part), np.shape(whole))), float)
    return np.divide(part, whole, out=out, where=np.asarray(whole) > 0)
