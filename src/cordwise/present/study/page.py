"""The report of an appraisal: a published result against what would have happened without cells."""

from collections.abc import Mapping
from typing import Any

from cordwise.present import numbers
from cordwise.present.html.closing import assumptions, credibility, provenance
from cordwise.present.html.page import Figure, Page, Section, figure
from cordwise.present.patient.page import patient_section
from cordwise.present.study.baseline_day import expected_by_baseline_day
from cordwise.present.study.bias import tipping_points
from cordwise.present.study.chance import finding, number_improved
from cordwise.present.study.recovery import natural_recovery
from cordwise.present.study.tables import (
    arms_table,
    bias_table,
    grades_table,
    sources_table,
    study_table,
    translation_table,
)
from cordwise.present.study.translation import prior_and_posterior

Result = Mapping[str, Any]


def appraisal_page(result: Result) -> Page:
    """Return the report of an appraisal."""
    sections = (
        _chance(result),
        _recovery(result),
        _baseline_day(result),
        _bias(result),
        _translation(result),
        patient_section(result.get("patient")),
        _study(result),
        assumptions(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    verdict = result["verdict"]
    answer = [result["answer"]]
    if result["verdict_words"] not in result["answer"]:
        answer.append(result["verdict_words"])
    return Page(
        f"Appraisal: {result['study']['name']}",
        result["question"],
        tuple(answer),
        sections,
        badge="not judgeable" if verdict == "not judgeable" else f"{verdict} natural recovery",
        badge_kind=verdict.replace(" ", "-"),
    )


def _chance(result: Result) -> Section:
    """Return the number improved without cells, arm by arm, with the table by grade."""
    figures = tuple(_arm_figure(arm, place, len(result["arms"])) for place, arm in enumerate(result["arms"]))
    tables = (arms_table(result["arms"]), grades_table(result["arms"]))
    return Section("chance", "Could it have happened without cells?", figures=figures, tables=tables)


def _arm_figure(arm: dict[str, Any], place: int, arms: int) -> Figure:
    """Return the distribution of one arm; its name is in the title where there are several."""
    title = f"{arm['name']}: {finding(arm)}" if arms > 1 else finding(arm)
    description = (
        f"Bars: chance of each number improved among {arm['n']} simulated patients without cells. "
        f"Chance of {arm['observed_improved']} or more: {numbers.probability(arm['p_at_least'])}."
    )
    return figure(number_improved(arm, title=title), name=f"chance-{place}", title=title, description=description)


def _recovery(result: Result) -> Section:
    """Return natural recovery over time by grade."""
    heading = "Natural recovery over time, by grade"
    timeline = result.get("timeline")
    if not timeline or not timeline["series"]:
        return Section("recovery", heading)
    title = "How many improve without cells, by grade at baseline?"
    last = ", ".join(f"AIS {item['grade']} {numbers.share(item['share'][-1])}" for item in timeline["series"])
    description = f"Share improved without cells by day {numbers.number(timeline['days'][-1], 0)}: {last}."
    drawn = figure(natural_recovery(timeline, title=title), name="recovery", title=title, description=description)
    return Section("recovery", heading, figures=(drawn,))


def _baseline_day(result: Result) -> Section:
    """Return what the day of the baseline examination changes."""
    heading = "Why the day of the baseline examination matters"
    curve = result.get("baseline_day_curve")
    if not curve:
        return Section("baseline-day", heading)
    arm, window = result["arms"][0], result["study"]["baseline_day"]
    title = "The later the baseline examination, the less recovery is still to come"
    first, last = curve[0], curve[-1]
    description = (
        f"Expected number improved of {arm['n']}: {numbers.number(first['expected'])} with a baseline on day "
        f"{numbers.number(first['day'], 0)}, {numbers.number(last['expected'])} with one on day "
        f"{numbers.number(last['day'], 0)}."
    )
    spec = expected_by_baseline_day(curve, arm, window, title=title)
    drawn = figure(spec, name="baseline-day", title=title, description=description)
    return Section("baseline-day", heading, figures=(drawn,))


def _bias(result: Result) -> Section:
    """Return how large a bias would have to be to explain the result."""
    heading = "How large a bias would explain the result?"
    bias = result.get("bias")
    if not bias:
        return Section("bias", heading)
    title = "How much misgrading, or how much selection, would give the observed number?"
    listed = bias_table(bias)
    description = " ".join(" ".join(f"{cell.text}." for cell in row) for row in listed.rows)
    drawn = figure(
        tipping_points(bias, result["arms"][0], title=title), name="bias", title=title, description=description
    )
    return Section("bias", heading, figures=(drawn,), tables=(listed,))


def _translation(result: Result) -> Section:
    """Return what the study says about the share of the animal effect that carries over."""
    heading = "What the result says about the cells"
    found = result.get("translation")
    if not found or not found["density"]:
        return Section("translation", heading)
    title = "How much of the animal effect carries over, before and after this study?"
    before = found["prior"]
    words = (
        f"Median {numbers.interval(before['median'], before['low95'], before['high95'], 2)} before, "
        f"{numbers.interval(found['median'], found['low95'], found['high95'], 2)} after (95 % intervals)."
    )
    spec = prior_and_posterior(found, title=title, subtitle=words)
    drawn = figure(spec, name="translation", title=title, description=words)
    return Section("translation", heading, figures=(drawn,), tables=(translation_table(found),))


def _study(result: Result) -> Section:
    """Return what was published, and where it was read."""
    study = result["study"]
    tables = [study_table(study)]
    if study.get("sources"):
        tables.append(sources_table(study["sources"]))
    return Section("study", "The study and its sources", words=tuple(study.get("notes") or ()), tables=tuple(tables))


def _credibility(result: Result) -> list[tuple[str, str]]:
    """Return the credibility statements of an appraisal, each from what the result holds."""
    study = result["study"]
    missing = [
        word for word, had in (("control group", "controlled"), ("blinded grading", "blinded")) if not study.get(had)
    ]
    lacks = f" The study reports no {' and no '.join(missing)}." if missing else ""
    widest = max((arm["high95"] - arm["low95"] for arm in result["arms"]), default=0.0)
    return [
        (
            "Model influence",
            f"High: the course without cells comes from simulated patients, not from a control group.{lacks}",
        ),
        ("Decision consequence", "For planning and reading research; no decision about a patient's care rests on it."),
        (
            "Uncertainty",
            "Intervals hold the spread of the fitted parameters; the widest 95 % interval of an expected number is "
            f"{numbers.number(widest)} patients. The predictive range adds chance between groups of patients.",
        ),
        (
            "Validation",
            "This page holds no comparison with data kept out of the fit; "
            "`cordwise population check` makes one for any registry's figures.",
        ),
        ("Not judged", "Safety, function beyond the grade, and whether any single patient gained from the cells."),
    ]
