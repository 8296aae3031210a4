"""Restricted likelihood of repeated measures with an unstructured covariance, from sums over patterns of visits.

A patient with covariates z has mean `B z` over the visits and covariance Sigma; every covariate has its own coefficient
at each visit unless `shared` ties some together.  With W the inverse of the observed part of Sigma, padded with zeros,
every sum over patients is a sum over patterns of a product of W with a matrix of sums (Kronecker form).  The average
information that joins observed and expected is that of Gilmour, Thompson and Cullis (1995), Biometrics 51:1440.
"""

from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.stats.longitudinal.patterns import PatternSums


@dataclass(frozen=True, slots=True)
class RestrictedFit:
    """The restricted likelihood of every replicate at one covariance, and what its derivatives are made of.

    Attributes
    ----------
    log_likelihood
        Restricted log likelihood, without its constant.
    coefficients
        Generalised least squares coefficients.
    spread
        Their covariance, over the flattened (visit, covariate).
    precision
        Inverse of the observed part of the covariance, 0 where unobserved.
    residual
        Sums of products of the residuals and covariates of each pattern.
    scatter
        Sums of products of residuals of each pattern, corrected for the estimation of the coefficients.
    squares
        Sums of products of residuals of each pattern, as they are.
    """

    log_likelihood: Float[ndarray, " replicate"]
    coefficients: Float[ndarray, "replicate visit covariate"]
    spread: Float[ndarray, "replicate coefficient coefficient"]
    precision: Float[ndarray, "replicate pattern visit visit"]
    residual: Float[ndarray, "replicate pattern visit covariate"]
    scatter: Float[ndarray, "replicate pattern visit visit"]
    squares: Float[ndarray, "replicate pattern visit visit"]

    def __getitem__(self, key: object) -> "RestrictedFit":
        """Return the fits of the replicates that `key` selects."""
        return RestrictedFit(*(getattr(self, each.name)[key] for each in fields(self)))

    def replaced(self, places: Int[ndarray, " place"], others: "RestrictedFit") -> "RestrictedFit":
        """Return the fits with others in some places."""
        if len(places) == len(self.log_likelihood):
            return others
        values = [getattr(self, each.name).copy() for each in fields(self)]
        for value, each in zip(values, fields(self), strict=True):
            value[places] = getattr(others, each.name)
        return RestrictedFit(*values)


@dataclass(frozen=True, slots=True)
class Derivatives:
    """Score and informations of the covariance parameters (the lower triangle of Sigma, row by row)."""

    score: Float[ndarray, "replicate parameter"]
    observed: Float[ndarray, "replicate parameter parameter"]
    expected: Float[ndarray, "replicate parameter parameter"]
    slopes: Float[ndarray, "replicate parameter coefficient coefficient"]  # of the coefficients' information, minus


def directions(visits: int) -> Float[ndarray, "cell parameter"]:
    """Return the derivative of the flattened covariance with respect to each entry of its lower triangle."""
    rows, columns = np.tril_indices(visits)
    out = np.zeros((visits, visits, len(rows)))
    out[rows, columns, np.arange(len(rows))] = out[columns, rows, np.arange(len(rows))] = 1.0
    return out.reshape(visits**2, len(rows))


def restricted_fit(
    sums: PatternSums,
    covariance: Float[ndarray, "replicate visit visit"],
    shared: Float[ndarray, "coefficient free"],
) -> RestrictedFit:
    """Return the restricted likelihood at a covariance; `shared` maps the free coefficients to all of them."""
    replicates, patterns, visits, width = sums.cross.shape
    precision, log_determinants = _precisions(sums, covariance)
    weights = precision.reshape(replicates, patterns, visits**2)
    grams = sums.covariates.reshape(replicates, patterns, width**2)
    information = _kronecker(weights.swapaxes(1, 2) @ grams, visits, width)
    free_information = shared.T @ information @ shared
    spread = shared @ np.linalg.inv(free_information) @ shared.T
    target = (precision @ sums.cross).sum(axis=1).reshape(replicates, visits * width, 1)
    coefficients = (spread @ target).reshape(replicates, visits, width)
    fitted = coefficients[:, None] @ sums.covariates
    residual = sums.cross - fitted
    overlap = sums.cross @ coefficients[:, None].swapaxes(-1, -2)
    squares = sums.outcomes - overlap - overlap.swapaxes(-1, -2) + fitted @ coefficients[:, None].swapaxes(-1, -2)
    log_likelihood = -0.5 * (
        (sums.count * log_determinants).sum(axis=1)
        + np.linalg.slogdet(free_information)[1]
        + (precision * squares).sum(axis=(1, 2, 3))
    )
    blocks = spread.reshape(replicates, visits, width, visits, width).swapaxes(2, 3)
    leverage = grams @ blocks.reshape(replicates, visits**2, width**2).swapaxes(1, 2)
    scatter = squares + leverage.reshape(replicates, patterns, visits, visits)
    return RestrictedFit(log_likelihood, coefficients, spread, precision, residual, scatter, squares)


