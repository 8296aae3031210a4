"""The report of one simulated patient, with and without cells; also a section of other reports."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from cordwise.base.errors import Fault, InputError
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
from cordwise.present.patient.scores import SCORES, score_picture

Result = Mapping[str, Any]
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
RESEARCH_ONLY = "A simulated patient. For research and trial planning, not for decisions about a patient's care."
MARGIN = 20.0
PICTURED_SCORES = ("motor", "light_touch_by_dermatome", "pin_prick_by_dermatome")


def patient_page(result: Result) -> Page:
    """Return the report of one simulated patient."""
    sections = (
        patient_section(result),
        visits_section(result),
        modeller_section(result),
        credibility(result, _credibility()),
        provenance(result),
    )
    return Page(
        "One simulated patient",
        question_of(result),
        (comparison(result), f"In the cord: {difference_words(result)}"),
        sections,
    )


def patient_section(result: Result | None) -> Section:
    """Return the pictures of the cord and of the person, the scores over time, and who is simulated."""
    if not result:
        return Section("patient", HEADING)
    _check(result)
    title = score_title(result)
    scores = figure(
        score_picture(dict(result), title=title), name="scores", title=title, description=comparison(result)
    )
    figures = (
        _drawn(
            cord_drawing(result), "cord", f"{described(result)}: {CORD_TITLE}. {difference_words(result)}", CORD_CAPTION
        ),
        _drawn(person_drawing(result), "person", f"{PERSON_TITLE}. {comparison(result)}", PERSON_CAPTION),
        scores,
    )
    return Section("patient", HEADING, figures=figures, tables=(_who(result),))


def _check(result: Result) -> None:
    """Refuse a patient whose result lacks what the pictures are drawn from."""
    scores = result["scores"]["without"]
    missing = [name for name in ("segments", "tracts") if name not in result]
    missing += [f"scores.without.{name}" for name in PICTURED_SCORES if name not in scores]
    if missing:
        advice = "An earlier version made this result; run the command again."
        raise InputError([Fault(f"patient.{name}", "part of the result", "missing", advice) for name in missing])


def cord_drawing(result: Result) -> Drawing:
    """Return the picture of the cord."""
    return cord_figure(result, title=f"{described(result)}: {CORD_TITLE}")


def described(result: Result) -> str:
    """Return who is shown in a few words."""
    who = result["patient"]
    person = {"male": "man", "female": "woman"}.get(who["sex"], "person")
    return f"A simulated {person} of {numbers.number(who['age'], 0)}, injury centred at {who['segment']}"


def person_drawing(result: Result) -> Drawing:
    """Return the picture of the person."""
    return person_figure(result, title=PERSON_TITLE)


def _drawn(drawing: Drawing, name: str, description: str, caption: str) -> Figure:
    """Return a hand-made drawing as a figure of the page."""
    whole = document(drawing.parts, width=drawing.width, height=drawing.height)
    # Every text and attribute of a drawing is escaped where it is made (`shapes.py`).
    return Figure(Markup(inline(whole, name, description.split(". ")[0], description)), caption)


def modeller_section(result: Result) -> Section:
    """Return every tissue field over place and time as heat maps."""
    heat = figure(
        cord_picture(dict(result), title=MODELLER_TITLE),
        name="fields",
        title=f"{MODELLER_TITLE}, without and with cells",
        description="Heat maps of tissue fields by position along the cord and day since injury; three columns: "
        "without cells, with cells, and the difference.",
    )
    return Section("modellers", "For modellers: the tissue behind the picture", figures=(heat,))


def visits_section(result: Result) -> Section:
    """Return every examination as a table."""
    return Section("visits", "Examinations at every visit", tables=(_visits(result),))


def patient_picture(result: Result) -> str:
    """Return cord and person in one drawing on white, for a picture file."""
    _check(result)
    cord, person = cord_drawing(result), person_drawing(result)
    foot = cord.height + person.height + 2 * MARGIN
    parts = [
        group(cord.parts, x=MARGIN, y=MARGIN),
        group(person.parts, x=MARGIN, y=MARGIN + cord.height),
        words(MARGIN, foot, RESEARCH_ONLY, size=TEXT_SIZE, fill=MUTED),
    ]
    return document(parts, width=cord.width + 2 * MARGIN, height=foot + MARGIN, background="#ffffff")


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
        *([("Pattern", str(who["syndrome"]).replace("_", " "))] if who.get("syndrome") else []),
        ("Severity of the injury", numbers.number(who["severity"], 2)),
        ("AIS at baseline", _baseline(who)),
        ("Product", numbers.value(regimen.get("product")).replace("_", " ")),
        ("Share of the animal effect carried over", numbers.number(regimen.get("translation"), 2)),
        *((f"Dose on day {numbers.number(dose['day'], 0)}", _dose(dose)) for dose in regimen.get("doses", ())),
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
            f"day {numbers.number(day, 0)}",
            world.replace("with", "with cells") if world == "with" else "without cells",
            scores[world]["ais"][visit],
            scores[world]["nli"][visit],
            *(numbers.number(scores[world][name][visit], 0) for name, _, _ in SCORES),
        )
        for visit, day in enumerate(scores["days"])
        for world in ("without", "with")
    ]
    headings = {"Visit": False, "Counterfactual": False, "AIS": False, "NLI": False}
    headings |= dict.fromkeys(("UEMS", "LEMS", "Light touch", "Pin prick"), True)
    return table("Scores of every simulated examination", headings, list(rows))


def _credibility() -> list[tuple[str, str]]:
    """Return what one patient can and cannot show."""
    return [
        ("Model influence", "Both courses are simulated; no examination of a person enters."),
        ("Verification", "Both courses share every chance event, so that they differ through the cells alone."),
        ("Not judged", "One patient shows how the model thinks, not how often a patient gains: for that, see a trial."),
    ]
