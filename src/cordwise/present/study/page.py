"""The report of an appraisal: a published result against what would have happened without cells."""

from cordwise.appraisal.result import Appraisal, ArmAppraisal
from cordwise.appraisal.verdict import Verdict
from cordwise.present import numbers
from cordwise.present.html.closing import assumptions, credibility, provenance
from cordwise.present.html.page import Figure, Page, Section, figure
from cordwise.present.patient.page import patient_section
from cordwise.present.population.measures import PARTS_MEANING
from cordwise.present.study import charts
from cordwise.present.study.chance import number_improved
from cordwise.present.study.tables import (
    arms_table,
    bias_table,
    grades_table,
    parts_table,
    sources_table,
    study_table,
    translation_table,
)
from cordwise.present.study.text import answer


def appraisal_page(found: Appraisal) -> Page:
    """Return the report of an appraisal."""
    sections = (
        _chance(found),
        _recovery(found),
        _baseline_day(found),
        _bias(found),
        _translation(found),
        patient_section(found.patient),
        _study(found),
        assumptions(found),
        credibility(found, _credibility(found)),
        provenance(found),
    )
    is_unjudged = found.verdict is Verdict.NOT_JUDGEABLE
    return Page(
        f"Appraisal: {found.study.name}",
        found.question,
        (answer(found),),
        sections,
        badge=str(found.verdict) if is_unjudged else f"{found.verdict} natural recovery",
        badge_kind=found.verdict.replace(" ", "-"),
    )


def _chance(found: Appraisal) -> Section:
    """Return the number improved without cells, arm by arm, with the table by grade."""
    figures = tuple(_arm_figure(found, arm, place) for place, arm in enumerate(found.arms))
    is_divided = any(arm.parts is not None for arm in found.arms)
    parts = (parts_table(found.arms),) if is_divided else ()
    tables = (arms_table(found.arms), *parts, grades_table(found.arms))
    words = (f"Expected is the natural recovery of {found.registry}.", *((PARTS_MEANING,) if is_divided else ()))
    return Section("chance", "Could it have happened without cells?", words, figures, tables)


def _arm_figure(found: Appraisal, arm: ArmAppraisal, place: int) -> Figure:
    """Return the distribution of one arm."""
    title = charts.chance_title(found, arm)
    description = (
        f"Bars: chance of each number improved among {arm.n} simulated patients without cells. "
        f"Chance of {arm.observed_improved} or more: {numbers.probability(arm.p_at_least)}."
    )
    return figure(number_improved(arm, title=title), name=f"chance-{place}", title=title, description=description)


def _recovery(found: Appraisal) -> Section:
    """Return natural recovery over time by grade."""
    timeline = found.timeline
    last = ", ".join(f"AIS {item.grade} {numbers.share(item.share[-1])}" for item in timeline.series)
    description = f"Share improved without cells by day {numbers.number(timeline.days[-1], 0)}: {last}."
    drawn = figure(charts.recovery_chart(found), name="recovery", title=charts.RECOVERY_TITLE, description=description)
    return Section("recovery", "Natural recovery over time, by grade", figures=(drawn,))


def _baseline_day(found: Appraisal) -> Section:
    """Return what the day of the baseline examination changes."""
    heading = "Why the day of the baseline examination matters"
    if not found.baseline_day_curve:
        return Section("baseline-day", heading)
    first, last = found.baseline_day_curve[0], found.baseline_day_curve[-1]
    description = (
        f"Expected number improved of {found.arms[0].n}: {numbers.number(first.expected)} with a baseline on day "
        f"{numbers.number(first.day, 0)}, {numbers.number(last.expected)} with one on day "
        f"{numbers.number(last.day, 0)}."
    )
    drawn = figure(
        charts.baseline_day_chart(found),
        name="baseline-day",
        title=charts.BASELINE_DAY_TITLE,
        description=description,
    )
    return Section("baseline-day", heading, figures=(drawn,))


def _bias(found: Appraisal) -> Section:
    """Return how large a bias would have to be to explain the result."""
    listed = bias_table(found.bias)
    description = " ".join(" ".join(f"{cell.text}." for cell in row) for row in listed.rows)
    drawn = figure(charts.bias_chart(found), name="bias", title=charts.BIAS_TITLE, description=description)
    return Section("bias", "How large a bias would explain the result?", figures=(drawn,), tables=(listed,))


def _translation(found: Appraisal) -> Section:
    """Return what the study says about the share of the animal effect that carries over."""
    drawn = figure(
        charts.translation_chart(found),
        name="translation",
        title=charts.TRANSLATION_TITLE,
        description=charts.translation_intervals(found.translation),
    )
    heading, listed = "What the result says about the cells", translation_table(found.translation)
    return Section("translation", heading, figures=(drawn,), tables=(listed,))


def _study(found: Appraisal) -> Section:
    """Return what was published, and where it was read."""
    study = found.study
    sources = (sources_table(study.sources),) if study.sources else ()
    return Section("study", "The study and its sources", tables=(study_table(study), *sources))


def _credibility(found: Appraisal) -> list[tuple[str, str]]:
    """Return the credibility statements of an appraisal, each from what the result holds."""
    reported = {"control group": found.study.controlled, "blinded grading": found.study.blinded}
    missing = [word for word, had in reported.items() if not had]
    lacks = f" The study reports no {' and no '.join(missing)}." if missing else ""
    widest = max(arm.high95 - arm.low95 for arm in found.arms)
    differ = "how registries differ, " if any(arm.parts and arm.parts.registry for arm in found.arms) else ""
    return [
        (
            "Model influence",
            f"High: the course without cells comes from simulated patients, not from a control group.{lacks}",
        ),
        ("Decision consequence", "For planning and reading research; no decision about a patient's care rests on it."),
        (
            "Uncertainty",
            f"Intervals are those of {found.registry}: they hold what is not known of the parameters, {differ}"
            "and what the structure misses. The widest 95 % interval of an expected number is "
            f"{numbers.number(widest)} patients wide. The predictive range adds chance between groups of patients.",
        ),
        (
            "Validation",
            "This page holds no comparison with data kept out of the fit; `cordwise population cross-validate` makes "
            "one for each registry that was fitted but EMSCI, `cordwise population check` for any other.",
        ),
        ("Not judged", "Safety, function beyond the grade, and whether any single patient gained from the cells."),
    ]
