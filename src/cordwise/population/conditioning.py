"""A registry's own figures narrow its forecast, without a refit: an ensemble moved towards them.

Every parameter set forecasts the figures; how they vary with the place of the registry and with the common parameters
is read off the ensemble by ridge regression, which also takes out the noise of few simulated people. The sets are then
moved as a straight model with normal errors says, each towards the figures with an error of its own (ensemble Kalman
update), so that they remain a sample.

Source: Evensen 2003, Ocean Dynamics 53:343.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import brentq
from scipy.special import expit, logit

from cordwise.base.errors import Fault, InputError
from cordwise.base.randomness import Streams
from cordwise.evidence import Target
from cordwise.patient.parameters import free_rows, from_working_scale, to_working_scale
from cordwise.population.posterior import Posterior
from cordwise.population.prediction import PROPORTION, Prediction
from cordwise.population.registries import moved_parameters, moves
from cordwise.population.sampling_error import number_behind
from cordwise.population.structure import missing_scale
from cordwise.population.target_predictions import figures_by_set

PATIENTS = 400  # of each parameter set
_FEWEST = 30.0  # simulated people behind a figure in all sets together
_NEVER = 0.5  # people added to either side of a share, so that none and all have finite log odds
_SHARE_LIMITS = (0.001, 0.999)  # about which log odds are taken, whose weight fades to nothing at 0 and 1
_RIDGES = np.logspace(-2, 4, 25)


def conditioned_on(
    posterior: Posterior, figures: Sequence[Target], streams: Streams, *, patients: int = PATIENTS, quiet: bool = True
) -> Posterior:
    """Return the parameter sets of a registry some of whose own figures are known.

    Parameters
    ----------
    posterior
        Sets of a registry not yet seen, or of a known one.
    figures
        What the registry printed: shares of grades, means of scores.
    streams
        Random streams.
    patients
        Simulated people of each parameter set.
    quiet
        No progress.

    Raises
    ------
    InputError
        Hardly any simulated patient qualifies for a figure; all such figures are told.
    """
    found = figures_by_set(figures, posterior.draws, streams.within("conditioning"), patients=patients, quiet=quiet)
    if faults := list(_faults(figures, found)):
        raise InputError(faults)
    simulated, noise = _simulated(figures, found)
    observed, error = _observed(figures, found, posterior, simulated, noise)
    features = _features(posterior)
    generator = streams.within("conditioning")("errors").generator()
    # The place of a registry not yet seen says nothing of the parameters; that of a fitted one makes up for them.
    own = posterior.places.shape[1] if posterior.registry is None else 0
    shift = _update(features, own, simulated, noise, observed, error, generator)
    return _moved(posterior, features + shift)


def _faults(figures: Sequence[Target], found: Prediction) -> "list[Fault]":
    behind = np.nan_to_num(found.count).sum(axis=0)
    return [
        Fault(
            f"registry data, {figure.target_id}",
            f"a figure of people whom {_FEWEST:g} or more simulated ones resemble",
            f"{number:.0f}",
            "Compare its grades, levels and days, or leave it out.",
        )
        for figure, number in zip(figures, behind, strict=True)
        if number < _FEWEST
    ]


def _observed(
    figures: Sequence[Target],
    found: Prediction,
    posterior: Posterior,
    simulated: Float[ndarray, "set figure"],
    noise: Float[ndarray, "set figure"],
) -> tuple[Float[ndarray, " figure"], Float[ndarray, " figure"]]:
    """Return the figures on the fitted scale (shares as log odds) and the SD of chance and structure together."""
    value, error = [], []
    grade, missing = (float(np.mean(getattr(posterior.structure, name))) for name in ("grade", "missing"))
    dispersion = float(np.mean(posterior.structure.dispersion))
    for place, figure in enumerate(figures):
        n = number_behind(figure)
        if figure.measure == PROPORTION:
            mean, variance = _expected(simulated[:, place], noise[:, place])
            people = n / (1 + (n - 1) * dispersion)
            response, chance = _working_share(figure.value, people, mean, variance + grade**2)
            value.append(response)
            error.append(np.hypot(grade, np.sqrt(chance)))
            continue
        sd = figure.sd if np.isfinite(figure.sd) else float(np.nanmean(found.sd[:, place]))
        value.append(figure.value)
        error.append(np.hypot(missing * missing_scale(figure), sd / np.sqrt(n)))
    return np.array(value), np.array(error)


def _expected(values: Float[ndarray, " set"], noise: Float[ndarray, " set"]) -> tuple[float, float]:
    """Return the mean of a figure over the sets and the variance between them, without the noise of few people."""
    known = np.isfinite(noise)
    return float(values[known].mean()), max(float(values[known].var() - noise[known].mean()), 0.0)


def _working_share(share: float, people: float, mean: float, variance: float) -> tuple[float, float]:
    """Return log odds that say of a registry what a share of so many people says, and their variance.

    They are taken about the likeliest log odds given both the share and what was expected: at the share itself none
    and all of many people would weigh next to nothing (as in iterated weighted least squares).
    """
    step = variance * people * (share - float(expit(mean)))
    likeliest = brentq(lambda odds: mean - odds + variance * people * (share - float(expit(odds))), mean, mean + step)
    p = float(np.clip(expit(likeliest), *_SHARE_LIMITS))
    return float(logit(p)) + (share - p) / (p * (1 - p)), 1 / (people * p * (1 - p))


def _simulated(
    figures: Sequence[Target], found: Prediction
) -> tuple[Float[ndarray, "set figure"], Float[ndarray, "set figure"]]:
    """Return the sets' figures on the fitted scale and the variance that few people give them; infinite of nobody."""
    count = np.nan_to_num(found.count)
    mean, variance = np.nan_to_num(found.mean), np.nan_to_num(found.sd) ** 2
    pooled = (count * variance).sum(axis=0) / np.maximum(count.sum(axis=0), 1)
    noise = np.divide(pooled, count, out=np.full(count.shape, np.inf), where=count > 0)
    is_share = np.array([figure.measure == PROPORTION for figure in figures])
    p = (mean * count + _NEVER) / (count + 2 * _NEVER)
    odds_noise = np.where(count > 0, 1 / np.maximum((count + 2 * _NEVER) * p * (1 - p), _NEVER), np.inf)
    return np.where(is_share, logit(p), mean), np.where(is_share, odds_noise, noise)


