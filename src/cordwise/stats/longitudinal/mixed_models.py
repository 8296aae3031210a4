"""Linear mixed models of one data set in long form: a covariance over visits, or random effects of the subject."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int, Num
from numpy import ndarray
from scipy.special import stdtr

from cordwise.base.errors import Fault, InputError
from cordwise.stats.longitudinal.covariance_structures import Autoregressive, RandomEffects, Structure, Unstructured
from cordwise.stats.longitudinal.restricted_likelihood import RestrictedPoint, maximise_restricted, subject_groups

StructureName = Literal["unstructured", "ar1"]
Adjustment = Literal["satterthwaite", "kenward_roger", "kenward_roger_linear"]
Information = Literal["observed", "expected"]
STRUCTURES = {"unstructured": Unstructured, "ar1": Autoregressive}


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Linear functions of the coefficients, each with a t test of its own.

    Attributes
    ----------
    estimate, standard_error
        In the response's unit for one unit of the covariates.
    df
        Degrees of freedom.
    """

    estimate: Float[ndarray, " contrast"]
    standard_error: Float[ndarray, " contrast"]
    df: Float[ndarray, " contrast"]

    @property
    def p(self) -> Float[ndarray, " contrast"]:
        """Return the two-sided p values."""
        return 2 * stdtr(self.df, -np.abs(self.estimate / self.standard_error))


@dataclass(frozen=True, slots=True)
class LongitudinalFit:
    """A linear mixed model fitted by restricted maximum likelihood (REML).

    Attributes
    ----------
    point
        The maximum of the restricted likelihood with its derivatives.
    structure
        The covariance structure.
    """

    point: RestrictedPoint
    structure: Structure

    @property
    def log_likelihood(self) -> float:
        """Return the restricted log likelihood, with its constant."""
        return self.point.log_likelihood

    @property
    def coefficients(self) -> Float[ndarray, " coefficient"]:
        """Return the coefficients, in the order of the design's columns."""
        return self.point.coefficients

    def covariance(self, layout: Num[ndarray, "observation ..."]) -> Float[ndarray, "observation observation"]:
        """Return the fitted covariance of observations at some visits, or with some random-effects design."""
        return self.structure.parts(self.point.parameters, layout).value

    def contrasts(
        self,
        weights: Float[ndarray, "contrast coefficient"] | None = None,
        *,
        df: Adjustment = "satterthwaite",
        information: Information = "observed",
    ) -> Contrasts:
        """Return contrasts of the coefficients (each coefficient, if no weights are given).

        Parameters
        ----------
        weights
            One row for each contrast.
        df
            Satterthwaite's degrees of freedom; Kenward and Roger's, with their larger standard errors; or the latter
            without the second derivatives of the covariance.  The last does not depend on how the covariance is
            parametrised, the second does: see the structures.
        information
            Which information gives the covariance of the parameters: the observed one (as R's mmrm), or the expected
            one of the 1997 paper (as R's pbkrtest).

        Notes
        -----
        Source: Kenward and Roger 1997, Biometrics 53:983.
        """
        point = self.point
        rows = np.eye(len(point.coefficients)) if weights is None else weights
        doubt = np.linalg.inv(point.observed if information == "observed" else point.expected)
        reach = rows @ point.spread
        variance = (reach * rows).sum(axis=1)
        gradient = np.einsum("cp,kpq,cq->ck", reach, point.p, reach)
        degrees = 2 * variance**2 / np.einsum("ck,kl,cl->c", gradient, doubt, gradient)
        if df != "satterthwaite":
            spread = adjusted_covariance(point, doubt, second_order=df == "kenward_roger")
            variance = np.einsum("cp,pq,cq->c", rows, spread, rows)
        return Contrasts(rows @ point.coefficients, np.sqrt(variance), degrees)


