"""How well two examiners agree: the same simulated patients examined twice on one day, with other raters' noise."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import logit

from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.outcomes import Outcomes
from cordwise.patient.parameters import PopulationParameters
from cordwise.population.fit.study_settings import study_setting
from cordwise.population.observation import Schedule, Visit, table
from cordwise.population.prediction import SimulatedSubjects, draw_subjects, simulate

_EXAMINERS = ("retest-1", "retest-2")
_NORMAL_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Agreement:
    """A published intraclass correlation of examiners: of how many subjects, how many of them with tetraplegia."""

    row: str
    score: str
    value: float
    subjects: float
    tetraplegia: float
    paraplegia: float


def published_agreements() -> tuple[Agreement, ...]:
    """Return the figures that the fit is held to."""
    return tuple(
        Agreement(
            row["row"],
            row["score"],
            *(float(row[name]) for name in ("agreement", "subjects", "tetraplegia", "paraplegia")),
        )
        for row in table("reliability_targets")
    )


@dataclass(frozen=True, slots=True)
class TwiceExamined:
    """The patients whom two examiners see on one day, whatever the parameter set."""

    subjects: SimulatedSubjects

    def residuals(
        self, parameters: PopulationParameters, counterfactual: Counterfactual
    ) -> Float[ndarray, " residual"]:
        """Return what a parameter set misses of the published agreements, in units of what may be missed.

        The scale is the log odds of an agreement: the log of how much more patients differ than examiners do, which
        few subjects tell with an SD of sqrt(2 / (subjects - 1)).
        """
        found, wanted = self.agreements(parameters, counterfactual), published_agreements()
        allowed = [
            np.hypot(study_setting("reliability_tolerance"), np.sqrt(2 / (each.subjects - 1))) for each in wanted
        ]
        return (logit(found) - logit([each.value for each in wanted])) / allowed

    def agreements(self, parameters: PopulationParameters, counterfactual: Counterfactual) -> Float[ndarray, " score"]:
        """Return the intraclass correlation of each score, in the studies' mix of tetraplegia and paraplegia."""
        outcomes = simulate(self.subjects, parameters, counterfactual).outcomes
        studies = published_agreements()
        return np.array([_agreement(_scores(outcomes, each.score), _weights(outcomes, each)) for each in studies])

    def repeatability(self, parameters: PopulationParameters, counterfactual: Counterfactual, score: str) -> float:
        """Return the difference of two examinations of AIS A that 95 % stay below (Bland and Altman)."""
        outcomes = simulate(self.subjects, parameters, counterfactual).outcomes
        found = _scores(outcomes, score)[outcomes.ais[:, 0] == AIS.A]
        return float(_NORMAL_95 * np.sqrt(np.mean((found[:, 1] - found[:, 0]) ** 2)))


def twice_examined(streams: Streams, *, count: int) -> TwiceExamined:
    """Draw the patients whom two examiners see."""
    day = study_setting("reliability_day")
    schedule = Schedule(None, tuple(Visit(name, day, day, day) for name in _EXAMINERS))
    return TwiceExamined(draw_subjects(schedule, streams, count=count))


def _scores(outcomes: Outcomes, score: str) -> Float[ndarray, "patient 2"]:
    if score == "motor":
        return (outcomes.uems + outcomes.lems).astype(float)
    return getattr(outcomes, score).astype(float)


def _weights(outcomes: Outcomes, study: Agreement) -> Float[ndarray, " patient"]:
    in_neck = outcomes.neurological_level[:, 0] <= study_setting("reliability_last_level")
    injured = outcomes.ais[:, 0] < AIS.E
    weights = np.zeros(len(in_neck))
    for number, chosen in ((study.tetraplegia, in_neck & injured), (study.paraplegia, ~in_neck & injured)):
        weights[chosen] = number / max(int(chosen.sum()), 1)
    return weights


def _agreement(scores: Float[ndarray, "patient 2"], weights: Float[ndarray, " patient"]) -> float:
    """Return the share of the variance of single examinations that the patients make."""
    mean = np.average(scores.mean(axis=1), weights=weights)
    whole = np.average(((scores - mean) ** 2).mean(axis=1), weights=weights)
    between_examiners = np.average((scores[:, 1] - scores[:, 0]) ** 2, weights=weights) / 2
    return float(1 - between_examiners / whole)