def _features(posterior: Posterior) -> Float[ndarray, "set feature"]:
    """Return what differs between sets: the place of the registry, then the common parameters, on working scales."""
    rows = free_rows()
    points = np.array([to_working_scale(draw, rows) for draw in posterior.draws])
    return np.concatenate([posterior.places, points - posterior.places @ moves(rows).T], axis=1)


def _update(
    features: Float[ndarray, "set feature"],
    own: int,
    simulated: Float[ndarray, "set figure"],
    noise: Float[ndarray, "set figure"],
    observed: Float[ndarray, " figure"],
    error: Float[ndarray, " figure"],
    generator: np.random.Generator,
) -> Float[ndarray, "set feature"]:
    """Return how far every set is moved; the first `own` features differ independently."""
    centre, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    standard = (features - centre) / scale
    slopes, level = np.zeros((len(observed), features.shape[1])), np.zeros(len(observed))
    for place in range(len(observed)):
        slopes[place], level[place] = _ridge(standard, simulated[:, place], noise[:, place])
    predicted = level + standard @ slopes.T
    alike = np.eye(features.shape[1])
    alike[own:, own:] = standard[:, own:].T @ standard[:, own:] / len(standard)
    spread = alike @ slopes.T
    covariance = slopes @ spread + np.diag(error**2)
    towards = observed + error * generator.standard_normal(predicted.shape) - predicted
    return towards @ cho_solve(cho_factor(covariance), spread.T) * scale


def _ridge(
    features: Float[ndarray, "set feature"], values: Float[ndarray, " set"], noise: Float[ndarray, " set"]
) -> tuple[Float[ndarray, " feature"], float]:
    """Return slopes and level of a figure, with the penalty that leaves the least error of a set left out."""
    known = np.isfinite(noise)
    x, y = features[known], values[known]
    weight = 1 / (noise[known] + np.median(noise[known]))
    weight = weight / weight.mean()
    level = float(np.average(y, weights=weight))
    root = np.sqrt(weight)[:, None]
    left, singular, right = np.linalg.svd(root * (x - np.average(x, axis=0, weights=weight)), full_matrices=False)
    target = root[:, 0] * (y - level)
    projected = left.T @ target
    best, chosen = np.inf, _RIDGES[-1]
    for ridge in _RIDGES:
        kept = singular**2 / (singular**2 + ridge)
        fitted = left @ (kept * projected)
        freedom = 1 - (left**2 @ kept) - 1 / len(y)
        missed = float(np.mean(((target - fitted) / np.maximum(freedom, _NEVER / len(y))) ** 2))
        if missed < best:
            best, chosen = missed, ridge
    slopes = right.T @ (singular / (singular**2 + chosen) * projected)
    return slopes, level - float(np.average(x, axis=0, weights=weight) @ slopes)


def _moved(posterior: Posterior, features: Float[ndarray, "set feature"]) -> Posterior:
    rows = free_rows()
    places, common = features[:, : posterior.places.shape[1]], features[:, posterior.places.shape[1] :]
    unfitted = tuple(row for row in moved_parameters() if row.prior_sd is None)
    points, further = common + places @ moves(rows).T, (places - posterior.places) @ moves(unfitted).T
    draws = [
        from_working_scale(to_working_scale(draw, unfitted) + step, unfitted, draw)
        for draw, step in zip(posterior.draws, further, strict=True)
    ]
    draws = [from_working_scale(point, rows, draw) for point, draw in zip(points, draws, strict=True)]
    return replace(posterior, draws=tuple(draws), places=places)
