"""Sliding dichotomy and its ordinal form: the outcome relative to what its baseline lets expect."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.stats.ordinal.categories import category_codes, ranks_present
from cordwise.stats.ordinal.score import score_test
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.trials import Trials


def sliding_ordinal(trials: Trials, *, alpha: float, bands: int = 3, cuts: int = 2) -> Estimates:
    """Return the log odds ratio of doing better than patients of a like baseline, by a score test stratified by band.

    The patients of a replicate, both arms together and blinded to arm, are split into `bands` of about equal size by
    baseline; equal baselines stay together.  In each band the outcome is classed by `cuts` cut points, set where the
    blinded patients of the band split most evenly: with one cut, worse or better than expected (sliding dichotomy);
    with two, worse, about as, or better than expected.  The classes are compared within bands by the score test, with
    its variance over permutations of the arms.

    Parameters
    ----------
    trials
        The trials; baseline and outcome may be any ordered scores.
    alpha
        Two-sided level of the interval.
    bands
        Baseline bands; three in the published uses.
    cuts
        Cut points in a band; one in the published uses, two by default, as three classes lose less than a dichotomy.

    Notes
    -----
    Cut points depend on the outcomes only through both arms together, so the test stays valid under no effect.
    Sources: Murray et al. 2005, Journal of Neurotrauma 22:511; Roozenbeek et al. 2011, Critical Care 15:R127, whose
    middle band has a conventional cut point instead of the most even one.
    """
    band = baseline_bands(trials, bands)
    codes, count = category_codes(trials.outcome, trials.analysed)
    ranks, present = ranks_present(codes, trials.analysed, count)
    shares = _shares_through(ranks, band, trials, bands, int(present.max(initial=1)))
    targets = np.arange(1, cuts + 1) / (cuts + 1)
    at = band + bands * np.arange(len(band))[:, None]
    classes = sum(ranks > _most_even_cut(shares, target).ravel()[at] for target in targets)
    classed = replace(trials, outcome=np.asarray(classes, np.float64), stratum=band)
    return score_test(classed, alpha=alpha, strata=True, variance="permutation")


def baseline_bands(trials: Trials, bands: int) -> Int[ndarray, "replicate patient"]:
    """Return the band of each patient's baseline, from 0: where the middle of its ties lies among the analysed."""
    codes, count = category_codes(trials.baseline, trials.analysed)
    ranks, present = ranks_present(codes, trials.analysed, count)
    tally = _tally(ranks, trials, int(present.max(initial=1)))
    total = np.maximum(tally.sum(axis=1, keepdims=True), 1)
    middle = (np.cumsum(tally, axis=1) - tally / 2) / total
    return np.minimum(np.take_along_axis(middle, ranks, axis=1) * bands, bands - 1).astype(np.intp)


def _shares_through(
    ranks: Int[ndarray, "replicate patient"],
    band: Int[ndarray, "replicate patient"],
    trials: Trials,
    bands: int,
    count: int,
) -> Float[ndarray, "replicate band category"]:
    """Return the share of each band's patients, both arms together, with an outcome up to each category."""
    tally = _tally(ranks + count * band, trials, bands * count).reshape(len(ranks), bands, count)
    through = np.cumsum(tally, axis=-1)
    return through / np.maximum(through[..., -1:], 1)


def _most_even_cut(shares: Float[ndarray, "replicate band category"], target: float) -> Int[ndarray, "replicate band"]:
    """Return the last category below the cut whose share is nearest to the target, among cuts that part the band."""
    parts = (shares > 0) & (shares < 1)
    return np.where(parts, np.abs(shares - target), np.inf).argmin(axis=-1)


def _tally(keys: Int[ndarray, "replicate patient"], trials: Trials, count: int) -> Float[ndarray, "replicate key"]:
    """Return how many analysed patients of each replicate have each key."""
    flat = keys + count * np.arange(len(keys))[:, None]
    return np.bincount(flat[trials.analysed], minlength=count * len(keys)).reshape(len(keys), count).astype(np.float64)
