"""Bayesian analyses and priors in closed form or by fixed quadrature; nothing is sampled."""

from cordwise.trial.bayes.beta import BetaMixture, beta
from cordwise.trial.bayes.beta_binomial import beta_binomial
from cordwise.trial.bayes.effective_size import effective_sample_size
from cordwise.trial.bayes.gamma import GammaMixture
from cordwise.trial.bayes.meta_analytic import MetaAnalyticPrior, map_mean, map_proportion
from cordwise.trial.bayes.mixture_fit import fit_beta, fit_normal
from cordwise.trial.bayes.normal import NormalMixture, normal, probability_mean_greater
from cordwise.trial.bayes.normal_posterior import normal_posterior
from cordwise.trial.bayes.power_prior import beta_power_prior, commensurate_normal, normal_power_posterior
from cordwise.trial.bayes.predictive import predictive_success
from cordwise.trial.bayes.robust import Conflict, mean_conflict, proportion_conflict, robustify_beta, robustify_normal
from cordwise.trial.bayes.superiority import probability_greater

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
