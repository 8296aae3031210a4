"""Restricted likelihood of one long table, with any covariance structure.

Subjects with the same layout (visits seen, or random-effects design) share a covariance and are handled together.  P, Q
and R are the matrices of Kenward and Roger (1997), Biometrics 53:983.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float, Int, Num
from numpy import ndarray

from cordwise.base.errors import ModelError
from cordwise.stats.longitudinal.covariance_structures import CovarianceParts, Structure

MOST_STEPS, MOST_HALVINGS = 200, 30
NO_GAIN = 1e-14  # squared length of a scoring step, in standard errors of the parameters


@dataclass(frozen=True, slots=True)
class SubjectGroup:
    """Subjects observed in the same layout."""

    layout: Num[ndarray, "observation ..."]
    design: Float[ndarray, "subject observation coefficient"]
    response: Float[ndarray, "subject observation"]


@dataclass(frozen=True, slots=True)
class RestrictedPoint:
    """The restricted likelihood at some parameters of the covariance, with its derivatives."""

    parameters: Float[ndarray, " parameter"]
    log_likelihood: float
    coefficients: Float[ndarray, " coefficient"]
    spread: Float[ndarray, "coefficient coefficient"]
    score: Float[ndarray, " parameter"]
    observed: Float[ndarray, "parameter parameter"]
    expected: Float[ndarray, "parameter parameter"]
    p: Float[ndarray, "parameter coefficient coefficient"]
    q: Float[ndarray, "parameter parameter coefficient coefficient"]
    r: Float[ndarray, "parameter parameter coefficient coefficient"]


def subject_groups(
    design: Float[ndarray, "row coefficient"],
    response: Float[ndarray, " row"],
    subject: Int[ndarray, " row"],
    layout: Num[ndarray, "row ..."],
) -> list[SubjectGroup]:
    """Return the subjects of a long table, grouped by the layout of their rows."""
    order = np.argsort(subject, kind="stable")
    bounds = np.flatnonzero(np.diff(subject[order])) + 1
    alike: dict[tuple[int, bytes], list[ndarray]] = {}
    for rows in np.split(order, bounds):
        alike.setdefault((len(rows), np.ascontiguousarray(layout[rows]).tobytes()), []).append(rows)
    return [SubjectGroup(layout[rows[0]], design[np.stack(rows)], response[np.stack(rows)]) for rows in alike.values()]


def maximise_restricted(groups: Sequence[SubjectGroup], structure: Structure) -> RestrictedPoint:
    """Return the maximum of the restricted likelihood, by Fisher scoring with halved steps."""
    here = restricted_point(groups, structure, structure.start(_residual_variance(groups), [g.layout for g in groups]))
    if here is None:
        raise ModelError("the covariance to begin with is not positive definite")
    for _ in range(MOST_STEPS):
        step = np.linalg.solve(here.expected, here.score)
        if step @ here.score < NO_GAIN:
            return here
        better = _step_up(groups, structure, here, step)
        if better is None:
            return here
        here = better
    raise ModelError("the restricted likelihood of the repeated measures has no maximum that could be found")


def restricted_point(
    groups: Sequence[SubjectGroup], structure: Structure, parameters: Float[ndarray, " parameter"]
) -> RestrictedPoint | None:
    """Return the restricted likelihood at the parameters, or None where they give no covariance."""
    parts = [structure.parts(parameters, group.layout) for group in groups]
    if any(np.linalg.eigvalsh(each.value)[0] <= 0 for each in parts):
        return None
    weighted = [np.linalg.inv(each.value) @ group.design for group, each in zip(groups, parts, strict=True)]
    pairs = list(zip(weighted, groups, strict=True))
    information = sum(np.einsum("sap,saq->pq", w, group.design) for w, group in pairs)
    spread = np.linalg.inv(information)
    coefficients = spread @ sum(np.einsum("sap,sa->p", w, group.response) for w, group in pairs)
    sums = _added([_group_terms(group, each, coefficients) for group, each in zip(groups, parts, strict=True)])
    rows = sum(group.response.size for group in groups) - len(coefficients)
    value = sums.deviance + np.linalg.slogdet(information)[1] + rows * np.log(2 * np.pi)
    turned = spread @ sums.p
    expected = 0.5 * (
        sums.traces - 2 * np.einsum("pq,klqp->kl", spread, sums.q) + np.einsum("kpq,lqp->kl", turned, turned)
    )
    bends = sums.bends - np.einsum("pq,klqp->kl", spread, sums.r)
    observed = sums.squares - sums.moved @ spread @ sums.moved.T - expected + 0.5 * bends
    score = 0.5 * (sums.score - np.einsum("kpp->k", turned))
    return RestrictedPoint(
        parameters, -0.5 * value, coefficients, spread, score, observed, expected, sums.p, sums.q, sums.r
    )


@dataclass(frozen=True, slots=True)
class _Terms:
    """What subjects add to the restricted likelihood and its derivatives at given coefficients."""

    deviance: float
    score: Float[ndarray, " parameter"]
    traces: Float[ndarray, "parameter parameter"]
    squares: Float[ndarray, "parameter parameter"]
    bends: Float[ndarray, "parameter parameter"]
    moved: Float[ndarray, "parameter coefficient"]
    p: Float[ndarray, "parameter coefficient coefficient"]
    q: Float[ndarray, "parameter parameter coefficient coefficient"]
    r: Float[ndarray, "parameter parameter coefficient coefficient"]


def _group_terms(group: SubjectGroup, parts: CovarianceParts, coefficients: Float[ndarray, " coefficient"]) -> _Terms:
    """Return the terms of the subjects of one layout."""
    subjects, inverse = len(group.response), np.linalg.inv(parts.value)
    residual = (group.response - group.design @ coefficients) @ inverse
    weighted = inverse @ group.design
    scatter = residual.T @ residual
    turned = inverse @ parts.first
    pair = parts.first[:, None] @ turned[None]
    gram = np.tensordot(weighted, weighted, axes=(0, 0)).swapaxes(1, 2)
    return _Terms(
        subjects * np.linalg.slogdet(parts.value)[1] + float((scatter * parts.value).sum()),
        (parts.first * (scatter - subjects * inverse)).sum(axis=(1, 2)),
        subjects * np.tensordot(turned, turned, axes=([1, 2], [2, 1])),
        (pair * scatter).sum(axis=(2, 3)),
        (parts.second * (subjects * inverse - scatter)).sum(axis=(2, 3)),
        np.tensordot(parts.first, np.tensordot(weighted, residual, axes=(0, 0)).swapaxes(1, 2), axes=2),
        -np.tensordot(parts.first, gram, axes=2),
        np.tensordot(pair, gram, axes=2),
        np.tensordot(parts.second, gram, axes=2),
    )


def _added(terms: Sequence[_Terms]) -> _Terms:
    return _Terms(*(sum(getattr(each, field.name) for each in terms) for field in fields(_Terms)))


def _step_up(
    groups: Sequence[SubjectGroup], structure: Structure, here: RestrictedPoint, step: Float[ndarray, " parameter"]
) -> RestrictedPoint | None:
    """Return the first point on the halved step that is higher, None where there is none left in this precision."""
    for halving in range(MOST_HALVINGS):
        there = restricted_point(groups, structure, here.parameters + 0.5**halving * step)
        if there is not None and there.log_likelihood >= here.log_likelihood:
            return there
    return None


def _residual_variance(groups: Sequence[SubjectGroup]) -> float:
    """Return the variance about the least-squares fit."""
    design = np.concatenate([group.design.reshape(-1, group.design.shape[-1]) for group in groups])
    response = np.concatenate([group.response.ravel() for group in groups])
    residual = response - design @ np.linalg.lstsq(design, response)[0]
    return float(residual @ residual / (len(response) - design.shape[1]))
