"""One study, appraised: the steps of the ladder in order, and the result that every report is made from."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.appraise.assumptions import assumptions, sources
from cordwise.appraise.bias import BiasTippingPoint, misgrading_needed, selection_needed
from cordwise.appraise.carried_over import regimen_of, translation_of
from cordwise.appraise.comparator import BASELINE_GRID, FULL, Comparator, comparator, expected_by_baseline_day
from cordwise.appraise.example_patient import SHOWN_TRANSLATION, example_patient
from cordwise.appraise.expected_improvers import INTERVAL, Expectation, expectation
from cordwise.appraise.study import Claim, Study
from cordwise.appraise.translation import Translation
from cordwise.appraise.verdict import Judgement, judge
from cordwise.appraise.words import answer
from cordwise.base.codec import to_plain
from cordwise.base.progress import progress
from cordwise.base.randomness import Streams
from cordwise.cord.self_check import numerics, population_step_errors
from cordwise.patient.file_types import Grade
from cordwise.population.natural_recovery import Effort
from cordwise.population.posterior import load_posterior

_STEPS = 4


def appraise_study(study: Study, *, seed: int, quiet: bool = False, effort: Effort = FULL) -> dict[str, Any]:
    """Compare what a study reports with what its patients would have done without cells.

    Parameters
    ----------
    study
        A checked study.
    seed
        Seed of the random streams: the same seed and versions give the same result.
    quiet
        No progress.
    effort
        Parameter sets, and simulated patients for each.

    Returns
    -------
    dict
        The result as plain JSON values; its keys are those of the appraisal in the design.
    """
    posterior, streams = load_posterior(), Streams(seed)
    with progress("appraising", _STEPS, quiet=quiet) as advance:
        matched = comparator(study, posterior, streams, effort=effort)
        advance(1)
        sizes, lighter = _sizes(study.claims[0], matched.grades), effort.times(0.25, 0.375)
        by_day = expected_by_baseline_day(study, sizes, posterior, streams, effort=lighter)
        advance(1)
        cells = effort.times(0.375, 0.75)
        translation = translation_of(study, matched.grades, posterior, streams, effort=cells)
        advance(1)
        patient = example_patient(study, posterior, streams)
        advance(1)
    arms = [ArmAppraisal(study, claim, matched) for claim in study.claims]
    first = arms[0]
    result = {
        "kind": "appraisal",
        "question": study.question,
        "answer": answer(study, first.claim, first.expected, first.unweighted, first.judgement, translation),
        "verdict": str(first.judgement.verdict),
        "verdict_words": first.judgement.words,
        "study": _study_json(study),
        "arms": [arm.as_json() for arm in arms],
        "timeline": _timeline_json(study, first.claim, matched),
        "baseline_day_curve": _baseline_curve_json(by_day),
        "bias": {
            "misgrading": _bias_json(first.misgrading, "rate"),
            "selection": _bias_json(first.selection, "odds_ratio"),
        },
        "translation": _translation_json(translation),
        "numerics": to_plain(numerics(population_step_errors([None, regimen_of(study, SHOWN_TRANSLATION)]))),
        "patient": patient,
        "assumptions": assumptions(study, matched, effort),
        **({"case_mix": matched.improvement.match.as_json()} if matched.improvement.match else {}),
    }
    return _rounded(result)


class ArmAppraisal:
    """One arm through the rungs of the ladder."""

    def __init__(self, study: Study, claim: Claim, matched: Comparator) -> None:
        chances = matched.at_followup
        self.claim = claim
        self.grades = matched.grades
        self.expected: Expectation = expectation(claim, matched.grades, chances)
        self.unweighted: Expectation | None = None
        if matched.unweighted:
            self.unweighted = expectation(claim, matched.grades, matched.unweighted.probability[:, :, -1])
        self.misgrading = misgrading_needed(claim, matched.grades, chances)
        self.selection = selection_needed(claim, matched.grades, chances)
        self.judgement: Judgement = judge(study, claim, self.expected, self.misgrading, self.selection)

    def as_json(self) -> dict[str, Any]:
        """Return the arm as the contract names it."""
        expected = self.expected
        return {
            "name": self.claim.name,
            "n": self.claim.n,
            "observed_improved": self.claim.improved,
            "expected_improved": expected.mean,
            "low95": expected.low95,
            "high95": expected.high95,
            **({"without_case_mix": _expected_json(self.unweighted)} if self.unweighted else {}),
            "p_at_least": expected.p_at_least,
            "p_at_least_high95": expected.p_at_least_high95,
            "predictive_low95": expected.predictive95[0],
            "predictive_high95": expected.predictive95[1],
            "by_grade": [self._grade_json(grade) for grade in self.grades if self.claim.baseline.get(grade)],
            "distribution": expected.distribution.tolist(),
            "verdict": str(self.judgement.verdict),
            "verdict_words": self.judgement.words,
        }

    def _grade_json(self, grade: Grade) -> dict[str, Any]:
        mean, low, high = self.expected.by_grade[grade]
        n = self.claim.baseline[grade]
        improved = self.claim.improved_by_grade
        return {
            "grade": grade,
            "n": n,
            "observed_improved": improved.get(grade, 0) if improved is not None else None,
            "probability": mean,
            "low95": low,
            "high95": high,
            "expected": n * mean,
        }


def _expected_json(expected: Expectation) -> dict[str, float]:
    return {
        "expected_improved": expected.mean,
        "low95": expected.low95,
        "high95": expected.high95,
        "p_at_least": expected.p_at_least,
    }


def _sizes(claim: Claim, grades: tuple[Grade, ...]) -> Float[ndarray, " grade"]:
    return np.array([claim.baseline.get(grade, 0) for grade in grades], float)


def _study_json(study: Study) -> dict[str, Any]:
    return {
        "name": study.name,
        "product": study.product,
        "route": str(study.route),
        "dose_cells": list(study.dose_cells),
        "dose_day": list(study.dose_day),
        "baseline_day": list(study.baseline_day),
        "followup_day": study.followup_day,
        "levels": study.levels,
        "improved_grades": study.improved_grades,
        "controlled": study.controlled,
        "blinded": study.blinded,
        "sources": sources(study),
    }


def _timeline_json(study: Study, claim: Claim, matched: Comparator) -> dict[str, Any]:
    shares = matched.improvement.probability
    low, high = np.quantile(shares, INTERVAL, axis=0)
    mean = shares.mean(axis=0)
    series = [
        {"grade": grade, "share": mean[row].tolist(), "low95": low[row].tolist(), "high95": high[row].tolist()}
        for row, grade in enumerate(matched.grades)
    ]
    return {"days": list(matched.days), "series": series, "observed": _observed_json(study, claim)}


def _observed_json(study: Study, claim: Claim) -> list[dict[str, Any]]:
    return [
        {"grade": grade, "day": study.followup_day, "share": improved / n, "n": n, "improved": improved}
        for grade, n in claim.baseline.items()
        if n and claim.improved_by_grade is not None
        for improved in (claim.improved_by_grade.get(grade, 0),)
    ]


def _baseline_curve_json(by_day: Float[ndarray, "baseline draw"]) -> list[dict[str, float]]:
    low, high = np.quantile(by_day, INTERVAL, axis=1)
    rows = zip(BASELINE_GRID, by_day.mean(axis=1), low, high, strict=False)
    return [{"day": day, "expected": mean, "low95": least, "high95": most} for day, mean, least, most in rows]


def _bias_json(point: BiasTippingPoint, name: str) -> dict[str, Any]:
    rows = zip(point.sizes, point.expected, point.p_at_least, strict=True)
    curve = [{name: size, "expected": expected, "p_at_least": chance} for size, expected, chance in rows]
    return {"explains_at": point.explains_at, "matches_at": point.matches_at, "curve": curve}


def _translation_json(found: Translation) -> dict[str, Any]:
    rows = zip(found.grid, found.prior, found.posterior, strict=True)
    return {
        "median": found.median,
        "low95": found.low95,
        "high95": found.high95,
        "prior": {"median": found.prior_median, "low95": found.prior_low95, "high95": found.prior_high95},
        "density": [{"translation": at, "prior": prior, "posterior": posterior} for at, prior, posterior in rows],
    }


def _rounded(value: Any) -> Any:  # noqa: ANN401
    """Return plain JSON values with eight significant digits, so that a last bit of arithmetic is not a difference."""
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    if isinstance(value, float | np.floating):
        return float(f"{value:.8g}")
    return value
