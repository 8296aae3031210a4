"""The verdict in plain words: within, above, or not judgeable from what was published."""

from dataclasses import dataclass
from enum import StrEnum

from cordwise.appraisal.bias import SURPRISING_BELOW, TippingPoints
from cordwise.appraisal.expected_improvers import Expectation
from cordwise.appraisal.study import Claim, Study


class Verdict(StrEnum):
    """How a published number stands to natural recovery; never a proof of anything."""

    WITHIN = "within"
    ABOVE = "above"
    NOT_JUDGEABLE = "not judgeable"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the sentence that explains it."""

    verdict: Verdict
    words: str


def judge(study: Study, claim: Claim, expected: Expectation, needed: TippingPoints) -> Judgement:
    """Return the verdict on one arm.

    The number is *not judgeable* when even everybody improving would not be surprising: then the study is too small,
    or its patients too likely to recover, for any result to count.
    """
    ceiling = float(expected.distribution[-1])
    if ceiling >= SURPRISING_BELOW:
        return Judgement(
            Verdict.NOT_JUDGEABLE,
            f"Even if all {claim.n} had improved, that would happen without cells with probability {ceiling:.2f}: "
            "a result of this size cannot be told from natural recovery.",
        )
    if expected.p_at_least >= SURPRISING_BELOW:
        return Judgement(
            Verdict.WITHIN,
            f"{claim.improved} of {claim.n} is consistent with natural recovery: as many or more improve without cells "
            f"with probability {expected.p_at_least:.2f}.",
        )
    return Judgement(
        Verdict.ABOVE,
        f"{claim.improved} of {claim.n} is more than natural recovery alone is expected to give. "
        f"{_bias_words(needed)}"
        f"{_control_words(study)}",
    )


def _bias_words(needed: TippingPoints) -> str:
    parts, misgrading, selection = [], needed.misgrading, needed.selection
    if misgrading.explains_at is not None:
        parts.append(f"grading up {100 * misgrading.explains_at:.0f} % of those who did not improve")
    if selection.explains_at is not None:
        parts.append(f"enrolling or reporting people with {selection.explains_at:.1f} times the odds to recover")
    if not parts:
        return "Neither misgrading nor selection alone, however large, would make it unsurprising. "
    return f"It would no longer be surprising after {', or after '.join(parts)}. "


def _control_words(study: Study) -> str:
    present = {"control group": study.controlled, "blinded grading": study.blinded}
    missing = [word for word, had in present.items() if not had]
    return f"The study had no {' and no '.join(missing)}, so cells and bias cannot be told apart." if missing else ""
