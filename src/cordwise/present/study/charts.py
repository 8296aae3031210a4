"""The charts of an appraisal, each with its title."""

from cordwise.appraisal.result import Appraisal, ArmAppraisal
from cordwise.appraisal.translation import Translation
from cordwise.present import numbers
from cordwise.present.charts.theme import Spec
from cordwise.present.study.baseline_day import expected_by_baseline_day
from cordwise.present.study.bias import tipping_curves
from cordwise.present.study.chance import finding, number_improved
from cordwise.present.study.recovery import natural_recovery
from cordwise.present.study.translation import prior_and_posterior

RECOVERY_TITLE = "How many improve without cells, by grade at baseline?"
BASELINE_DAY_TITLE = "The later the baseline examination, the less recovery is still to come"
BIAS_TITLE = "How much misgrading, or how much selection, would give the observed number?"
TRANSLATION_TITLE = "How much of the animal effect carries over, before and after this study?"


def chance_title(found: Appraisal, arm: ArmAppraisal) -> str:
    """Return what was seen beside what was expected; the arm's name opens it where there are several."""
    return f"{arm.name}: {finding(arm)}" if len(found.arms) > 1 else finding(arm)


def chance_chart(found: Appraisal) -> Spec:
    """Return the distribution of the number improved without cells in the first arm."""
    return number_improved(found.arms[0], title=chance_title(found, found.arms[0]))


def recovery_chart(found: Appraisal) -> Spec:
    """Return natural recovery over time by grade, beside what was seen."""
    return natural_recovery(found.timeline, title=RECOVERY_TITLE)


def baseline_day_chart(found: Appraisal) -> Spec:
    """Return the number expected to improve against the day of the baseline examination."""
    window = found.study.baseline_day
    return expected_by_baseline_day(found.baseline_day_curve, found.arms[0], window, title=BASELINE_DAY_TITLE)


def bias_chart(found: Appraisal) -> Spec:
    """Return the number expected to improve against the size of each bias."""
    return tipping_curves(found.bias, found.arms[0], title=BIAS_TITLE)


def translation_chart(found: Appraisal) -> Spec:
    """Return the share of the animal effect that carries over, before and after the study."""
    subtitle = translation_intervals(found.translation)
    return prior_and_posterior(found.translation, title=TRANSLATION_TITLE, subtitle=subtitle)


def translation_intervals(found: Translation) -> str:
    """Return the medians and intervals before and after the study."""
    before = found.prior
    return (
        f"Median {numbers.interval(before.median, before.low95, before.high95, 2)} before, "
        f"{numbers.interval(found.median, found.low95, found.high95, 2)} after (95 % intervals)."
    )
