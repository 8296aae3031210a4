"""An appraisal in plain words, every number taken from the result."""

from cordwise.appraisal.conventions import convention
from cordwise.appraisal.result import Appraisal, ArmAppraisal, GradeAppraisal, UnweightedExpectation
from cordwise.appraisal.translation import Translation
from cordwise.appraisal.verdict import Verdict
from cordwise.population.intervals import Parts
from cordwise.present.population.measures import PARTS, parts_of

SMALLEST_SHOWN = convention("smallest_shown")
UNINFORMATIVE = convention("uninformative_above")
_CLOSING = "Simulated patients; for research and trial planning, not for decisions about a patient's care."


def answer(found: Appraisal) -> str:
    """Return the one-paragraph answer, about the first arm."""
    arm, study = found.arms[0], found.study
    low, high = study.baseline_day
    window = f"day {low:g}" if low == high else f"days {low:g} to {high:g}"
    twice, by_both = ("twice ", " by the grades of both examinations") if study.confirmed else ("", "")
    return " ".join(
        (
            f"Of {arm.n} people of these grades, examined {twice}on {window} and again {twice}on day "
            f"{study.followup_day:g}, {arm.expected_improved:.1f} are expected to improve without cells"
            f"{by_both} (95 % interval {arm.low95:.1f} to {arm.high95:.1f} in {found.registry}); "
            f"in one such group the number would lie between "
            f"{arm.predictive_low95} and {arm.predictive_high95}.",
            *_case_mix_words(arm.without_case_mix),
            f"{arm.observed_improved} were reported: the probability of that many or more is "
            f"{_chance(arm.p_at_least)}.",
            arm.verdict_words,
            _translation_words(found.translation),
        )
    )


def appraisal_text(found: Appraisal) -> str:
    """Return what the command prints: name, answer, the arms by grade, verdict, context of use."""
    lines = [found.study.name, "", answer(found), ""]
    for arm in found.arms:
        lines += _arm_lines(arm)
    if found.case_mix is not None:
        lines += found.case_mix.lines()
    verdict = str(found.verdict) if found.verdict is Verdict.NOT_JUDGEABLE else f"{found.verdict} natural recovery"
    return "\n".join([*lines, "", f"Verdict: {verdict}.", found.numerics.words, _CLOSING])


def _arm_lines(arm: ArmAppraisal) -> list[str]:
    """Return an arm by grade and in all, and what was expected before weighing where there is a case mix."""
    lines = [
        f"{arm.name}: baseline grade, people, improved, expected without cells (95 % interval of the chance)",
        *(_grade_line(row) for row in arm.by_grade),
        f"  all   {arm.n:3d}   {arm.observed_improved:3d}        {arm.expected_improved:4.1f} "
        f"({arm.low95:.1f} to {arm.high95:.1f})",
    ]
    if plain := arm.without_case_mix:
        interval = f"({plain.low95:.1f} to {plain.high95:.1f})"
        lines.append(f"  the same before weighing to the case mix {plain.expected_improved:4.1f} {interval}")
    if arm.parts is not None:
        lines.append(f"  uncertainty of the number in one such group, SDs in people: {_parts_words(arm.parts)}")
    return lines


def _parts_words(parts: Parts) -> str:
    return ", ".join(f"{name} {value:.1f}" for name, value in zip(PARTS, parts_of(parts), strict=True))


def _grade_line(row: GradeAppraisal) -> str:
    observed = "  ?" if row.observed_improved is None else f"{row.observed_improved:3d}"
    interval = f"({row.low95:.2f} to {row.high95:.2f})"
    return f"  {row.grade}     {row.n:3d}   {observed}        {row.expected:4.1f}  {interval}"


def _case_mix_words(plain: UnweightedExpectation | None) -> list[str]:
    if plain is None:
        return []
    return [
        "The simulated patients were weighed to resemble the study's own at entry; "
        f"before that {plain.expected_improved:.1f} were expected."
    ]


def _translation_words(found: Translation) -> str:
    """Say what the study tells of the translation; little, where its interval stays nearly as wide as the prior's."""
    interval, prior = f"95 % interval {found.low95:.2f} to {found.high95:.2f}", found.prior
    if (found.high95 - found.low95) > UNINFORMATIVE * (prior.high95 - prior.low95):
        return (
            "About how much of the effect seen in rodents carries over to people the study says little: median "
            f"{found.median:.2f} ({interval}), against {prior.median:.2f} before it."
        )
    return (
        f"The share of the rodent effect that carries over has median {found.median:.2f} after this study ({interval}; "
        f"before it {prior.median:.2f}), if nothing but cells and natural recovery was at work."
    )


def _chance(probability: float) -> str:
    return f"below {SMALLEST_SHOWN:g}" if probability < SMALLEST_SHOWN else f"{probability:.2g}"
