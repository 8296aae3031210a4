"""What theory says the trial should do in the people of every parameter set: the line beside each simulated rate."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtr, ndtri

from cordwise.base.errors import Fault, ModelError
from cordwise.stats.nested_means import NestedMean
from cordwise.stats.sample_size.means import t_test_n_per_arm, t_test_power, z_test_n_per_arm
from cordwise.stats.sample_size.proportions import exact_powers, pooled_n_per_arm
from cordwise.stats.sequential import operating_characteristics
from cordwise.trial.characteristics.set_outcomes import (
    analysed_share,
    covariates,
    odds_effects,
    proportions,
    standardised_differences,
)
from cordwise.trial.decide.stopping import adjusted_alpha, planned_boundaries
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes
from cordwise.trial.plan.endpoints import PlannedEndpoint
from cordwise.trial.plan.plan import TrialPlan

_EXACT_TESTS = ("n_minus_1_chi_square", "chi_square", "fisher_exact", "boschloo")
_MEANS = ("ancova", "two_sample_t", "welch_t")
_ORDINAL = ("score_test",)
_LEAST_PER_ARM, _LEAST_REPLICATES = 20, 200  # below these the approximations below are not held to account
_MOST_ERRORS = 4.0  # standard errors, of replicates and people together, by which simulation may part from theory
_LARGEST_ARM, _NARROW = 1e7, 1e-6  # patients per arm at which the search for a size gives up, and how close it comes
_STEPS = 8  # of the iteration for a drift, which is short where only one side matters
_ALLOWANCE = 0.03  # judgement: what normal theory of skewed, bounded scores and random counts may be off by


@dataclass(frozen=True, slots=True)
class TheoryComparison:
    """A simulated rate beside what theory says."""

    where: str
    simulated: NestedMean
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
    """Return the power by theory, averaged over the parameter sets; None without.

    It is exact for proportions, noncentral t (normal residuals) for means. Without the patients who withdrew the counts
    are random; theory takes their mean. Scores with a ceiling are skewed, so that theory and simulation of a mean may
    differ by about a percentage point. With looks the fixed trial's power gives the drift of a Brownian motion through
    the boundaries.
    """
    endpoint = potential_outcomes.endpoint
    if not _has_theory(plan, endpoint) or not _looks_have_theory(plan):
        return None
    if plan.has_looks and not endpoint.is_primary:
        return None
    alpha = adjusted_alpha(plan) if endpoint.is_primary else endpoint.alpha
    direction, fixed = _fixed_powers(plan, potential_outcomes, arm, alpha)
    if np.isnan(fixed).any():  # too few patients are expected to stay for an estimate of the spread
        return None
    if not plan.has_looks:
        return float(fixed.mean())
    drift = direction * _drifts(fixed, alpha)
    return float(operating_characteristics(planned_boundaries(plan), drift).power.mean())


def theory_n_per_arm(
    plan: TrialPlan, potential_outcomes: PotentialOutcomes, *, power: float, arm: int = 1
) -> float | None:
    """Return the patients to randomise per arm, equally allocated, for a mean power; infinite without a difference."""
    endpoint = potential_outcomes.endpoint
    if not _has_theory(plan, endpoint) or endpoint.method.name in _ORDINAL:
        return None
    if endpoint.kind.kind == "binary":
        pairs = zip(*proportions(potential_outcomes, arm), strict=True)
        by_set = [pooled_n_per_arm(*pair, power=power, alpha=endpoint.alpha) for pair in pairs]
        factor = 1.0
    else:
        effects = standardised_differences(potential_outcomes, arm, (plan.ratio[0], plan.ratio[arm]))
        by_set = [z_test_n_per_arm(effect, 1.0, power=power, alpha=endpoint.alpha) for effect in effects]
        factor = _t_beside_z(float(effects.mean()), power, endpoint.alpha, covariates(potential_outcomes))
    analysed = factor * _n_for_mean_power(np.asarray(by_set), power, endpoint.alpha)
    return analysed / analysed_share(potential_outcomes)


def _t_beside_z(effect: float, power: float, alpha: float, adjusted_for: int) -> float:
    """Return by how much the t test takes more patients than a test with known spread."""
    if effect == 0:
        return 1.0
    by_t = t_test_n_per_arm(effect, 1.0, power=power, alpha=alpha, covariates=adjusted_for)
    return by_t / z_test_n_per_arm(effect, 1.0, power=power, alpha=alpha)


def _n_for_mean_power(by_set: Float[ndarray, " set"], power: float, alpha: float) -> float:
    """Return the size whose power, averaged over sets that take such sizes for it, is the power."""
    limit, low, high = -ndtri(alpha / 2), 1.0, _LARGEST_ARM
    root = np.divide(1.0, np.sqrt(by_set), out=np.zeros(len(by_set)), where=np.isfinite(by_set))

    def mean_power(n: float) -> float:
        return float(ndtr(np.sqrt(n) * root * (limit + ndtri(power)) - limit).mean())

    if mean_power(high) < power:
        return float("inf")
    while high / low > 1 + _NARROW:
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if mean_power(middle) >= power else (middle, high)
    return high


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


def _fixed_powers(
    plan: TrialPlan, potential_outcomes: PotentialOutcomes, arm: int, alpha: float
) -> tuple[Float[ndarray, " set"], Float[ndarray, " set"]]:
    """Return the side on which the cells' effect lies in each parameter set, and the power there without looks."""
    endpoint = potential_outcomes.endpoint
    control, treated = (count * analysed_share(potential_outcomes) for count in _counts(plan, arm))
    if endpoint.method.name in _ORDINAL:
        z = odds_effects(potential_outcomes, arm, control, treated)
        return np.sign(z), ndtr(z + ndtri(alpha / 2)) + ndtr(-z + ndtri(alpha / 2))
    if endpoint.kind.kind == "binary":
        shares, test = proportions(potential_outcomes, arm), endpoint.method.name
        counts = (round(control), round(treated))
        found = exact_powers(*shares, counts=counts, alpha=alpha, test=test)  # ty: ignore[invalid-argument-type]
        return np.sign(shares[1] - shares[0]), found
    effects = standardised_differences(potential_outcomes, arm, (plan.ratio[0], plan.ratio[arm]))
    power = partial(
        t_test_power, sd=1.0, counts=(control, treated), alpha=alpha, covariates=covariates(potential_outcomes)
    )
    return np.sign(effects), np.array([power(effect) for effect in effects])


def _drifts(power: Float[ndarray, " set"], alpha: float) -> Float[ndarray, " set"]:
    """Return the mean of z, 0 or above, at which a two-sided test has such a power."""
    limit, drift = -ndtri(alpha / 2), np.zeros(len(power))
    for _ in range(_STEPS):
        right = np.clip(power - ndtr(-drift - limit), 1e-12, 1 - 1e-12)
        drift = np.maximum(limit + ndtri(right), 0.0)
    return drift


def _counts(plan: TrialPlan, arm: int) -> tuple[float, float]:
    share = plan.total / sum(plan.ratio)
    return share * plan.ratio[0], share * plan.ratio[arm]
