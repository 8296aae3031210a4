"""The continual reassessment method (CRM), with or without waiting for late toxicities (TITE), batched over trials."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import expit, logit

from cordwise.stats.dose_finding.conventions import convention
from cordwise.stats.dose_finding.dose_history import STOP, DoseHistory, Pending
from cordwise.stats.dose_finding.skeletons import DoseResponse

_NODES, _REACH = 121, 6.0  # grid of the parameter, over so many standard deviations of its prior
_FARTHEST = 10.0  # from 0 that the maximum of the likelihood is looked for
_LEAST_CHANCE = 1e-300


@dataclass(frozen=True, slots=True)
class CrmModel:
    """One-parameter model of toxicity: `skeleton ** exp(b)`, or logistic with a fixed intercept; b normal about 0.

    Attributes
    ----------
    skeleton
        Prior guess of the toxicity rate of each dose, rising.
    response
        `empiric` (power) or `logistic`.
    prior_sd
        Standard deviation of b.
    """

    skeleton: tuple[float, ...]
    response: DoseResponse = "empiric"
    prior_sd: float = float(np.sqrt(convention("crm_prior_variance")))

    def rates(self, parameter: Float[ndarray, "*value"]) -> Float[ndarray, "*value dose"]:
        """Return the toxicity rate of each dose at values of the parameter."""
        power, guesses = np.exp(np.asarray(parameter, float))[..., None], np.asarray(self.skeleton)
        if self.response == "empiric":
            return guesses**power
        intercept = convention("crm_logistic_intercept")
        return expit(intercept + power * (logit(guesses) - intercept))

    def grid(self) -> Float[ndarray, " node"]:
        """Return the values of the parameter at which posteriors are tabulated."""
        return self.prior_sd * np.linspace(-_REACH, _REACH, _NODES)

    def posterior(
        self,
        patients: Int[ndarray, "replicate dose"],
        toxicities: Int[ndarray, "replicate dose"],
        pending: Pending | None = None,
    ) -> Float[ndarray, "replicate node"]:
        """Return the posterior probabilities of the parameter's grid.

        A patient under observation without toxicity counts as `1 - part * rate`, the part of the window behind them
        (Cheung and Chappell 2000, uniform weights).
        """
        grid = self.grid()
        rates = np.maximum(self.rates(grid), _LEAST_CHANCE)
        safe = np.log(np.maximum(1 - rates, _LEAST_CHANCE))
        logs = toxicities @ np.log(rates).T + (patients - toxicities) @ safe.T - (grid / self.prior_sd) ** 2 / 2
        weights = np.exp(logs - logs.max(axis=1, keepdims=True))
        for dose, part in _under_observation(pending):
            weights *= 1 - part[:, None] * rates.T[dose]
        return weights / weights.sum(axis=1, keepdims=True)


def _under_observation(
    pending: Pending | None,
) -> list[tuple[Int[ndarray, " replicate"], Float[ndarray, " replicate"]]]:
    """Return, for each patient whom any replicate still observes, the dose and the part of the window gone."""
    if pending is None:
        return []
    return [
        (pending.dose[:, each], pending.part[:, each])
        for each in range(pending.part.shape[1])
        if pending.part[:, each].any()
    ]


@dataclass(frozen=True, slots=True)
class CrmEstimate:
    """The estimate of a CRM model and the dose that it recommends.

    Attributes
    ----------
    parameter
        The model's parameter b.
    rates
        Toxicity rate of each dose at that value.
    dose
        The dose whose rate is nearest the target, counted from 1.
    """

    parameter: float
    rates: tuple[float, ...]
    dose: int


def crm_estimate(
    model: CrmModel, *, target: float, doses: Sequence[int], toxic: Sequence[int], likelihood_only: bool = False
) -> CrmEstimate:
    """Return the recommendation after patients at `doses`, counted from 1, of whom some had toxicity (1).

    Parameters
    ----------
    model
        Skeleton, form and prior.
    target
        Toxicity rate aimed at.
    doses, toxic
        Dose of each patient, counted from 1, and whether there was toxicity (1) or not (0).
    likelihood_only
        Whether the parameter is the value of greatest likelihood instead of its posterior mean.

    Notes
    -----
    Source: O'Quigley, Pepe and Fisher 1990, Biometrics 46:33.

    Examples
    --------
    >>> model = CrmModel((0.05, 0.12, 0.25, 0.4))
    >>> found = crm_estimate(model, target=0.25, doses=[1, 1, 1, 2, 2, 2], toxic=[0, 0, 0, 0, 0, 1])
    >>> found.dose, round(found.parameter, 3)
    (2, -0.271)
    """
    levels = np.arange(1, len(model.skeleton) + 1)
    given, had = np.asarray(doses)[:, None] == levels, np.asarray(toxic, bool)[:, None]
    patients, toxicities = given.sum(axis=0)[None], (given & had).sum(axis=0)[None]
    if likelihood_only:
        parameter = _most_likely(model, patients[0], toxicities[0])
    else:
        parameter = float(model.posterior(patients, toxicities)[0] @ model.grid())
    rates = model.rates(np.asarray(parameter))
    return CrmEstimate(parameter, tuple(rates.tolist()), int(np.abs(rates - target).argmin()) + 1)


def _most_likely(model: CrmModel, patients: Int[ndarray, " dose"], toxicities: Int[ndarray, " dose"]) -> float:
    from scipy.optimize import minimize_scalar  # slow to import

    def loss(parameter: float) -> float:
        rates = np.clip(model.rates(np.asarray(parameter)), _LEAST_CHANCE, 1 - np.finfo(float).epsneg)
        return -float(toxicities @ np.log(rates) + (patients - toxicities) @ np.log1p(-rates))

    found = minimize_scalar(loss, bounds=(-_FARTHEST, _FARTHEST), method="bounded", options={"xatol": 1e-9})
    return float(found.x)


@dataclass(frozen=True, slots=True)
class Crm:
    """The CRM design: the dose whose rate at the posterior mean is nearest the target, never skipping an untried dose.

    It does not rise after a toxicity in the last cohort, and stops without a dose when even the lowest is too toxic.

    Attributes
    ----------
    model, target
        The model of toxicity, and the rate aimed at.
    stop_cut
        Posterior probability of a rate above the target at the lowest dose at which the trial stops; 1 never stops.
    waits
        Whether a new cohort enters only when the last one's window is over; if not, patients under observation are
        weighed by the time behind them (TITE-CRM, Cheung and Chappell 2000, Biometrics 56:1177).
    """

    model: CrmModel
    target: float
    stop_cut: float = convention("crm_stop_cut")
    waits: bool = True

    def next_dose(self, history: DoseHistory) -> Int[ndarray, " replicate"]:
        """Return the dose of the next cohort."""
        best, hopeless = self._recommended(history)
        following = np.minimum(best, history.dose + 1)
        following = np.where(history.last_toxicities > 0, np.minimum(following, history.dose), following)
        return np.where(hopeless, STOP, following)

    def selected(self, history: DoseHistory) -> Int[ndarray, " replicate"]:
        """Return the dose recommended at the end."""
        best, hopeless = self._recommended(history)
        return np.where(hopeless, STOP, best)

    def _recommended(self, history: DoseHistory) -> tuple[Int[ndarray, " replicate"], ndarray]:
        posterior = _posterior(self.model, history)
        grid = self.model.grid()
        rates = self.model.rates(posterior @ grid)
        too_toxic = posterior @ (self.model.rates(grid)[:, 0] > self.target)
        return np.abs(rates - self.target).argmin(axis=1), too_toxic > self.stop_cut


def _posterior(model: CrmModel, history: DoseHistory) -> Float[ndarray, "replicate node"]:
    """Return the posterior of every trial; without pending patients trials with the same counts share one."""
    if history.pending is not None and history.pending.part.any():
        return model.posterior(history.patients, history.toxicities, history.pending)
    counts = np.concatenate([history.patients, history.toxicities], axis=1)
    distinct, which = np.unique(counts, axis=0, return_inverse=True)
    patients, toxicities = np.split(distinct, 2, axis=1)
    return model.posterior(patients, toxicities)[which.ravel()]
