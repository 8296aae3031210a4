"""What an analysis sees: many simulated trials at once, one treated arm against the control."""

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float, Int, Num
from numpy import ndarray
from numpy.typing import ArrayLike

from cordwise.stats.two_arm.estimates import Estimates


@dataclass(frozen=True, slots=True)
class Visits:
    """The endpoint's score at every visit after baseline, up to the endpoint's own; the last visit is the endpoint."""

    outcome: Float[ndarray, "replicate patient visit"]
    observed: Bool[ndarray, "replicate patient visit"]


@dataclass(frozen=True, slots=True)
class OrderedItems:
    """Items of a patient in a fixed order, such as segments of a limb, each scored 0 to 5 before and after.

    Attributes
    ----------
    baseline, outcome
        Scores at baseline and at the endpoint's visit.  A patient has one sequence of items or several (axis `side`, as
        of the body); items are neighbours in the order of the axis `item`.
    """

    baseline: Int[ndarray, "replicate patient side item"]
    outcome: Int[ndarray, "replicate patient side item"]


@dataclass(frozen=True, slots=True)
class Trials:
    """A batch of simulated trials, patients in order of entry.

    Every array has a row for each replicate and a column for each patient.  Values of patients who are not `analysed`
    are finite but mean nothing.

    Attributes
    ----------
    treated
        Whether the patient is in the treated arm.
    analysed
        Whether the analysis uses the patient: enrolled by now, in one of the two arms, with what the analysis needs.
    outcome
        The endpoint: 0 or 1, a category counted from 0 (higher is better), or a score.
    baseline
        The covariate: the same measure at baseline.
    stratum
        Stratum of the randomisation, counted from 0.
    visits
        The endpoint's score over time, for analyses of repeated measures and for imputation.
    components
        The components of a hierarchical composite, the most important first; higher is better.
    items
        The ordered items behind a sum score, for the transitional analysis.
    """

    treated: Bool[ndarray, "replicate patient"]
    analysed: Bool[ndarray, "replicate patient"]
    outcome: Float[ndarray, "replicate patient"]
    baseline: Float[ndarray, "replicate patient"]
    stratum: Int[ndarray, "replicate patient"]
    visits: Visits | None = None
    components: Num[ndarray, "replicate patient component"] | None = None
    items: OrderedItems | None = None

    @classmethod
    def from_arms(cls, control: ArrayLike, treated: ArrayLike) -> "Trials":
        """Return trials of the outcomes of two arms: one trial, or one for each row.

        Examples
        --------
        >>> trials = Trials.from_arms(control=[3, 5, 4, 6], treated=[6, 7, 5, 9])
        >>> trials.outcome.shape
        (1, 8)
        """
        arms = [np.atleast_2d(np.asarray(arm, np.float64)) for arm in (control, treated)]
        outcome = np.concatenate(arms, axis=1)
        is_treated = np.broadcast_to(np.arange(outcome.shape[1]) >= arms[0].shape[1], outcome.shape)
        stratum = np.zeros(outcome.shape, np.int64)
        return cls(is_treated, np.ones(outcome.shape, bool), outcome, np.zeros_like(outcome), stratum)

    def of_first(self, patients: int) -> "Trials":
        """Return the trials as they stand when only the first so many patients have been followed."""
        return replace(self, analysed=self.analysed & (np.arange(self.analysed.shape[1]) < patients))


@runtime_checkable  # so that the annotation can be checked at run time
class Analysis(Protocol):
    """An analysis of a batch of trials: one estimate, interval and two-sided p value for each replicate."""

    def __call__(self, trials: Trials, *, alpha: float) -> Estimates:
        """Analyse every replicate; `alpha` is two-sided and sets the intervals."""
        ...
