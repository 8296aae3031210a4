"""The appraisal in plain words, every number taken from the result."""

from collections.abc import Mapping
from typing import Any

from cordwise.appraise.conventions import convention
from cordwise.appraise.expected_improvers import Expectation
from cordwise.appraise.study import Claim, Study
from cordwise.appraise.translation import Translation
from cordwise.appraise.verdict import Judgement, Verdict

SMALLEST_SHOWN = convention("smallest_shown")
UNINFORMATIVE = convention("uninformative_above")


def answer(
    study: Study,
    claim: Claim,
    expected: Expectation,
    unweighted: Expectation | None,
    judgement: Judgement,
    translation: Translation,
) -> str:
    """Return the one-paragraph answer; `unweighted` is what was expected before weighing to the study's case mix."""
    low, high = study.baseline_day
    window = f"day {low:g}" if low == high else f"days {low:g} to {high:g}"
    return " ".join(
        (
            f"Of {claim.n} people of these grades, examined on {window} and again on day {study.followup_day:g}, "
            f"{expected.mean:.1f} are expected to improve without cells (95 % interval from the parameters "
            f"{expected.low95:.1f} to {expected.high95:.1f}); in one such group the number would lie between "
            f"{expected.predictive95[0]} and {expected.predictive95[1]}.",
            *_case_mix_words(unweighted),
            f"{claim.improved} were reported: the probability of that many or more is {_chance(expected.p_at_least)}.",
            judgement.words,
            _translation_words(translation),
        )
    )


def summary(result: Mapping[str, Any]) -> str:
    """Return what a terminal shows: question, answer, the arms by grade, context of use."""
    lines = [result["study"]["name"], "", result["answer"], ""]
    for arm in result["arms"]:
        lines.append(
            f"{arm['name']}: baseline grade, people, improved, expected without cells (95 % interval of the chance)"
        )
        lines.extend(_grade_line(row) for row in arm["by_grade"])
        lines.append(
            f"  all   {arm['n']:3d}   {arm['observed_improved']:3d}        {arm['expected_improved']:4.1f} "
            f"({arm['low95']:.1f} to {arm['high95']:.1f})"
        )
        lines.extend(_case_mix_lines(arm))
    verdict = result["verdict"]
    lines += [
        "",
        f"Verdict: {verdict}." if verdict == Verdict.NOT_JUDGEABLE else f"Verdict: {verdict} natural recovery.",
    ]
    lines.append(result["numerics"]["words"])
    lines.append("Simulated patients; for research and trial planning, not for decisions about a patient's care.")
    return "\n".join(lines)


def _grade_line(row: Mapping[str, Any]) -> str:
    observed = "  ?" if row["observed_improved"] is None else f"{row['observed_improved']:3d}"
    interval = f"({row['low95']:.2f} to {row['high95']:.2f})"
    return f"  {row['grade']}     {row['n']:3d}   {observed}        {row['expected']:4.1f}  {interval}"


def _case_mix_words(unweighted: Expectation | None) -> list[str]:
    if unweighted is None:
        return []
    return [
        "The simulated patients were weighed to resemble the study's own at entry; "
        f"before that {unweighted.mean:.1f} were expected."
    ]


def _case_mix_lines(arm: Mapping[str, Any]) -> list[str]:
    """Return what the arm's number would be without the case mix, where there is one."""
    if "without_case_mix" not in arm:
        return []
    plain = arm["without_case_mix"]
    interval = f"({plain['low95']:.1f} to {plain['high95']:.1f})"
    return [f"  the same before weighing to the case mix {plain['expected_improved']:4.1f} {interval}"]


def _translation_words(found: Translation) -> str:
    """Say what the study tells of the translation; little, where its interval stays nearly as wide as the prior's."""
    interval = f"95 % interval {found.low95:.2f} to {found.high95:.2f}"
    if (found.high95 - found.low95) > UNINFORMATIVE * (found.prior_high95 - found.prior_low95):
        return (
            "About how much of the effect seen in rodents carries over to people the study says little: median "
            f"{found.median:.2f} ({interval}), against {found.prior_median:.2f} before it."
        )
    return (
        f"The share of the rodent effect that carries over has median {found.median:.2f} after this study ({interval}; "
        f"before it {found.prior_median:.2f}), if nothing but cells and natural recovery was at work."
    )


def _chance(probability: float) -> str:
    return f"below {SMALLEST_SHOWN:g}" if probability < SMALLEST_SHOWN else f"{probability:.2g}"
