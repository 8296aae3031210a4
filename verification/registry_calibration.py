"""Simulation-based calibration of the hierarchy of registries: are its posteriors as wide as they should be?

Scales, parameters and places of registries are drawn from their priors, the figures that all registries but EMSCI print
are drawn from these, with counts for shares, and the straight model is fitted to them as to real ones. Where its
posterior is right, a truth is equally likely to have any rank among the draws (Talts and others 2018, arXiv
1804.06788). EMSCI is left out because some of its patients count less than once on purpose.

Run it with `OPENBLAS_NUM_THREADS=1 python verification/registry_calibration.py`, as `make verify` does: threads only
get in the way of such small matrices. Exit code 1 says that ranks are uneven.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.special import expit
from scipy.stats import chi2

from cordwise.base.progress import progress
from cordwise.patient.parameters import free_rows
from cordwise.population.fit.figures import SCORE, SHARE
from cordwise.population.fit.hierarchy import Hierarchy, Linearised, Place, Scales, hierarchy_setting
from cordwise.population.fit.refit import shipped_linearisation
from cordwise.population.fit.scales import find_mode, sample_scales
from cordwise.population.registries import directions

HOME = "EMSCI"
SEED, ROUNDS, DRAWS, BINS = 1, 200, 19, 5
THIN, BURN = 60, 600
SURPRISING = 0.01  # a chi-square test of one quantity below this is one in a hundred by chance


def main() -> int:
    """Print the histogram of ranks of every quantity and return 1 where too many are uneven."""
    parser = argparse.ArgumentParser(description="Simulation-based calibration of the hierarchy of registries.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    near, random = _others(), np.random.default_rng(SEED)
    names, ranks = list(_names(near)), []
    with progress("simulated registries", rounds) as advance:
        for _ in range(rounds):
            ranks.append(_ranks(near, random))
            advance(1)
    counts = np.array([np.bincount(each * BINS // (DRAWS + 1), minlength=BINS) for each in np.array(ranks).T])
    p = chi2.sf(((counts - rounds / BINS) ** 2 / (rounds / BINS)).sum(axis=1), BINS - 1)
    for name, row, chance in zip(names, counts, p, strict=True):
        print(f"{name:<44} {' '.join(f'{each:4d}' for each in row)}   p {chance:.3f}")
    uneven = int((p < SURPRISING).sum())
    allowed = int(np.ceil(SURPRISING * len(p) + 4 * np.sqrt(SURPRISING * len(p))))
    print(f"{rounds} rounds, {len(p)} quantities: {uneven} with p below {SURPRISING:g}, at most {allowed} by chance")
    return int(uneven > allowed)


def _others() -> Linearised:
    """Return the shares and means of all registries but EMSCI."""
    near = shipped_linearisation().near
    return near.only(~near.figures.of(HOME) & np.isin(near.figures.kind, (SHARE, SCORE)))


def _names(near: Linearised) -> Iterator[str]:
    yield from (f"SD between registries, {each.name}" for each in directions())
    yield from ("SD of grades", "factor of the structure", "dispersion")
    yield from (row.name for row in free_rows())
    present = sorted(set(near.figures.registry))
    yield from (f"{near.figures.registries[number]}, {each.name}" for number in present for each in directions())


def _ranks(near: Linearised, random: np.random.Generator) -> np.ndarray:
    """Return the rank of every true number among the draws of its posterior."""
    bare = Hierarchy(near)
    scales = _scales(bare, random)
    effects = np.linalg.cholesky(bare.alike) @ random.standard_normal(near.point.effects.shape) * scales.between
    common = bare.prior_mean + bare.prior_sd * random.standard_normal(len(bare.prior_sd))
    conversions = bare.conversions(scales, random)
    eta = bare.figures_at(common, effects) + bare.converted(conversions) + bare.missed_means(scales, random)
    model = Hierarchy(replace(near, figures=replace(near.figures, value=_printed(near, eta, scales, random))))
    mode = find_mode(model)
    sampled = sample_scales(model, mode, random, count=DRAWS, thin=THIN, burn=BURN)
    drawn = [_numbers(near, each, model.draw(each, mode.eta, random)) for each in sampled]
    truth = _numbers(near, scales, Place(common, effects, conversions, eta))
    return (np.array(drawn) < truth).sum(axis=0)


def _numbers(near: Linearised, scales: Scales, place: Place) -> np.ndarray:
    present = sorted(set(near.figures.registry))
    return np.concatenate([scales.logs, place.common, place.effects[present].ravel()])


def _scales(model: Hierarchy, random: np.random.Generator) -> Scales:
    between = np.abs(model.spread * random.standard_normal(len(model.spread)))
    grade = abs(hierarchy_setting("grade_spread") * random.standard_normal())
    missing = np.exp(hierarchy_setting("discrepancy_log_sd") * random.standard_normal())
    dispersion = abs(hierarchy_setting("dispersion_scale") * random.standard_normal())
    return Scales(between, float(grade), float(missing), float(dispersion))


def _printed(near: Linearised, eta: np.ndarray, scales: Scales, random: np.random.Generator) -> np.ndarray:
    figures = near.figures
    share, n, spread = expit(np.where(figures.is_share, eta, 0.0)), figures.n.astype(int), 1 / scales.dispersion - 1
    varied = random.beta(np.maximum(share * spread, 1e-3), np.maximum((1 - share) * spread, 1e-3))
    means = eta + figures.error * random.standard_normal(len(eta))
    return np.where(figures.is_share, random.binomial(n, varied) / n, means)


if __name__ == "__main__":
    sys.exit(main())