def derivatives(sums: PatternSums, fit: RestrictedFit) -> Derivatives:
    """Return score and informations of the covariance parameters."""
    replicates, visits = len(sums.cross), sums.cross.shape[2]
    along = directions(visits)
    weighted = fit.precision @ fit.scatter @ fit.precision
    score = 0.5 * (weighted - sums.count[..., None, None] * fit.precision).sum(axis=1).reshape(replicates, -1) @ along
    slopes = _information_slopes(sums, fit, along)
    turned = fit.spread[:, None] @ slopes
    cells = turned.reshape(replicates, along.shape[1], -1)
    traded = cells @ turned.swapaxes(-1, -2).reshape(cells.shape).swapaxes(1, 2)
    leverage = fit.precision @ (fit.scatter - fit.squares) @ fit.precision
    plain = 0.5 * sums.count[..., None, None] * fit.precision
    expected = pairs(plain - leverage, fit.precision, along) + 0.5 * traded
    gradient = _residual_slopes(fit, along)
    observed = pairs(weighted - plain, fit.precision, along) - 0.5 * traded
    observed -= gradient @ fit.spread @ gradient.swapaxes(1, 2)
    return Derivatives(score, observed, expected, slopes)


def pairs(
    first: Float[ndarray, "replicate pattern visit visit"],
    second: Float[ndarray, "replicate pattern visit visit"],
    along: Float[ndarray, "cell parameter"],
) -> Float[ndarray, "replicate parameter parameter"]:
    """Return the sums over patterns of `trace(E_k first E_l second)` for every two directions, symmetric."""
    visits = first.shape[-1]
    flat = first.reshape(*first.shape[:2], -1).swapaxes(1, 2) @ second.reshape(*second.shape[:2], -1)
    outer = flat.reshape(len(flat), visits, visits, visits, visits).transpose(0, 1, 3, 2, 4)
    crossed = along.T @ outer.reshape(len(flat), visits**2, visits**2) @ along
    return 0.5 * (crossed + crossed.swapaxes(1, 2))


def _precisions(
    sums: PatternSums, covariance: Float[ndarray, "replicate visit visit"]
) -> tuple[Float[ndarray, "replicate pattern visit visit"], Float[ndarray, "replicate pattern"]]:
    """Return the padded inverses and log determinants of the observed part of the covariance."""
    both = sums.seen[..., :, None] & sums.seen[..., None, :]
    part = np.where(both, covariance[:, None], np.eye(covariance.shape[-1]))
    return np.where(both, np.linalg.inv(part), 0.0), np.linalg.slogdet(part)[1]


def _kronecker(
    flat: Float[ndarray, "replicate cell square"], visits: int, width: int
) -> Float[ndarray, "replicate coefficient coefficient"]:
    """Return the (visit, visit) x (covariate, covariate) table as a matrix over (visit, covariate)."""
    table = flat.reshape(-1, visits, visits, width, width).swapaxes(2, 3)
    return table.reshape(-1, visits * width, visits * width)


def _information_slopes(
    sums: PatternSums, fit: RestrictedFit, along: Float[ndarray, "cell parameter"]
) -> Float[ndarray, "replicate parameter coefficient coefficient"]:
    """Return minus the derivative of the coefficients' information with respect to each covariance parameter."""
    replicates, patterns, visits, width = sums.cross.shape
    left = fit.precision[..., :, None, :, None] * fit.precision[..., None, :, None, :]
    turned = left.reshape(replicates, patterns * visits**2, visits**2) @ along
    turned = turned.reshape(replicates, patterns, visits**2, -1).transpose(0, 3, 2, 1)
    grams = sums.covariates.reshape(replicates, 1, patterns, width**2)
    table = (turned @ grams).reshape(replicates * along.shape[1], visits**2, width**2)
    return _kronecker(table, visits, width).reshape(replicates, along.shape[1], visits * width, visits * width)


def _residual_slopes(
    fit: RestrictedFit, along: Float[ndarray, "cell parameter"]
) -> Float[ndarray, "replicate parameter coefficient"]:
    """Return `X' V^-1 E_k V^-1 r` for each direction: how the normal equations move with the covariance."""
    replicates, _, visits, width = fit.residual.shape
    weighted = (fit.precision @ fit.residual).reshape(replicates, -1, visits * width)
    table = fit.precision.reshape(replicates, -1, visits**2).swapaxes(1, 2) @ weighted
    table = table.reshape(replicates, visits, visits, visits, width).transpose(0, 1, 4, 2, 3)
    moved = table.reshape(replicates, visits * width, visits**2) @ along
    return moved.swapaxes(1, 2)
