"""The report of one simulated patient, with and without cells; also a section of other reports."""

from typing import Any

from markupsafe import Markup

from cordwise.patient.life.result import PatientLife, World
from cordwise.present import numbers
from cordwise.present.charts.drawing import inline
from cordwise.present.charts.shapes import Drawing, document, group, words
from cordwise.present.charts.theme import MUTED, TEXT_SIZE
from cordwise.present.html.closing import credibility, facts, provenance, question_of
from cordwise.present.html.page import Figure, Page, Section, Table, figure, table
from cordwise.present.patient.cord_over_time import cord_picture
from cordwise.present.patient.cord_rows import cord_figure
from cordwise.present.patient.cord_words import difference_words
from cordwise.present.patient.person import person_figure
from cordwise.present.patient.scores import score_picture
from cordwise.present.patient.text import RESEARCH_ONLY, SCORES, comparison, described, kinetics_words, score_title

HEADING = "One simulated patient, with and without cells"
CORD_TITLE = "the spinal cord, seen from the front"
PERSON_TITLE = "The same simulated patient examined"
MODELLER_TITLE = "The fields of the tissue model"
CORD_CAPTION = (
    "Drawn from the tissue model, which has one dimension: along the cord. How many fibres are left on each side, and "
    "how far the scar reaches across, follow the shares of fibres from which the examination is made; all other tissue "
    "is drawn alike on both sides."
)
PERSON_CAPTION = "Areas of skin are schematic. The seat is drawn below the feet; the face is not served by the cord."
MARGIN = 20.0
WORLD_NAMES: dict[World, str] = {"without": "without cells", "with": "with cells"}


def patient_page(life: PatientLife) -> Page:
    """Return the report of one simulated patient."""
    sections = (
        patient_section(life),
        _visits_section(life),
        _modeller_section(life),
        credibility(life, _credibility()),
        provenance(life),
    )
    answer = (comparison(life), f"In the cord: {difference_words(life)}")
    return Page("One simulated patient", question_of(life), answer, sections)


def patient_section(life: PatientLife | None) -> Section:
    """Return the pictures of the cord and of the person, the scores over time, and who is simulated."""
    if life is None:
        return Section("patient", HEADING)
    title = score_title(life)
    scores = figure(score_picture(life, title=title), name="scores", title=title, description=comparison(life))
    in_the_cord = f"{described(life)}: {CORD_TITLE}. {difference_words(life)}"
    figures = (
        _drawn(_cord_drawing(life), "cord", in_the_cord, CORD_CAPTION),
        _drawn(_person_drawing(life), "person", f"{PERSON_TITLE}. {comparison(life)}", PERSON_CAPTION),
        scores,
    )
    return Section("patient", HEADING, figures=figures, tables=(_who(life),))


def patient_picture(life: PatientLife) -> str:
    """Return cord and person in one drawing on white, for a picture file."""
    cord, person = _cord_drawing(life), _person_drawing(life)
    foot = cord.height + person.height + 2 * MARGIN
    parts = [
        group(cord.parts, x=MARGIN, y=MARGIN),
        group(person.parts, x=MARGIN, y=MARGIN + cord.height),
        words(MARGIN, foot, RESEARCH_ONLY, size=TEXT_SIZE, fill=MUTED),
    ]
    return document(parts, width=cord.width + 2 * MARGIN, height=foot + MARGIN, background="#ffffff")


def fields_picture(life: PatientLife) -> dict[str, Any]:
    """Return every tissue field over place and time as heat maps, without cells, with them, and the difference."""
    return cord_picture(life, title=MODELLER_TITLE)


def _cord_drawing(life: PatientLife) -> Drawing:
    return cord_figure(life, title=f"{described(life)}: {CORD_TITLE}")


def _person_drawing(life: PatientLife) -> Drawing:
    return person_figure(life, title=PERSON_TITLE)


def _drawn(drawing: Drawing, name: str, description: str, caption: str) -> Figure:
    """Return a hand-made drawing as a figure of the page."""
    whole = document(drawing.parts, width=drawing.width, height=drawing.height)
    # Every text and attribute of a drawing is escaped where it is made (`shapes.py`).
    return Figure(Markup(inline(whole, name, description.split(". ")[0], description)), caption)


def _modeller_section(life: PatientLife) -> Section:
    heat = figure(
        fields_picture(life),
        name="fields",
        title=f"{MODELLER_TITLE}, without and with cells",
        description="Heat maps of tissue fields by position along the cord and day since injury; three columns: "
        "without cells, with cells, and the difference.",
    )
    return Section("modellers", "For modellers: the tissue behind the picture", figures=(heat,))


def _visits_section(life: PatientLife) -> Section:
    return Section("visits", "Examinations at every visit", tables=(_visits(life),))


def _who(life: PatientLife) -> Table:
    """Return the patient and the cells given."""
    who, regimen = life.patient, life.regimen
    rows = [
        ("Patient", f"{who.sex}, {who.age} years"),
        ("Lesion", f"centred at {who.segment}, width {numbers.number(who.width_mm)} mm"),
        *([("Pattern", who.syndrome.replace("_", " "))] if who.syndrome else []),
        ("Severity of the injury", numbers.number(who.severity, 2)),
        *([("Kinetics of its own", words)] if (words := kinetics_words(who)) else []),
        ("AIS at baseline", f"{who.ais_baseline} on {numbers.day_range(who.baseline_day)}"),
        ("Product", regimen.product.replace("_", " ")),
        ("Share of the animal effect carried over", numbers.number(regimen.translation, 2)),
        *(
            (f"Dose on day {numbers.number(dose.day, 0)}", f"{numbers.cells(dose.cells)} cells, {dose.route}")
            for dose in regimen.doses
        ),
    ]
    return facts("Who is simulated, and which cells are given", rows)


def _visits(life: PatientLife) -> Table:
    """Return the examinations at every visit, without and with cells in turn."""
    rows: list[tuple[str, ...]] = [
        (
            f"day {numbers.number(day, 0)}",
            name,
            seen.ais[visit],
            seen.nli[visit],
            *(str(getattr(seen, score)[visit]) for score, _, _ in SCORES),
        )
        for visit, day in enumerate(life.scores.days)
        for world, name in WORLD_NAMES.items()
        for seen in (life.scores.of(world),)
    ]
    headings = {"Visit": False, "Cells": False, "AIS": False, "NLI": False}
    headings |= dict.fromkeys(("UEMS", "LEMS", "Light touch", "Pin prick"), True)
    return table("Scores of every simulated examination", headings, list(rows))


def _credibility() -> list[tuple[str, str]]:
    """Return what one patient can and cannot show."""
    return [
        ("Model influence", "Both courses are simulated; no examination of a person enters."),
        ("Verification", "Both courses share every chance event, so that they differ through the cells alone."),
        ("Not judged", "One patient shows how the model thinks, not how often a patient gains: for that, see a trial."),
    ]
