"""What theory says the trial should do, from the bank's means and spreads: the line beside each simulated rate."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.trial.analysis.power import mean_n_per_arm, mean_power, proportion_n_per_arm, proportion_power
from cordwise.trial.plan import TrialPlan
from cordwise.trial.prospects import Prospects


def theory_reject_rate(plan: TrialPlan, prospects: Prospects) -> float:
    """Return the power by theory: exact for proportions, noncentral t (normal residuals) for means.

    Without the patients who withdrew the counts are random; theory takes their mean. Scores with a ceiling are skewed,
    so that theory and simulation of a mean may differ by about a percentage point.
    """
    endpoint = prospects.endpoint
    control, treated = (count * _analysed_share(prospects) for count in _counts(plan))
    if endpoint.measure == "ais_improvement":
        test = "fisher_exact" if endpoint.analysis == "fisher_exact" else "n_minus_1_chi_square"
        counts = (round(control), round(treated))
        return proportion_power(*_proportions(prospects), counts=counts, alpha=endpoint.alpha, test=test)
    difference, sd = _difference_and_sd(prospects, plan.ratio)
    covariates = _covariates(prospects)
    return mean_power(difference, sd, counts=(control, treated), alpha=endpoint.alpha, covariates=covariates)


def theory_n_per_arm(plan: TrialPlan, prospects: Prospects, *, power: float) -> float:
    """Return the patients to randomise per arm, equally allocated; infinite without a difference."""
    endpoint = prospects.endpoint
    if endpoint.measure == "ais_improvement":
        control, treated = _proportions(prospects)
        if control == treated:
            return float("inf")
        analysed = proportion_n_per_arm(control, treated, power=power, alpha=endpoint.alpha)
    else:
        difference, sd = _difference_and_sd(prospects, plan.ratio)
        covariates = _covariates(prospects)
        analysed = mean_n_per_arm(difference, sd, power=power, alpha=endpoint.alpha, covariates=covariates)
    return analysed / _analysed_share(prospects)


def _counts(plan: TrialPlan) -> tuple[float, float]:
    control, treated = plan.ratio
    return plan.total * control / (control + treated), plan.total * treated / (control + treated)


def _analysed_share(prospects: Prospects) -> float:
    return 1.0 if prospects.endpoint.strategy == "composite" else float((1 - prospects.withdraws).mean())


def _covariates(prospects: Prospects) -> int:
    return 1 if prospects.endpoint.analysis == "ancova" else 0


def _proportions(prospects: Prospects) -> tuple[float, float]:
    stays = 1 - prospects.withdraws
    share = 1.0 if prospects.endpoint.strategy == "composite" else stays.mean()
    return float((prospects.control * stays).mean() / share), float((prospects.treated * stays).mean() / share)


def _difference_and_sd(prospects: Prospects, ratio: tuple[int, int]) -> tuple[float, float]:
    """Return the mean difference among those who stay and the spread within an arm, about the baseline for ANCOVA."""
    stays = 1 - prospects.withdraws
    shares = np.asarray(ratio) / sum(ratio)
    outcomes = (prospects.control, prospects.treated)
    variance = shares @ [_covariance(y, y, stays) for y in outcomes]
    if _covariates(prospects):
        covariance = shares @ [_covariance(prospects.baseline, y, stays) for y in outcomes]
        of_baseline = _covariance(prospects.baseline, prospects.baseline, stays)
        variance -= covariance**2 / of_baseline if of_baseline > 0 else 0.0
    difference = float(np.average(prospects.treated - prospects.control, weights=stays))
    return difference, float(np.sqrt(variance))


def _covariance(
    first: Float[ndarray, " patient"], second: Float[ndarray, " patient"], weight: Float[ndarray, " patient"]
) -> float:
    centred = (first - np.average(first, weights=weight)) * (second - np.average(second, weights=weight))
    return float(np.average(centred, weights=weight))
