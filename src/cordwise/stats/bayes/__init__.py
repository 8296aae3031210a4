"""Bayesian analyses and priors in closed form or by fixed quadrature; nothing is sampled."""

from cordwise.stats.bayes.beta_mixture import BetaMixture, beta
from cordwise.stats.bayes.effective_size import effective_sample_size
from cordwise.stats.bayes.gamma_mixture import GammaMixture
from cordwise.stats.bayes.meta_analytic import MetaAnalyticPrior, map_mean, map_proportion
from cordwise.stats.bayes.mixture_fit import fit_beta, fit_normal
from cordwise.stats.bayes.normal_mixture import NormalMixture, normal, probability_mean_greater
from cordwise.stats.bayes.power_prior import beta_power_prior, commensurate_normal, normal_power_posterior
from cordwise.stats.bayes.predictive import predictive_success
from cordwise.stats.bayes.robust import Conflict, mean_conflict, proportion_conflict, robustify_beta, robustify_normal
from cordwise.stats.bayes.superiority import probability_greater
from cordwise.stats.bayes.two_means import normal_posterior
from cordwise.stats.bayes.two_proportions import beta_binomial

__all__ = [
    "BetaMixture",
    "Conflict",
    "GammaMixture",
    "MetaAnalyticPrior",
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
