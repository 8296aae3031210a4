"""The analyses a design can name: what each needs, on what scale it answers, and how it is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Literal

import numpy as np

from cordwise.stats.bayes import (
    NormalMixture,
    beta,
    beta_binomial,
    beta_power_prior,
    normal,
    normal_posterior,
    robustify_beta,
    robustify_normal,
)
from cordwise.stats.longitudinal import mmrm
from cordwise.stats.missing import multiple_imputation
from cordwise.stats.ordinal import proportional_odds, score_test, sliding_ordinal, transitional_ordinal
from cordwise.stats.single_arm.analysis import single_arm_exact
from cordwise.stats.two_arm.cochran_mantel_haenszel import cmh
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.means import ancova, t_test, welch_t
from cordwise.stats.two_arm.proportions import risk_difference_test
from cordwise.stats.two_arm.ranks import rank_sum, stratified_rank_sum
from cordwise.stats.two_arm.trials import Trials
from cordwise.stats.two_arm.wins import win_statistics
from cordwise.trial.design.endpoints import Endpoint, Historical
from cordwise.trial.design.measures import MEASURES

Scale = Literal["difference", "log odds ratio", "chance difference", "log win odds", "log win ratio"]
Needs = Literal["scores", "visits", "components", "muscles"]
Analyse = Callable[[Trials, Endpoint], Estimates]


@dataclass(frozen=True, slots=True)
class Method:
    """One analysis: how it is called on a batch of trials, and what may be said of its answer."""

    analyse: Analyse
    scale: Scale = "difference"
    needs: Needs = "scores"
    claims_size: bool = True  # whether its p value promises the type I error
    is_exact: bool = False  # whether that error stays below the level, rather than about it


def _proportions(test: str) -> Analyse:
    return lambda trials, spec: risk_difference_test(trials, alpha=spec.alpha, test=test)  # ty: ignore[invalid-argument-type]


def _wins(measure: str) -> Analyse:
    return lambda trials, spec: win_statistics(
        trials,
        alpha=spec.alpha,
        measure=measure,  # ty: ignore[invalid-argument-type]
        thresholds=spec.component_margins or None,
    )


def _beta_binomial(trials: Trials, spec: Endpoint) -> Estimates:
    past = spec.historical_control
    if past is None or past.improved is None:
        return beta_binomial(trials, alpha=spec.alpha)
    prior = beta_power_prior(beta(1.0, 1.0), successes=past.improved, patients=past.patients, share=past.power)
    prior = robustify_beta(prior, weight=past.robust_weight) if past.robust_weight else prior
    return beta_binomial(trials, alpha=spec.alpha, control_prior=prior)


def _normal_posterior(trials: Trials, spec: Endpoint) -> Estimates:
    past = spec.historical_control
    if past is None or past.mean is None or past.sd is None or past.power == 0:
        return normal_posterior(trials, alpha=spec.alpha)
    return normal_posterior(trials, alpha=spec.alpha, control_prior=_normal_history(past, past.mean, past.sd))


def _normal_history(past: Historical, mean: float, sd: float) -> NormalMixture:
    prior = normal(mean, sd / float(np.sqrt(past.power * past.patients)))
    return robustify_normal(prior, weight=past.robust_weight, mean=mean, sd=sd) if past.robust_weight else prior


def _ordinal(covariates: Literal["baseline", "none"]) -> Analyse:
    return lambda trials, spec: proportional_odds(
        trials, alpha=spec.alpha, covariates=covariates, strata=spec.stratified, test="score"
    )


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "n_minus_1_chi_square": Method(_proportions("n_minus_1_chi_square")),
        "chi_square": Method(_proportions("chi_square")),
        "fisher_exact": Method(_proportions("fisher_exact"), is_exact=True),
        "boschloo": Method(_proportions("boschloo"), is_exact=True),
        "cmh": Method(lambda trials, spec: cmh(trials, alpha=spec.alpha)),
        "two_sample_t": Method(lambda trials, spec: t_test(trials, alpha=spec.alpha)),
        "welch_t": Method(lambda trials, spec: welch_t(trials, alpha=spec.alpha)),
        "ancova": Method(lambda trials, spec: ancova(trials, alpha=spec.alpha, strata=spec.stratified)),
        "mmrm": Method(lambda trials, spec: mmrm(trials, alpha=spec.alpha), needs="visits"),
        "rank_sum": Method(lambda trials, spec: rank_sum(trials, alpha=spec.alpha), scale="chance difference"),
        "van_elteren": Method(
            lambda trials, spec: stratified_rank_sum(trials, alpha=spec.alpha), scale="chance difference"
        ),
        "score_test": Method(
            lambda trials, spec: score_test(trials, alpha=spec.alpha, strata=spec.stratified, variance="permutation"),
            scale="log odds ratio",
        ),
        "proportional_odds": Method(_ordinal("baseline"), scale="log odds ratio"),
        "sliding_ordinal": Method(
            lambda trials, spec: sliding_ordinal(trials, alpha=spec.alpha), scale="log odds ratio"
        ),
        "transitional_ordinal": Method(
            lambda trials, spec: transitional_ordinal(trials, alpha=spec.alpha),
            scale="log odds ratio",
            needs="muscles",
            claims_size=False,  # its sandwich variance is too small in small trials: verification/trial_null.py
        ),
        "net_benefit": Method(_wins("net_benefit"), scale="chance difference", needs="components"),
        "win_odds": Method(_wins("win_odds"), scale="log win odds", needs="components"),
        "win_ratio": Method(_wins("win_ratio"), scale="log win ratio", needs="components"),
        "beta_binomial": Method(_beta_binomial, claims_size=False),
        "normal_posterior": Method(_normal_posterior, claims_size=False),
        "single_arm_exact": Method(
            lambda trials, spec: single_arm_exact(trials, alpha=spec.alpha, benchmark=spec.benchmark or 0.5),
            is_exact=True,
        ),
    }
)


def analyse(trials: Trials, spec: Endpoint, generator: np.random.Generator) -> Estimates:
    """Analyse a batch of trials as the endpoint says; `generator` gives the draws of an imputation."""
    method = METHODS[spec.analysis or "ancova"]
    if trials.visits is None or method.needs == "visits":
        return method.analyse(trials, spec)
    kind = MEASURES[spec.measure]
    return multiple_imputation(
        trials,
        partial(ancova, strata=spec.stratified),
        alpha=spec.alpha,
        imputations=spec.imputations,
        generator=generator,
        method=spec.missing,  # ty: ignore[invalid-argument-type]
        delta=spec.delta_points,
        limits=(-kind.top if kind.is_change else 0.0, kind.top),
    )
