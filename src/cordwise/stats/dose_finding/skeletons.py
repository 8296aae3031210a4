"""Skeletons of the continual reassessment method: prior guesses of the toxicity rate of each dose."""

from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import expit, logit

from cordwise.base.errors import Fault, InputError
from cordwise.stats.dose_finding.conventions import convention

DoseResponse = Literal["empiric", "logistic"]


def skeleton(
    target: float,
    *,
    doses: int,
    guess: int,
    halfwidth: float | None = None,
    model: DoseResponse = "empiric",
) -> Float[ndarray, " dose"]:
    """Return the skeleton that makes every dose right over an indifference interval of one width.

    Parameters
    ----------
    target
        Toxicity rate aimed at.
    doses, guess
        Number of doses, and which of them, counted from 1, is thought beforehand to have the target rate.
    halfwidth
        Half the width of the interval about the target; by convention 0.05.
    model
        Power model, or logistic with a fixed intercept.

    Raises
    ------
    InputError
        A guess that is none of the doses, or an interval that leaves 0 to 1.

    Notes
    -----
    Source: Lee and Cheung 2009, Clinical Trials 6:227.

    Examples
    --------
    >>> skeleton(0.25, doses=4, guess=3).round(3).tolist()
    [0.084, 0.157, 0.25, 0.355]
    """
    half = convention("crm_halfwidth") if halfwidth is None else halfwidth
    faults = []
    if not 1 <= guess <= doses:
        faults.append(Fault("guess", f"a dose from 1 to {doses}", str(guess)))
    if not 0 < target - half < target + half < 1:
        faults.append(Fault("halfwidth", "an interval about the target within 0 and 1", f"{target:g} ± {half:g}"))
    if faults:
        raise InputError(faults)
    step = _scale(target + half, model) / _scale(target - half, model)
    return _rate(_scale(target, model) * step ** (np.arange(1, doses + 1) - guess), model)


def _scale(rate: float, model: DoseResponse) -> float:
    """Return the dose that has a rate when the model's parameter is 0: a log rate, or a logit less the intercept."""
    return float(np.log(rate)) if model == "empiric" else float(logit(rate) - convention("crm_logistic_intercept"))


def _rate(scale: Float[ndarray, " dose"], model: DoseResponse) -> Float[ndarray, " dose"]:
    return np.exp(scale) if model == "empiric" else expit(scale + convention("crm_logistic_intercept"))
