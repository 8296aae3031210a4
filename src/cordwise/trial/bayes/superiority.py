"""The posterior of a difference of two proportions, by quadrature over the logit of the control."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import betainc, betaincinv, betaln, expit, log_expit, ndtri

from cordwise.trial.bayes.beta import BetaMixture
from cordwise.trial.bayes.quadrature import legendre_rule

_NODES = 64
_TAIL = 1e-12  # probability of the control beyond either end of the nodes
_FLOOR = 1e-300  # a proportion below this is taken as this
_NEWTON_STEPS = 30
_SETTLED = 1e-7  # change of a quantile at which its search ends


@dataclass(frozen=True, slots=True)
class BetaTables:
    """The posteriors of one arm in many tables: mixtures of as many beta distributions in each."""

    weights: Float[ndarray, "table component"]
    successes: Float[ndarray, "table component"]
    failures: Float[ndarray, "table component"]

    @property
    def mean(self) -> Float[ndarray, " table"]:
        """Return the posterior mean of each table."""
        return (self.weights * self.successes / (self.successes + self.failures)).sum(axis=1)

    @property
    def variance(self) -> Float[ndarray, " table"]:
        """Return the posterior variance of each table."""
        total = self.successes + self.failures
        mean = self.successes / total
        second = mean * (1 - mean) / (total + 1) + mean**2
        return (self.weights * second).sum(axis=1) - self.mean**2


def posterior_tables(
    prior: BetaMixture, successes: Float[ndarray, " table"], patients: Float[ndarray, " table"]
) -> BetaTables:
    """Return the posterior of every table under one prior."""
    a, b = prior.shapes
    after_a, after_b = a + successes[:, None], b + (patients - successes)[:, None]
    logs = prior.log_weights + betaln(after_a, after_b) - betaln(a, b)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return BetaTables(weights / weights.sum(axis=1, keepdims=True), after_a, after_b)


@dataclass(frozen=True, slots=True)
class Difference:
    """The posterior of treated minus control in many tables, ready to be asked for probabilities and quantiles."""

    treated: BetaTables
    control: BetaTables
    nodes: Float[ndarray, "table node"]
    masses: Float[ndarray, "table node"]

    @property
    def mean(self) -> Float[ndarray, " table"]:
        """Return the posterior mean of the difference."""
        return self.treated.mean - self.control.mean

    def below(self, limit: Float[ndarray, " table"]) -> Float[ndarray, " table"]:
        """Return the probability that the difference is below a limit."""
        at = np.clip(self.nodes + limit[:, None], 0.0, 1.0)[..., None]
        shapes = self.treated.successes[:, None], self.treated.failures[:, None]
        return self._over_nodes(betainc(*shapes, at))

    def density(self, limit: Float[ndarray, " table"]) -> Float[ndarray, " table"]:
        """Return the density of the difference at a limit."""
        at = (self.nodes + limit[:, None])[..., None]
        inside = (at > 0) & (at < 1)
        at = np.where(inside, at, 0.5)
        a, b = self.treated.successes[:, None], self.treated.failures[:, None]
        logs = (a - 1) * np.log(at) + (b - 1) * np.log1p(-at) - betaln(a, b)
        return self._over_nodes(np.where(inside, np.exp(logs), 0.0))

    def quantile(self, share: float) -> Float[ndarray, " table"]:
        """Return a quantile of the difference, by Newton steps that fall back on halving the bracket."""
        low, high = np.full(len(self.nodes), -1.0), np.ones(len(self.nodes))
        spread = np.sqrt(self.treated.variance + self.control.variance)
        at = np.clip(self.mean + ndtri(share) * spread, -1.0, 1.0)
        for _ in range(_NEWTON_STEPS):
            over = self.below(at) - share
            low, high = np.where(over < 0, at, low), np.where(over < 0, high, at)
            slope = self.density(at)
            step = np.divide(over, slope, out=np.zeros_like(over), where=slope > 0)
            following = np.where((slope > 0) & (at - step > low) & (at - step < high), at - step, (low + high) / 2)
            moved = np.abs(following - at).max(initial=0.0)
            at = following
            if moved < _SETTLED:
                break
        return at

    def _over_nodes(self, values: Float[ndarray, "table node component"]) -> Float[ndarray, " table"]:
        return np.einsum("tnc,tc,tn->t", values, self.treated.weights, self.masses)


def difference(treated: BetaTables, control: BetaTables) -> Difference:
    """Return the posterior difference of two arms; nodes are laid out component by component of the control."""
    lowest = betaincinv(control.successes, control.failures, np.full_like(control.successes, _TAIL))
    farthest = betaincinv(control.failures, control.successes, np.full_like(control.failures, _TAIL))
    low = _log_odds(lowest)
    high = -_log_odds(farthest)
    unit, weight = legendre_rule(_NODES)
    logits = low[..., None] + (high - low)[..., None] * unit
    logs = (
        control.successes[..., None] * log_expit(logits)
        + control.failures[..., None] * log_expit(-logits)
        + np.log(weight)
    )
    masses = np.exp(logs - logs.max(axis=-1, keepdims=True))
    masses *= (control.weights / masses.sum(axis=-1))[..., None]
    tables = len(control.weights)
    return Difference(treated, control, expit(logits).reshape(tables, -1), masses.reshape(tables, -1))


def probability_greater(treated: BetaMixture, control: BetaMixture, *, margin: float = 0.0) -> float:
    """Return P(treated - control > margin) of two independent proportions with mixture posteriors."""
    both = difference(_one_table(treated), _one_table(control))
    return float(1 - both.below(np.array([margin]))[0])


def _one_table(mixture: BetaMixture) -> BetaTables:
    return BetaTables(*(np.asarray([column], float) for column in (mixture.weights, *mixture.shapes)))


def _log_odds(share: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    return np.log(np.maximum(share, _FLOOR)) - np.log1p(-share)
