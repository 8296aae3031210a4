"""The reports of classified examinations: a batch with its tally, and one examination with every reason."""

from collections import Counter

import altair as alt

from cordwise.isncsci.classified_batch import Classification
from cordwise.isncsci.explanation.result import Explanation
from cordwise.present.charts.theme import PAGE_WIDTH, WITH, Spec, data, heading, themed
from cordwise.present.exam.text import RESEARCH_ONLY
from cordwise.present.html.page import Page, Section, Table, figure, table

_CONCLUSIONS = {
    "sensory_right": "sensory right",
    "sensory_left": "sensory left",
    "motor_right": "motor right",
    "motor_left": "motor left",
    "nli": "NLI",
    "complete": "complete",
    "ais": "AIS",
}
_MOST_SHOWN = 200  # rows of a page; a batch may have a million


def classification_page(result: Classification) -> Page:
    """Return the report of a batch: how many of each grade, the first examinations, and what was refused and why."""
    grades = ", ".join(f"{count} {name}" for name, count in grade_counts(result))
    answer = (
        f"{len(result) - result.refused} of {len(result)} examinations were classified, {result.refused} refused.",
        f"AIS: {grades or 'none'}.",
        RESEARCH_ONLY,
    )
    drawn = figure(
        grades_chart(result),
        name="grades",
        title="AIS grades of the batch",
        description=f"Number of examinations of each grade: {grades or 'none'}.",
    )
    sections = (
        Section("grades", "Grades", figures=(drawn,)),
        Section("examinations", "Examinations", (_shown(len(result) - result.refused),), tables=(_classified(result),)),
        Section("refused", "Refused", (_shown(result.refused),), tables=(_refused(result),)),
    )
    return Page("Classified examinations", "What do these ISNCSCI examinations say?", answer, sections)


def grade_counts(result: Classification) -> list[tuple[str, int]]:
    """Return each grade, or set of grades that stays possible, with its number of examinations."""
    found = Counter(grade.replace(",", " or ") for grade in result.table["ais"].to_list() if grade is not None)
    return sorted(found.items())


def grades_chart(result: Classification) -> Spec:
    """Return the number of examinations of each grade as bars."""
    rows = [{"grade": grade, "examinations": count} for grade, count in grade_counts(result)]
    title = heading("AIS grades of the batch", "Several letters: all that the open scores leave possible.")
    bars = alt.Chart(data(rows)).mark_bar(color=WITH)
    drawn = bars.encode(
        x=alt.X("examinations:Q", title="examinations", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("grade:N", title="AIS", sort="ascending"),
    )
    return themed(drawn.properties(width=PAGE_WIDTH - 160, title=title))


def explanation_page(result: Explanation) -> Page:
    """Return the report of one examination: its conclusions, and every step with its reason."""
    values = result.exam.values
    answer = (
        f"AIS {values['ais'].replace(',', ' or ')}, neurological level {values['nli'].replace(',', ' or ')}.",
        *result.warnings,
        RESEARCH_ONLY,
    )
    rows = [[step.output.replace("_", " "), step.value.replace("_", "-"), step.words] for step in result.steps]
    totals = [[name.replace("_", " "), value] for name, value in result.exam.totals.items()]
    sections = (
        Section(
            "steps",
            "Every step and its reason",
            tables=(
                table("The steps of the standard, in order.", {"step": False, "value": False, "why": False}, rows),
            ),
        ),
        Section("totals", "Totals", tables=(table("Sums of the scores.", {"total": False, "points": True}, totals),)),
    )
    return Page(f"Examination {result.exam.id}", "Why is this examination classified as it is?", answer, sections)


def _shown(count: int) -> str:
    return f"The first {_MOST_SHOWN} of {count}; the table of the run has all." if count > _MOST_SHOWN else f"{count}."


def _classified(result: Classification) -> Table:
    rows = [
        [str(name), *(row[key].replace("_", "-") + ("*" if key in row["tagged"] else "") for key in _CONCLUSIONS)]
        for name, row in zip(result.ids, result.table.iter_rows(named=True), strict=True)
        if row["errors"] is None
    ]
    headings = {"examination": False, **dict.fromkeys(_CONCLUSIONS.values(), False)}
    return table("An asterisk: the value rests on what is assumed for tagged scores.", headings, rows[:_MOST_SHOWN])


def _refused(result: Classification) -> Table:
    rows = [
        [str(name), fault["where"], fault["expected"], fault["got"]]
        for name, row in zip(result.ids, result.table.iter_rows(named=True), strict=True)
        for fault in row["errors"] or ()
    ]
    headings = dict.fromkeys(("examination", "where", "expected", "found"), False)
    return table("Every fault of every refused examination.", headings, rows[:_MOST_SHOWN])