def adjusted_covariance(
    point: RestrictedPoint, doubt: Float[ndarray, "parameter parameter"], *, second_order: bool
) -> Float[ndarray, "coefficient coefficient"]:
    """Return the covariance of the coefficients, enlarged for the estimation of the covariance of the responses."""
    inner = point.q - point.p[:, None] @ point.spread @ point.p[None]
    if second_order:
        inner = inner - 0.25 * point.r
    return point.spread + 2 * point.spread @ np.einsum("kl,klpq->pq", doubt, inner) @ point.spread


def fit_mmrm(
    design: Float[ndarray, "row coefficient"],
    response: Float[ndarray, " row"],
    subject: Int[ndarray, " row"],
    visit: Int[ndarray, " row"],
    *,
    structure: StructureName = "unstructured",
) -> LongitudinalFit:
    """Fit a mixed model for repeated measures to the rows that were observed.

    Parameters
    ----------
    design
        Covariates of each row.
    response
        Outcome; rows without one are left out by the caller.
    subject, visit
        Number of the subject, and of the visit counted from 0.
    structure
        Covariance of a subject's visits: any, or first-order autoregression with one variance.

    Raises
    ------
    InputError
        Values that are not finite, dependent columns of the design, or two rows of one subject and visit.
    ModelError
        A likelihood whose maximum cannot be found.

    Examples
    --------
    >>> subject, visit = np.repeat(np.arange(6), 2), np.tile([0, 1], 6)
    >>> treated, late = (subject % 2).astype(float), visit.astype(float)
    >>> design = np.column_stack([np.ones(12), late, treated, treated * late])
    >>> response = np.array([10.0, 12, 9, 14, 11, 12, 10, 16, 8, 9, 12, 15])
    >>> found = fit_mmrm(design, response, subject, visit).contrasts()
    >>> found.estimate.round(3).tolist(), found.df.round(1).tolist()
    ([9.667, 1.333, 0.667, 3.333], [4.0, 4.0, 4.0, 4.0])
    """
    _check_rows(design, response, np.stack([subject, visit], axis=1))
    order = np.lexsort((visit, subject))
    groups = subject_groups(design[order], response[order], subject[order], visit[order])
    chosen = STRUCTURES[structure](int(visit.max()) + 1)
    return LongitudinalFit(maximise_restricted(groups, chosen), chosen)


def fit_random_effects(
    design: Float[ndarray, "row coefficient"],
    response: Float[ndarray, " row"],
    subject: Int[ndarray, " row"],
    random: Float[ndarray, "row effect"],
) -> LongitudinalFit:
    """Fit a linear mixed model with correlated random effects of the subject, such as an intercept and a slope.

    Parameters
    ----------
    design
        Covariates of each row.
    response
        Outcome; rows without one are left out by the caller.
    subject
        Number of the subject.
    random
        Covariates of the random effects: a column of ones for an intercept, and the time for a slope.

    Raises
    ------
    InputError
        Values that are not finite, or columns of the design that are not independent.
    ModelError
        A likelihood whose maximum cannot be found.

    Notes
    -----
    Agrees with R's `lme4::lmer` and `pbkrtest`.
    """
    _check_rows(design, response, np.column_stack([subject, np.arange(len(subject))]))
    chosen = RandomEffects(random.shape[1])
    return LongitudinalFit(maximise_restricted(subject_groups(design, response, subject, random), chosen), chosen)


def _check_rows(
    design: Float[ndarray, "row coefficient"], response: Float[ndarray, " row"], keys: Int[ndarray, "row key"]
) -> None:
    """Raise every fault of a long table."""
    faults = []
    if not (np.isfinite(response).all() and np.isfinite(design).all()):
        faults.append(Fault("rows", "finite responses and covariates", "others", "Leave out rows not observed."))
    elif np.linalg.matrix_rank(design) < design.shape[1]:
        faults.append(Fault("design", f"{design.shape[1]} independent columns", f"{np.linalg.matrix_rank(design)}"))
    if len(np.unique(keys, axis=0)) < len(keys):
        faults.append(Fault("rows", "one row for each subject and visit", "several"))
    if faults:
        raise InputError(faults)
