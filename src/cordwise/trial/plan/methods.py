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
from cordwise.trial.plan.stated import stated

Scale = Literal["difference", "log odds ratio", "chance difference", "log win odds", "log win ratio"]
Needs = Literal["scores", "visits", "components", "muscles"]
Analysis = Callable[[Trials], Estimates]

IMPUTED = ("multiple_imputation", "jump_to_reference", "copy_increments", "delta")
"""Rules for missing values that draw them many times from a model."""


@dataclass(frozen=True, slots=True)
class Method:
    """One analysis that a design can name: how it takes an endpoint's parameters, what its answer may be said to be."""

    of: Callable[[Endpoint], Analysis]
    scale: Scale = "difference"
    needs: Needs = "scores"
    claims_size: bool = True  # whether its p value promises the type I error
    is_exact: bool = False  # whether that error stays below the level, rather than about it


@dataclass(frozen=True, slots=True)
class PlannedMethod:
    """The analysis of one endpoint with its parameters.

    Attributes
    ----------
    name
        A key of `METHODS`.
    analyse
        Called with a batch of trials and a generator, which gives the draws of an imputation.
    stratified
        Whether it allows for the strata of the randomisation.
    scale, needs, claims_size
        As the method has them.
    sees_visits
        Whether it is shown every visit: it models them, or missing values are drawn from them.
    benchmark
        The share that a single arm is set against; 0 where arms are compared.
    """

    name: str
    analyse: Callable[[Trials, np.random.Generator], Estimates]
    stratified: bool
    scale: Scale
    needs: Needs
    claims_size: bool
    sees_visits: bool
    benchmark: float


def planned_method(endpoint: Endpoint) -> PlannedMethod:
    """Return the analysis of an endpoint, with the parameters that the endpoint gives it."""
    method, is_imputed = METHODS[endpoint.analysis], endpoint.missing in IMPUTED
    return PlannedMethod(
        name=endpoint.analysis,
        analyse=_imputation(endpoint) if is_imputed else _without_draws(method.of(endpoint)),
        stratified=endpoint.stratified,
        scale=method.scale,
        needs=method.needs,
        claims_size=method.claims_size,
        sees_visits=is_imputed or method.needs == "visits",
        benchmark=0.0 if endpoint.benchmark is None else endpoint.benchmark,
    )


def _without_draws(analysis: Analysis) -> Callable[[Trials, np.random.Generator], Estimates]:
    return lambda trials, _: analysis(trials)


def _imputation(endpoint: Endpoint) -> Callable[[Trials, np.random.Generator], Estimates]:
    kind = MEASURES[endpoint.measure]
    impute = partial(
        multiple_imputation,
        analysis=partial(ancova, strata=endpoint.stratified),
        alpha=endpoint.alpha,
        imputations=endpoint.imputations,
        method=endpoint.missing,  # ty: ignore[invalid-argument-type]
        delta=endpoint.delta_points,
        limits=(-kind.top if kind.is_change else 0.0, kind.top),
    )
    return lambda trials, generator: impute(trials, generator=generator)


def _plain(test: Callable[..., Estimates]) -> Callable[[Endpoint], Analysis]:
    return lambda endpoint: partial(test, alpha=endpoint.alpha)


def _proportions(test: str) -> Callable[[Endpoint], Analysis]:
    return lambda endpoint: partial(risk_difference_test, alpha=endpoint.alpha, test=test)  # ty: ignore[invalid-argument-type]


def _wins(measure: str) -> Callable[[Endpoint], Analysis]:
    return lambda endpoint: partial(
        win_statistics,
        alpha=endpoint.alpha,
        measure=measure,  # ty: ignore[invalid-argument-type]
        thresholds=endpoint.component_margins or None,
    )


def _beta_binomial(endpoint: Endpoint) -> Analysis:
    past = endpoint.historical_control
    if past is None:
        return partial(beta_binomial, alpha=endpoint.alpha)
    improved = stated(past.improved, "historical_control.improved")
    prior = beta_power_prior(beta(1.0, 1.0), successes=improved, patients=past.patients, share=past.power)
    prior = robustify_beta(prior, weight=past.robust_weight) if past.robust_weight else prior
    return partial(beta_binomial, alpha=endpoint.alpha, control_prior=prior)


def _normal_posterior(endpoint: Endpoint) -> Analysis:
    past = endpoint.historical_control
    if past is None or past.power == 0:
        return partial(normal_posterior, alpha=endpoint.alpha)
    return partial(normal_posterior, alpha=endpoint.alpha, control_prior=_normal_history(past))


def _normal_history(past: Historical) -> NormalMixture:
    mean, sd = stated(past.mean, "historical_control.mean"), stated(past.sd, "historical_control.sd")
    prior = normal(mean, sd / float(np.sqrt(past.power * past.patients)))
    return robustify_normal(prior, weight=past.robust_weight, mean=mean, sd=sd) if past.robust_weight else prior


def _single_arm(endpoint: Endpoint) -> Analysis:
    benchmark = stated(endpoint.benchmark, "benchmark")
    return partial(single_arm_exact, alpha=endpoint.alpha, benchmark=benchmark)


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "n_minus_1_chi_square": Method(_proportions("n_minus_1_chi_square")),
        "chi_square": Method(_proportions("chi_square")),
        "fisher_exact": Method(_proportions("fisher_exact"), is_exact=True),
        "boschloo": Method(_proportions("boschloo"), is_exact=True),
        "cmh": Method(_plain(cmh)),
        "two_sample_t": Method(_plain(t_test)),
        "welch_t": Method(_plain(welch_t)),
        "ancova": Method(lambda endpoint: partial(ancova, alpha=endpoint.alpha, strata=endpoint.stratified)),
        "mmrm": Method(_plain(mmrm), needs="visits"),
        "rank_sum": Method(_plain(rank_sum), scale="chance difference"),
        "van_elteren": Method(_plain(stratified_rank_sum), scale="chance difference"),
        "score_test": Method(
            lambda endpoint: partial(
                score_test, alpha=endpoint.alpha, strata=endpoint.stratified, variance="permutation"
            ),
            scale="log odds ratio",
        ),
        "proportional_odds": Method(
            lambda endpoint: partial(
                proportional_odds,
                alpha=endpoint.alpha,
                covariates="baseline",
                strata=endpoint.stratified,
                test="score",
            ),
            scale="log odds ratio",
        ),
        "sliding_ordinal": Method(_plain(sliding_ordinal), scale="log odds ratio"),
        "transitional_ordinal": Method(
            _plain(transitional_ordinal),
            scale="log odds ratio",
            needs="muscles",
            claims_size=False,  # its sandwich variance is too small in small trials: verification/trial_null.py
        ),
        "net_benefit": Method(_wins("net_benefit"), scale="chance difference", needs="components"),
        "win_odds": Method(_wins("win_odds"), scale="log win odds", needs="components"),
        "win_ratio": Method(_wins("win_ratio"), scale="log win ratio", needs="components"),
        "beta_binomial": Method(_beta_binomial, claims_size=False),
        "normal_posterior": Method(_normal_posterior, claims_size=False),
        "single_arm_exact": Method(_single_arm, is_exact=True),
    }
)
