"""What theory says the trial should do, from the bank's means and spreads: the line beside each simulated rate."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtr, ndtri

from cordwise.base.errors import Fault, ModelError
from cordwise.stats.monte_carlo import MonteCarloEstimate
from cordwise.stats.sample_size.means import t_test_n_per_arm, t_test_power
from cordwise.stats.sample_size.proportions import exact_power, pooled_n_per_arm
from cordwise.stats.sequential import operating_characteristics
from cordwise.trial.decide.stopping import adjusted_alpha, planned_boundaries
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes
from cordwise.trial.plan.endpoints import PlannedEndpoint
from cordwise.trial.plan.plan import TrialPlan

_EXACT_TESTS = ("n_minus_1_chi_square", "chi_square", "fisher_exact", "boschloo")
_MEANS = ("ancova", "two_sample_t", "welch_t")
_ORDINAL = ("score_test",)
_LEAST_PER_ARM, _LEAST_REPLICATES = 20, 200  # below these the approximations below are not held to account
_MOST_ERRORS = 4.0  # Monte Carlo standard errors by which simulation may part from theory
_ALLOWANCE = 0.03  # judgement: what normal theory of skewed, bounded scores and random counts may be off by


@dataclass(frozen=True, slots=True)
class TheoryComparison:
    """A simulated rate beside what theory says."""

    where: str
    simulated: MonteCarloEstimate
    theory: float
    per_arm: float
    replicates: int
    allowance: float  # what theory's approximations may be off by; 0 where theory is exact

    @property
    def parts(self) -> bool:
        """Return whether the two differ by more than chance and the approximations of theory allow."""
        if self.per_arm < _LEAST_PER_ARM or self.replicates < _LEAST_REPLICATES:
            return False
        chance = np.sqrt(self.theory * (1 - self.theory) / self.replicates)
        allowed = _MOST_ERRORS * max(self.simulated.mcse, float(chance)) + self.allowance
        return abs(self.simulated.value - self.theory) > allowed


def must_agree(comparisons: Iterable[TheoryComparison]) -> None:
    """Raise where simulation and theory part: one of the two is wrong, and no rate of the run can be relied on.

    Raises
    ------
    ModelError
        With every comparison that parts.
    """
    faults = [
        Fault(each.where, f"about {each.theory:.3f}, as theory says", f"{each.simulated.value:.3f} simulated")
        for each in comparisons
        if each.parts
    ]
    if faults:
        raise ModelError("\n".join(map(str, faults)))


def allowance(plan: TrialPlan, endpoint: PlannedEndpoint) -> float:
    """Return what theory may be off by: nothing for shares of whole blocks of patients who all count, without looks."""
    whole = plan.method == "permuted_block" and plan.total % plan.block_size == 0
    exact = endpoint.kind.kind == "binary" and endpoint.strategy == "composite" and whole and not plan.has_looks
    return 0.0 if exact else _ALLOWANCE


def theory_reject_rate(plan: TrialPlan, potential_outcomes: PotentialOutcomes, arm: int = 1) -> float | None:
    """Return the power by theory: exact for proportions, noncentral t (normal residuals) for means; None without.

    Without the patients who withdrew the counts are random; theory takes their mean. Scores with a ceiling are skewed,
    so that theory and simulation of a mean may differ by about a percentage point. With looks the fixed trial's power
    gives the drift of a Brownian motion through the boundaries.
    """
    endpoint = potential_outcomes.endpoint
    if not _has_theory(plan, endpoint) or not _looks_have_theory(plan):
        return None
    alpha = adjusted_alpha(plan) if endpoint.is_primary else endpoint.alpha
    fixed = _fixed_power(plan, potential_outcomes, arm, alpha)
    if np.isnan(fixed):  # too few patients are expected to stay for an estimate of the spread
        return None
    if not plan.has_looks or not endpoint.is_primary:
        return None if plan.has_looks else fixed
    drift = ndtri(alpha / 2) * -1 + ndtri(
        np.clip(fixed - _wrong_way(plan, potential_outcomes, arm, alpha), 1e-12, 1 - 1e-12)
    )
    direction = np.sign(_difference(potential_outcomes, arm)) or 0.0
    return float(operating_characteristics(planned_boundaries(plan), direction * max(drift, 0.0)).power[0])


def theory_n_per_arm(
    plan: TrialPlan, potential_outcomes: PotentialOutcomes, *, power: float, arm: int = 1
) -> float | None:
    """Return the patients to randomise per arm, equally allocated; infinite without a difference."""
    endpoint = potential_outcomes.endpoint
    if not _has_theory(plan, endpoint) or endpoint.method.name in _ORDINAL:
        return None
    if endpoint.kind.kind == "binary":
        control, treated = _proportions(potential_outcomes, arm)
        if control == treated:
            return float("inf")
        analysed = pooled_n_per_arm(control, treated, power=power, alpha=endpoint.alpha)
    else:
        difference, sd = _difference_and_sd(plan, potential_outcomes, arm)
        covariates = _covariates(potential_outcomes)
        analysed = t_test_n_per_arm(difference, sd, power=power, alpha=endpoint.alpha, covariates=covariates)
    return analysed / _analysed_share(potential_outcomes)


def _looks_have_theory(plan: TrialPlan) -> bool:
    """Tell whether theory covers the looks: limits of z that are known in advance, of one treated arm alone."""
    in_advance = not plan.by_calendar and not plan.least_points and len(plan.treatments) == 1
    return in_advance or not plan.has_looks


def _has_theory(plan: TrialPlan, endpoint: PlannedEndpoint) -> bool:
    """Tell whether theory covers the design: known tests, nothing but withdrawal, no stratification."""
    plain = not plan.events and plan.rating.is_blinded and plan.method != "minimisation" and not plan.factors
    plain &= endpoint.missing in {"non_improver", "complete_case"} and not plan.is_single_arm
    plain &= plan.safety is None and plan.adaptation is None and not endpoint.method.stratified
    return plain and endpoint.method.name in {*_EXACT_TESTS, *_MEANS, *_ORDINAL}


def _fixed_power(plan: TrialPlan, potential_outcomes: PotentialOutcomes, arm: int, alpha: float) -> float:
    endpoint = potential_outcomes.endpoint
    control, treated = (count * _analysed_share(potential_outcomes) for count in _counts(plan, arm))
    if endpoint.method.name in _ORDINAL:
        return _ordinal_power(potential_outcomes, arm, control, treated, alpha)
    if endpoint.kind.kind == "binary":
        counts = (round(control), round(treated))
        shares, test = _proportions(potential_outcomes, arm), endpoint.method.name
        return exact_power(*shares, counts=counts, alpha=alpha, test=test)  # ty: ignore[invalid-argument-type]
    difference, sd = _difference_and_sd(plan, potential_outcomes, arm)
    return t_test_power(
        difference, sd, counts=(control, treated), alpha=alpha, covariates=_covariates(potential_outcomes)
    )


def _wrong_way(plan: TrialPlan, potential_outcomes: PotentialOutcomes, arm: int, alpha: float) -> float:
    """Return the chance of rejecting on the wrong side, which matters only near the null."""
    return alpha / 2 if _difference(potential_outcomes, arm) == 0 else 0.0


def _ordinal_power(
    potential_outcomes: PotentialOutcomes, arm: int, control: float, treated: float, alpha: float
) -> float:
    """Return the power of the score test by its information under proportional odds (Whitehead 1993)."""
    values, categories = np.unique(potential_outcomes.outcome[[0, arm]], return_inverse=True)
    stays = 1 - potential_outcomes.losses.withdrawn[:, -1]
    shares = [np.bincount(row, stays, len(values)) / stays.sum() for row in categories.reshape(2, -1)]
    pooled = (control * shares[0] + treated * shares[1]) / (control + treated)
    information = control * treated / (control + treated) / 3 * (1 - (pooled**3).sum())
    below = [np.cumsum(share)[:-1] for share in shares]
    weight = pooled[:-1] + pooled[1:]
    usable = (below[0] > 0) & (below[0] < 1) & (below[1] > 0) & (below[1] < 1)
    odds = np.log(below[0][usable] / (1 - below[0][usable])) - np.log(below[1][usable] / (1 - below[1][usable]))
    ratio = np.average(odds, weights=weight[usable]) if usable.any() else 0.0
    z = ratio * np.sqrt(information)
    return float(ndtr(z + ndtri(alpha / 2)) + ndtr(-z + ndtri(alpha / 2)))


def _counts(plan: TrialPlan, arm: int) -> tuple[float, float]:
    share = plan.total / sum(plan.ratio)
    return share * plan.ratio[0], share * plan.ratio[arm]


def _stays(potential_outcomes: PotentialOutcomes) -> Float[ndarray, " patient"]:
    return 1 - potential_outcomes.losses.withdrawn[:, -1]


def _analysed_share(potential_outcomes: PotentialOutcomes) -> float:
    return 1.0 if potential_outcomes.endpoint.strategy == "composite" else float(_stays(potential_outcomes).mean())


def _covariates(potential_outcomes: PotentialOutcomes) -> int:
    return 1 if potential_outcomes.endpoint.method.name == "ancova" else 0


def _proportions(potential_outcomes: PotentialOutcomes, arm: int) -> tuple[float, float]:
    stays = _stays(potential_outcomes)
    share = 1.0 if potential_outcomes.endpoint.strategy == "composite" else stays.mean()
    control, treated = ((potential_outcomes.outcome[each] * stays).mean() / share for each in (0, arm))
    return float(control), float(treated)


def _difference(potential_outcomes: PotentialOutcomes, arm: int) -> float:
    return float((potential_outcomes.outcome[arm] - potential_outcomes.outcome[0]).mean())


def _difference_and_sd(plan: TrialPlan, potential_outcomes: PotentialOutcomes, arm: int) -> tuple[float, float]:
    """Return the mean difference among those who stay and the spread within an arm, about the baseline for ANCOVA."""
    stays = _stays(potential_outcomes)
    difference = float(np.average(potential_outcomes.outcome[arm] - potential_outcomes.outcome[0], weights=stays))
    chosen = np.stack([potential_outcomes.outcome[0], potential_outcomes.outcome[arm]])
    parts = (plan.ratio[0], plan.ratio[arm])
    variances = [_variance(row, stays, potential_outcomes) for row in chosen]
    return difference, float(np.sqrt(np.average(variances, weights=parts)))


def _variance(
    outcome: Float[ndarray, " patient"], stays: Float[ndarray, " patient"], potential_outcomes: PotentialOutcomes
) -> float:
    centred = outcome - np.average(outcome, weights=stays)
    if not _covariates(potential_outcomes):
        return float(np.average(centred**2, weights=stays))
    baseline = potential_outcomes.baseline - np.average(potential_outcomes.baseline, weights=stays)
    spread = np.average(baseline**2, weights=stays)
    slope = np.average(baseline * centred, weights=stays) / spread if spread > 0 else 0.0
    return float(np.average((centred - slope * baseline) ** 2, weights=stays))
