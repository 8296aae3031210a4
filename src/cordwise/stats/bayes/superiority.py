"""The posterior of a difference of two proportions, by quadrature over the logit of the control."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import betainc, betaincinv, betaln, expit, log_expit, logit, ndtri

from cordwise.stats.bayes.beta_mixture import BetaMixture
from cordwise.stats.bayes.mixture import Number
from cordwise.stats.bayes.quadrature import legendre_rule

_NODES = (16, 32, 16)  # for the lower tail, the body and the upper tail of the control
_END, _TAIL = 1e-12, 0.01  # probability of the control beyond the nodes, and beyond its body
_RULES = tuple(enumerate(legendre_rule(order) for order in _NODES))
_FARTHEST = 700.0  # logit beyond which a proportion is 0 or 1 in double precision
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
    """The posterior of treated minus control in many tables, ready to be asked for probabilities and quantiles.

    `edges` cut the logit of each component of the control into a body and two tails.
    """

    treated: BetaTables
    control: BetaTables
    edges: Float[ndarray, "table component edge"]

    @property
    def mean(self) -> Float[ndarray, " table"]:
        """Return the posterior mean of the difference."""
        return self.treated.mean - self.control.mean

    def below(self, limit: Float[ndarray, " table"]) -> Float[ndarray, " table"]:
        """Return the probability that the difference is below a limit."""
        at, masses = self._nodes(limit)
        shapes = self.treated.successes[:, None], self.treated.failures[:, None]
        certain = betainc(self.control.successes, self.control.failures, np.clip(1 - limit, 0.0, 1.0)[:, None])
        return self._over_nodes(betainc(*shapes, at[..., None]), masses) + (self.control.weights * (1 - certain)).sum(
            axis=1
        )

    def density(self, limit: Float[ndarray, " table"]) -> Float[ndarray, " table"]:
        """Return the density of the difference at a limit."""
        at, masses = self._nodes(limit)
        at = np.clip(at, _FLOOR, 1 - np.finfo(float).epsneg)[..., None]
        a, b = self.treated.successes[:, None], self.treated.failures[:, None]
        logs = (a - 1) * np.log(at) + (b - 1) * np.log1p(-at) - betaln(a, b)
        return self._over_nodes(np.exp(logs), masses)

    def quantile(self, share: float) -> Float[ndarray, " table"]:
        """Return a quantile of the difference, by Newton steps that fall back on halving the bracket."""
        low, high = np.full(len(self.edges), -1.0), np.ones(len(self.edges))
        spread = np.sqrt(self.treated.variance + self.control.variance)
        at = np.clip(self.mean + ndtri(share) * spread, -1.0, 1.0)
        for _ in range(_NEWTON_STEPS):
            over = self.below(at) - share
            low, high = np.where(over < 0, at, low), np.where(over < 0, high, at)
            slope = self.density(at)
            step = np.divide(over, slope, out=np.zeros_like(over), where=slope > 0)
            following = np.where((slope > 0) & (at - step >= low) & (at - step <= high), at - step, (low + high) / 2)
            moved = np.abs(following - at).max(initial=0.0)
            at = following
            if moved < _SETTLED:
                break
        return at

    def _nodes(
        self, limit: Float[ndarray, " table"]
    ) -> tuple[Float[ndarray, "table node"], Float[ndarray, "table node"]]:
        """Return treated proportions a limit above nodes of the control's, and the masses of the nodes.

        The nodes cover the controls for which the treated proportion is neither 0 nor 1, so that nothing they are
        asked for has a kink between them.
        """
        ends = np.stack([-limit, 1 - limit], axis=-1)[:, None, :]
        with np.errstate(divide="ignore"):
            first, last = np.split(np.clip(logit(np.clip(ends, 0.0, 1.0)), -_FARTHEST, _FARTHEST), 2, axis=-1)
        edges = np.clip(self.edges, first, last)
        starts, widths = edges[..., :-1, None], np.diff(edges)[..., None]
        parts = [
            (starts[..., i, :] + widths[..., i, :] * unit, widths[..., i, :] * weight) for i, (unit, weight) in _RULES
        ]
        logits, widths = (np.concatenate(each, axis=-1) for each in zip(*parts, strict=True))
        a, b = self.control.successes[..., None], self.control.failures[..., None]
        masses = np.exp(a * log_expit(logits) + b * log_expit(-logits) - betaln(a, b)) * widths
        masses = masses * self.control.weights[..., None]
        at = np.clip(expit(logits) + limit[:, None, None], 0.0, 1.0)
        return at.reshape(len(limit), -1), masses.reshape(len(limit), -1)

    def _over_nodes(
        self, values: Float[ndarray, "table node component"], masses: Float[ndarray, "table node"]
    ) -> Float[ndarray, " table"]:
        return np.einsum("tnc,tc,tn->t", values, self.treated.weights, masses)


def difference(treated: BetaTables, control: BetaTables) -> Difference:
    """Return the posterior difference of two arms."""
    a, b = control.successes, control.failures
    lower = [_log_odds(betaincinv(a, b, np.full_like(a, share))) for share in (_END, _TAIL)]
    upper = [-_log_odds(betaincinv(b, a, np.full_like(a, share))) for share in (_TAIL, _END)]
    return Difference(treated, control, np.stack([*lower, *upper], axis=-1))


def probability_greater(treated: BetaMixture, control: BetaMixture, *, margin: Number = 0.0) -> float:
    """Return P(treated - control > margin) of two independent proportions with mixture posteriors.

    Parameters
    ----------
    treated, control
        Posteriors of the two proportions.
    margin
        By how much the treated proportion must exceed the control's.

    Examples
    --------
    >>> from cordwise.stats.bayes import beta
    >>> round(probability_greater(beta(9, 3), beta(5, 7)), 4)
    0.9598
    """
    both = difference(_one_table(treated), _one_table(control))
    return float(1 - both.below(np.array([float(margin)]))[0])


def _one_table(mixture: BetaMixture) -> BetaTables:
    return BetaTables(*(np.asarray([column], float) for column in (mixture.weights, *mixture.shapes)))


def _log_odds(share: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    return np.log(np.maximum(share, _FLOOR)) - np.log1p(-share)
