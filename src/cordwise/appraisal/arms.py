"""One arm of a study against natural recovery: expected improvers, tail probability, tipping points, verdict."""

from cordwise.appraisal.bias import TippingPoints, tipping_points
from cordwise.appraisal.comparator import Comparator
from cordwise.appraisal.expected_improvers import Expectation, expectation
from cordwise.appraisal.result import ArmAppraisal, GradeAppraisal, UnweightedExpectation
from cordwise.appraisal.study import Claim, Study
from cordwise.appraisal.verdict import judge
from cordwise.patient.file_types import Grade


def appraise_arm(study: Study, claim: Claim, matched: Comparator) -> tuple[ArmAppraisal, TippingPoints]:
    """Return an arm's appraisal, and the biases that would explain its number."""
    grades, chances = matched.grades, matched.at_followup
    expected, needed = expectation(claim, grades, chances), tipping_points(claim, grades, chances)
    judgement = judge(study, claim, expected, needed)
    low, high = expected.predictive95
    return ArmAppraisal(
        name=claim.name,
        n=claim.n,
        observed_improved=claim.improved,
        expected_improved=expected.mean,
        low95=expected.low95,
        high95=expected.high95,
        parts=matched.parts_of([claim.baseline.get(grade, 0) for grade in grades]),
        without_case_mix=_unweighted(claim, matched),
        p_at_least=expected.p_at_least,
        p_at_most=expected.p_at_most,
        p_at_least_high95=expected.p_at_least_high95,
        predictive_low95=low,
        predictive_high95=high,
        by_grade=tuple(_of_grade(claim, grade, expected) for grade in grades if claim.baseline.get(grade)),
        distribution=tuple(expected.distribution.tolist()),
        verdict=judgement.verdict,
        verdict_words=judgement.words,
    ), needed


def _unweighted(claim: Claim, matched: Comparator) -> UnweightedExpectation | None:
    """Return what was expected before weighing to the study's case mix, None where there is no case mix."""
    if matched.unweighted is None:
        return None
    chances = matched.with_structure(matched.unweighted.probability[:, :, -1])
    found = expectation(claim, matched.grades, chances)
    return UnweightedExpectation(
        expected_improved=found.mean, low95=found.low95, high95=found.high95, p_at_least=found.p_at_least
    )


def _of_grade(claim: Claim, grade: Grade, expected: Expectation) -> GradeAppraisal:
    mean, low, high = expected.by_grade[grade]
    n, improved = claim.baseline[grade], claim.improved_by_grade
    return GradeAppraisal(
        grade=grade,
        n=n,
        observed_improved=improved.get(grade, 0) if improved is not None else None,
        probability=mean,
        low95=low,
        high95=high,
        expected=n * mean,
    )
