"""Power and sample size of two proportions: exact by enumeration of all tables, and normal approximations."""

from math import asin, sqrt

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.special import ndtri

from cordwise.stats.two_arm.exact_proportions import binomial_chances, boschloo_p_table, fisher_p_table
from cordwise.stats.two_arm.proportions import ProportionTest, proportions_p

_SHARES = 1001  # common proportions, evenly spaced, over which the size of a test is maximised


def exact_power(
    control: float, treated: float, *, counts: tuple[int, int], alpha: float, test: ProportionTest
) -> float:
    """Return the exact chance that the two-sided test rejects, over all tables.

    Parameters
    ----------
    control, treated
        True proportions.
    counts
        Patients analysed in the control arm and in the treated arm.
    alpha, test
        The two-sided level and the test.

    Examples
    --------
    >>> round(exact_power(0.2, 0.6, counts=(20, 20), alpha=0.05, test="fisher_exact"), 4)
    0.6502
    """
    found = exact_powers(np.array([control]), np.array([treated]), counts=counts, alpha=alpha, test=test)
    return float(found.item())


def exact_powers(
    control: Float[ndarray, " pair"],
    treated: Float[ndarray, " pair"],
    *,
    counts: tuple[int, int],
    alpha: float,
    test: ProportionTest,
) -> Float[ndarray, " pair"]:
    """Return `exact_power` of many pairs of proportions.

    Parameters
    ----------
    control, treated
        True proportions.
    counts, alpha, test
        As for one pair.
    """
    rejected = _rejected(counts, alpha, test).astype(np.float64)
    of_control, of_treated = (
        binomial_chances(count, shares) for count, shares in zip(counts, (control, treated), strict=True)
    )
    return ((of_control @ rejected) * of_treated).sum(axis=1)


def exact_size(*, counts: tuple[int, int], alpha: float, test: ProportionTest) -> float:
    """Return the exact size of a test: the largest chance of a rejection over all common proportions.

    Parameters
    ----------
    counts
        Patients analysed in the control arm and in the treated arm.
    alpha, test
        The two-sided level and the test.

    Examples
    --------
    >>> round(exact_size(counts=(20, 20), alpha=0.05, test="fisher_exact"), 4)
    0.0253
    """
    rejected = _rejected(counts, alpha, test).astype(np.float64)
    of_control, of_treated = (binomial_chances(count, np.linspace(0, 1, _SHARES)) for count in counts)
    return float(np.einsum("sj,sj->s", of_control @ rejected, of_treated).max())


def pooled_n_per_arm(control: float, treated: float, *, power: float, alpha: float) -> float:
    """Return the patients per arm by the normal approximation with the pooled variance under the null.

    Source: Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, chapter 4.

    Parameters
    ----------
    control, treated
        True proportions; the answer is infinite where they are equal.
    power, alpha
        Power and two-sided level.

    Examples
    --------
    >>> round(pooled_n_per_arm(0.2, 0.4, power=0.8, alpha=0.05), 1)
    81.2
    """
    return pooled_total_n(control, treated, power=power, alpha=alpha) / 2


def pooled_total_n(control: float, treated: float, *, power: float, alpha: float, ratio: float = 1.0) -> float:
    """Return the patients of both arms by the normal approximation, `ratio` treated to each control.

    Parameters
    ----------
    control, treated
        True proportions; the answer is infinite where they are equal.
    power, alpha
        Power and two-sided level.
    ratio
        Treated patients to each control.
    """
    if control == treated:
        return float("inf")
    common = (control + ratio * treated) / (1 + ratio)
    under_null = sqrt((1 + 1 / ratio) * common * (1 - common))
    under_effect = sqrt(control * (1 - control) + treated * (1 - treated) / ratio)
    controls = ((-ndtri(alpha / 2) * under_null + ndtri(power) * under_effect) / (treated - control)) ** 2
    return float(controls * (1 + ratio))


def corrected_n_per_arm(control: float, treated: float, *, power: float, alpha: float) -> float:
    """Return the patients per arm for the chi-square test with continuity correction.

    Source: Fleiss, Tytun and Ury 1980, Biometrics 36:343.

    Parameters
    ----------
    control, treated
        True proportions; the answer is infinite where they are equal.
    power, alpha
        Power and two-sided level.
    """
    plain = pooled_n_per_arm(control, treated, power=power, alpha=alpha)
    if control == treated:
        return plain
    return plain / 4 * (1 + sqrt(1 + 4 / (plain * abs(treated - control)))) ** 2


def arcsine_n_per_arm(control: float, treated: float, *, power: float, alpha: float) -> float:
    """Return the patients per arm by the normal approximation on the angular scale, where the variance is constant.

    Parameters
    ----------
    control, treated
        True proportions; the answer is infinite where they are equal.
    power, alpha
        Power and two-sided level.
    """
    angle = asin(sqrt(treated)) - asin(sqrt(control))
    return float("inf") if angle == 0 else float((ndtri(power) - ndtri(alpha / 2)) ** 2 / (2 * angle**2))


def _rejected(
    counts: tuple[int, int], alpha: float, test: ProportionTest
) -> Bool[ndarray, "control_ones treated_ones"]:
    return _p_of_all_tables(counts, test) <= alpha


def _p_of_all_tables(counts: tuple[int, int], test: ProportionTest) -> Float[ndarray, "control_ones treated_ones"]:
    if test == "fisher_exact":
        return fisher_p_table(*counts)
    if test == "boschloo":
        return boschloo_p_table(*counts)
    ones = np.meshgrid(*(np.arange(count + 1.0) for count in counts), indexing="ij")
    tables = np.stack(ones, axis=-1)
    return proportions_p(tables, np.broadcast_to(np.asarray(counts, np.float64), tables.shape), test)
