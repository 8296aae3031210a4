"""The report of one simulated patient, with and without cells; also a section of other reports."""

from collections.abc import Mapping
from typing import Any

import altair as alt

from cordwise.report import numbers
from cordwise.report.charts.cord import cord_chart, cord_picture, cord_tiles
from cordwise.report.charts.scores import SCORES, score_chart, score_picture
from cordwise.report.charts.theme import Spec, themed
from cordwise.report.closing import credibility, facts, provenance, question_of
from cordwise.report.page import Page, Section, Table, figure, table

Result = Mapping[str, Any]
HEADING = "One simulated patient, with and without cells"
CORD_TITLE = "The cord of one simulated patient"


def patient_page(result: Result) -> Page:
    """Return the report of one simulated patient."""
    sections = (
        patient_section(result),
        visits_section(result),
        credibility(result, _credibility()),
        provenance(result),
    )
    return Page("One simulated patient", question_of(result), (comparison(result),), sections)


def patient_section(result: Result | None) -> Section:
    """Return who the patient is, the picture of the cord, and the examinations over time."""
    if not result:
        return Section("patient", HEADING)
    values = dict(result)
    cord = figure(
        cord_picture(values, title=CORD_TITLE),
        name="cord",
        title=f"{CORD_TITLE}, without and with cells",
        description="Heat maps of tissue fields by position along the cord and day since injury; three columns: "
        "without cells, with cells, and the difference.",
    )
    title = score_title(result)
    scores = figure(score_picture(values, title=title), name="scores", title=title, description=comparison(result))
    return Section("patient", HEADING, figures=(cord, scores), tables=(_who(result),))


def visits_section(result: Result) -> Section:
    """Return every examination as a table."""
    return Section("visits", "Examinations at every visit", tables=(_visits(result),))


def patient_chart(result: Result) -> Spec:
    """Return cord and examinations in one chart, for a picture file."""
    values = dict(result)
    charts = (cord_chart(values, title=CORD_TITLE), score_chart(values, title=score_title(result)))
    return themed(alt.vconcat(*charts, spacing=36), cord_tiles(values))


def score_title(result: Result) -> str:
    """Return the title of the examinations: the last motor scores side by side."""
    scores = result["scores"]
    day = numbers.number(scores["days"][-1], 0)
    parts = [
        f"{name.upper()} {numbers.number(scores['without'][name][-1], 0)} without cells, "
        f"{numbers.number(scores['with'][name][-1], 0)} with"
        for name in ("uems", "lems")
    ]
    return f"Day {day}: {'; '.join(parts)}"


def comparison(result: Result) -> str:
    """Return in one sentence how the last examinations differ."""
    scores = result["scores"]
    without, with_cells = scores["without"], scores["with"]
    changes = ", ".join(
        f"{title.split(' (')[0].lower()} {numbers.signed(with_cells[name][-1] - without[name][-1], 0)}"
        for name, title, _ in SCORES
    )
    return (
        f"On day {numbers.number(scores['days'][-1], 0)} this simulated patient is AIS {without['ais'][-1]} without "
        f"cells and AIS {with_cells['ais'][-1]} with cells; difference in points: {changes}."
    )


def _who(result: Result) -> Table:
    """Return the patient and the cells given."""
    who, regimen = result["patient"], result.get("regimen") or {}
    rows = [
        ("Patient", f"{who['sex']}, {numbers.number(who['age'], 0)} years"),
        ("Lesion", f"centred at {who['segment']}, width {numbers.number(who['width_mm'])} mm"),
        ("Severity of the injury", numbers.number(who["severity"], 2)),
        ("AIS at baseline", _baseline(who)),
        ("Product", numbers.value(regimen.get("product")).replace("_", " ")),
        ("Share of the animal effect carried over", numbers.number(regimen.get("translation"), 2)),
        *((f"Dose on day {numbers.number(dose['day'])}", _dose(dose)) for dose in regimen.get("doses", ())),
    ]
    return facts("Who is simulated, and which cells are given", rows)


def _baseline(who: Mapping[str, Any]) -> str:
    """Return the grade at baseline, with the day where the result gives it."""
    day = who.get("baseline_day")
    return f"{who['ais_baseline']} on {numbers.day_range(day)}" if day is not None else str(who["ais_baseline"])


def _dose(dose: Mapping[str, Any]) -> str:
    """Return one dose in words."""
    return f"{numbers.cells(dose['cells'])} cells, {dose['route']}"


def _visits(result: Result) -> Table:
    """Return the examinations at every visit, without and with cells in turn."""
    scores = result["scores"]
    rows: list[tuple[str, ...]] = [
        (
            numbers.number(day, 0),
            world.replace("with", "with cells") if world == "with" else "without cells",
            scores[world]["ais"][visit],
            scores[world]["nli"][visit],
            *(numbers.number(scores[world][name][visit], 0) for name, _, _ in SCORES),
        )
        for visit, day in enumerate(scores["days"])
        for world in ("without", "with")
    ]
    headings = {"Day": True, "World": False, "AIS": False, "NLI": False}
    headings |= dict.fromkeys(("UEMS", "LEMS", "Light touch", "Pin prick"), True)
    return table("Scores of every simulated examination", headings, list(rows))


def _credibility() -> list[tuple[str, str]]:
    """Return what one patient can and cannot show."""
    return [
        ("Model influence", "Both courses are simulated; no examination of a person enters."),
        ("Verification", "Both courses share every chance event, so that they differ through the cells alone."),
        ("Not judged", "One patient shows how the model thinks, not how often a patient gains: for that, see a trial."),
    ]
