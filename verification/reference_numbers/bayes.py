"""Bayesian posteriors and priors from historical controls, against R and the RBesT vignettes.

`data/AS.csv`: placebo responders in eight trials of ankylosing spondylitis; Baeten et al., Lancet 382 (2013) 1705-1713.
`data/crohn.csv`: placebo change of the activity index in six trials of Crohn's disease; Hueber et al., Gut 61 (2012)
1693-1700; standard deviation of one patient's change 88.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from verification.reference_numbers.family import Method, Row

from cordwise.stats.bayes import (
    BetaMixture,
    MetaAnalyticPrior,
    beta,
    beta_power_prior,
    map_mean,
    map_proportion,
    normal_power_posterior,
    predictive_success,
    probability_greater,
)

DATA = Path(__file__).parent / "data"
_INTERVAL = 0.05
_QUANTILES = (0.025, 0.5, 0.975)
_CROHN_SD = 88.0  # of one patient, as the vignette has it
_AS_TAU, _AS_MEAN = 1.0, (0.0, 2.0)  # half-normal scale; normal prior of the common logit


def _beta_prior(row: Row, default: tuple[float, float]) -> BetaMixture:
    """Return the prior that the inputs give, or else the one that the row's description names."""
    if "prior" in row.inputs:
        return beta(*row.inputs["prior"])
    named = re.search(r"Beta\(([\d.]+),([\d.]+)\)", row.method)
    return beta(*(float(shape) for shape in named.groups())) if named else beta(*default)


def _superiority(row: Row) -> Mapping[str, Any]:
    x1, n1, x0, n0 = (row.inputs[key] for key in ("x1", "n1", "x0", "n0"))
    prior = _beta_prior(row, (1.0, 1.0))
    margin = float(row.inputs.get("margin", 0.0))
    return {"prob": probability_greater(prior.updated(x1, n1), prior.updated(x0, n0), margin=margin)}


def _single_arm(row: Row) -> Mapping[str, Any]:
    posterior = _beta_prior(row, (0.5, 0.5)).updated(row.inputs["x"], row.inputs["n"])
    return {"prob": posterior.above(np.asarray(row.inputs["p0"], float)).tolist()}


def _predictive(row: Row) -> Mapping[str, Any]:
    given = row.inputs
    chance = predictive_success(
        _beta_prior(row, (1.0, 1.0)),
        successes=given["x"],
        patients=given["n"],
        total=given["N"],
        reference=given["p0"],
        threshold=given["thetaT"],
    )
    return {"PP": chance}


def _power_beta(row: Row) -> Mapping[str, Any]:
    given, initial = row.inputs, _beta_prior(row, (1.0, 1.0))
    posteriors = [
        beta_power_prior(initial, successes=given["x0"], patients=given["n0"], share=share).updated(
            given["x"], given["n"]
        )
        for share in given["a0"]
    ]
    limits = [posterior.interval(_INTERVAL) for posterior in posteriors]
    return {
        "mean": [posterior.mean for posterior in posteriors],
        "lower": [low for low, _ in limits],
        "upper": [high for _, high in limits],
        "sd": [posterior.sd for posterior in posteriors],
    }


def _power_normal(row: Row) -> Mapping[str, Any]:
    given = row.inputs
    posteriors = [
        normal_power_posterior(
            given["y"], given["se"], historical_mean=given["y0"], historical_error=given["se0"], share=share
        )
        for share in given["a0"]
    ]
    return {"mean": [each.mean for each in posteriors], "sd": [each.sd for each in posteriors]}


def _mixture(row: Row) -> Mapping[str, Any]:
    given = row.inputs
    posterior = BetaMixture(*(tuple(given[key]) for key in ("w", "a", "b"))).updated(given["x"], given["n"])
    return {"w_post": list(posterior.weights), "mean": posterior.mean, "sd": posterior.sd}


def _columns(name: str) -> dict[str, list[str]]:
    with (DATA / f"{name}.csv").open() as file:
        lines = list(csv.DictReader(file))
    return {key: [line[key] for line in lines] for key in lines[0]}


def _first(given: Mapping[str, Any], default: float, *names: str) -> float:
    return float(next((given[name] for name in names if name in given), default))


def _map(row: Row) -> Mapping[str, Any]:
    prior = _map_prior(row)
    quantiles = prior.quantile(np.asarray(row.inputs.get("probs", _QUANTILES)))
    return {"mean": prior.mean, "sd": prior.sd, "q": quantiles.tolist(), "tau_mean": prior.tau_mean}


def _map_prior(row: Row) -> MetaAnalyticPrior:
    """Return the prior of a row with counts, with means and errors, or with one of the two data sets by name."""
    given = dict(row.inputs)
    name = str(given.get("data", ""))
    if name:
        columns = _columns("crohn" if name.lower() == "crohn" else "AS")
        given |= {key: [float(value) for value in columns[key]] for key in columns if key != "study"}
    if "r" in given:
        scale = _first(given, _AS_TAU, "tau", "tau_scale", "tau_prior", "tau_sd")
        mean_prior = (
            _first(given, _AS_MEAN[0], "mu_mean", "beta_mean"),
            _first(given, _AS_MEAN[1], "mu_sd", "beta_sd", "beta_prior"),
        )
        return map_proportion(
            [int(x) for x in given["r"]], [int(n) for n in given["n"]], tau_scale=scale, mean_prior=mean_prior
        )
    sd = _first(given, _CROHN_SD, "sigma", "sd")
    errors = given["se"] if "se" in given else (sd / np.sqrt(np.asarray(given["n"]))).tolist()
    scale = _first(given, sd / 2, "tau", "tau_scale", "tau_prior", "tau_sd")
    mean_prior = _first(given, 0.0, "mu_mean", "beta_mean"), _first(given, sd, "mu_sd", "beta_sd", "beta_prior")
    return map_mean(given["y"], errors, tau_scale=scale, mean_prior=mean_prior)


METHODS: tuple[Method, ...] = (
    Method(re.compile(r"betabin_single.*"), _single_arm),
    Method(re.compile(r"betabin_.*"), _superiority),
    Method(re.compile(r"leeliu_.*"), _predictive),
    Method(re.compile(r"powerprior_beta.*"), _power_beta),
    Method(re.compile(r"powerprior_normal.*"), _power_normal),
    Method(re.compile(r"robust_mixture_.*"), _mixture),
    Method(re.compile(r"map_.*|rbest_as_.*"), _map),
)
