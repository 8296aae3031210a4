"""Bayesian analyses and priors in closed form or by fixed quadrature; nothing is sampled."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.bayes.beta_mixture import BetaMixture, beta
    from cordwise.stats.bayes.effective_size import effective_sample_size
    from cordwise.stats.bayes.gamma_mixture import GammaMixture
    from cordwise.stats.bayes.meta_analytic import MetaAnalyticPrior, map_mean, map_proportion
    from cordwise.stats.bayes.mixture import Mixture
    from cordwise.stats.bayes.mixture_fit import fit_beta, fit_normal
    from cordwise.stats.bayes.normal_mixture import NormalMixture, normal, probability_mean_greater
    from cordwise.stats.bayes.power_prior import beta_power_prior, commensurate_normal, normal_power_posterior
    from cordwise.stats.bayes.predictive import predictive_success
    from cordwise.stats.bayes.robust import (
        Conflict,
        mean_conflict,
        proportion_conflict,
        robustify_beta,
        robustify_normal,
    )
    from cordwise.stats.bayes.superiority import probability_greater
    from cordwise.stats.bayes.two_means import normal_posterior
    from cordwise.stats.bayes.two_proportions import UNIFORM, beta_binomial

__all__ = [
    "UNIFORM",
    "BetaMixture",
    "Conflict",
    "GammaMixture",
    "MetaAnalyticPrior",
    "Mixture",
    "NormalMixture",
    "beta",
    "beta_binomial",
    "beta_power_prior",
    "commensurate_normal",
    "effective_sample_size",
    "fit_beta",
    "fit_normal",
    "map_mean",
    "map_proportion",
    "mean_conflict",
    "normal",
    "normal_posterior",
    "normal_power_posterior",
    "predictive_success",
    "probability_greater",
    "probability_mean_greater",
    "proportion_conflict",
    "robustify_beta",
    "robustify_normal",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "beta_mixture": "BetaMixture beta",
        "effective_size": "effective_sample_size",
        "gamma_mixture": "GammaMixture",
        "meta_analytic": "MetaAnalyticPrior map_mean map_proportion",
        "mixture": "Mixture",
        "mixture_fit": "fit_beta fit_normal",
        "normal_mixture": "NormalMixture normal probability_mean_greater",
        "power_prior": "beta_power_prior commensurate_normal normal_power_posterior",
        "predictive": "predictive_success",
        "robust": "Conflict mean_conflict proportion_conflict robustify_beta robustify_normal",
        "superiority": "probability_greater",
        "two_means": "normal_posterior",
        "two_proportions": "UNIFORM beta_binomial",
    },
)
