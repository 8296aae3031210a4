"""One simulated patient examined: at baseline, and at the last visit without and with cells."""

from collections.abc import Sequence
from dataclasses import dataclass

from cordwise.patient.life.result import Examinations, PairedExaminations, PatientLife, World
from cordwise.present import numbers
from cordwise.present.charts.shapes import Drawing, element, group, words
from cordwise.present.charts.theme import INK, MUTED, PAGE_WIDTH, TEXT_SIZE, TITLE_SIZE, WITH
from cordwise.present.exam.body import BODY_HEIGHT, FEELINGS, Examination, body, feelings, grades

Line = tuple[str, str, int]  # words, colour, weight

TITLE_HEIGHT, HEAD, LINE_HEIGHT, BELOW = 82.0, 30.0, 17.0, 150.0
FIGURE_HEIGHT = TITLE_HEIGHT + HEAD + BODY_HEIGHT + BELOW
KEY_WORDS = {
    "normal": "normal",
    "altered": "altered",
    "touch only": "touch felt, pin prick not",
    "pin prick only": "pin prick felt, touch not",
    "absent": "nothing felt",
}
KEY_STEPS = {"normal": 80, "altered": 82, "touch only": 176, "pin prick only": 176, "absent": 110}


@dataclass(frozen=True, slots=True)
class Pose:
    """One body of the picture: its heading, which examination it shows, and which it is compared with."""

    heading: str
    world: World
    visit: int
    paired: World | None = None


def person_figure(life: PatientLife, *, title: str) -> Drawing:
    """Return the elements of the picture of the person."""
    shown = poses(life)
    pitch = PAGE_WIDTH / len(shown)
    parts = [words(0, 20, title, size=TITLE_SIZE, fill=INK, font_weight=600), *_key()]
    for place, pose in enumerate(shown):
        parts.append(group(_column(life, pose), x=(place + 0.5) * pitch, y=TITLE_HEIGHT))
    return Drawing(parts, PAGE_WIDTH, FIGURE_HEIGHT)


def poses(life: PatientLife) -> list[Pose]:
    """Return the bodies drawn: before, and at the end without and with cells.

    The baseline examination is the one before; where cells come first, it is the one without cells, and says so.
    """
    scores = life.scores
    first, last = baseline_visit(life), len(scores.days) - 1
    day, end = (numbers.number(scores.days[visit], 0) for visit in (first, last))
    same = examination(scores, "without", first) == examination(scores, "with", first)
    at_first = f"Day {day}, at baseline" if same else f"Day {day}, baseline, without cells"
    return [
        Pose(at_first, "without", first),
        Pose(f"Day {end}, without cells", "without", last),
        Pose(f"Day {end}, with cells", "with", last, paired="without"),
    ]


def baseline_visit(life: PatientLife) -> int:
    """Return which visit is the baseline examination."""
    return life.scores.days.index(life.patient.baseline_day)


def examination(scores: PairedExaminations, world: World, visit: int) -> Examination:
    """Return the muscles and the skin of one visit in one world."""
    seen = scores.of(world)
    return Examination(seen.motor[visit], seen.light_touch_by_dermatome[visit], seen.pin_prick_by_dermatome[visit])


def differences(one: Examination, other: Examination) -> tuple[int, int]:
    """Return in how many key muscles and in how many dermatomes, of both sides, two examinations differ."""
    muscles, skin = grades(other), feelings(other)
    return (
        sum(grade != muscles[key] for key, grade in grades(one).items()),
        sum(kind != skin[key] for key, kind in feelings(one).items()),
    )


def _key() -> list[str]:
    """Return what numbers, shades and rings mean."""
    line = (
        "Numbers: strength of the key muscles, 0 none to 5 normal. Shading: what is felt. "
        "Blue rings: other than without cells."
    )
    parts = [words(0, 41, line, size=TEXT_SIZE, fill=MUTED)]
    x = 0.0
    for kind, name in KEY_WORDS.items():
        parts.append(
            element("rect", x=x, y=53, width=16, height=12, fill=FEELINGS[kind], stroke=MUTED, stroke_width=0.8)
        )
        parts.append(words(x + 22, 63, name, size=TEXT_SIZE, fill=INK))
        x += KEY_STEPS[kind]
    return parts


def _column(life: PatientLife, pose: Pose) -> list[str]:
    """Return one body with its heading above and the findings in words beneath."""
    scores = life.scores
    seen = examination(scores, pose.world, pose.visit)
    paired = examination(scores, pose.paired, pose.visit) if pose.paired else None
    colour = WITH if pose.paired else INK
    head = words(0, 16, pose.heading, size=13, fill=colour, font_weight=700, text_anchor="middle")
    lines = [*findings(life, pose), *_difference(seen, paired)]
    below = [
        words(
            0,
            HEAD + BODY_HEIGHT + 18 + LINE_HEIGHT * place,
            text,
            size=12.5,
            fill=ink,
            font_weight=weight,
            text_anchor="middle",
        )
        for place, (text, ink, weight) in enumerate(lines)
    ]
    return [head, group(body(seen, paired), y=HEAD), *below]


def findings(life: PatientLife, pose: Pose) -> list[Line]:
    """Return grade, levels and totals of an examination in words."""
    seen, visit = life.scores.of(pose.world), pose.visit
    level = seen.nli[visit].replace("_", "-")
    normal_to = "normal everywhere" if level == "INT" else f"normal down to {level}"
    return [
        (f"AIS {seen.ais[visit]}, {normal_to}", INK, 700),
        (f"Strength: arms {seen.uems[visit]} of 50, legs {seen.lems[visit]} of 50", INK, 400),
        (f"Touch {seen.light_touch[visit]} of 112, pin prick {seen.pin_prick[visit]} of 112", INK, 400),
        (_sacral(seen, visit), INK, 400),
        (f"Independence (SCIM) {seen.scim[visit]} of 100", INK, 400),
        (f"Walking (WISCI) {seen.wisci[visit]} of 20", INK, 400),
    ]


def _sacral(seen: Examinations, visit: int) -> str:
    pressure = "felt" if seen.deep_anal_pressure[visit] else "not felt"
    contraction = "yes" if seen.voluntary_anal_contraction[visit] else "no"
    return f"Anal pressure {pressure}, contraction {contraction}"


def _difference(seen: Examination, paired: Examination | None) -> Sequence[Line]:
    """Return in how many places the examination differs from the one beside it."""
    if paired is None:
        return ()
    muscles, skin = differences(seen, paired)
    if not muscles and not skin:
        return (
            ("No difference: the same as without cells", WITH, 700),
            ("in every muscle and every area of skin", WITH, 700),
        )
    return ((f"Differs in {muscles} of 20 muscles, {skin} of 56 areas", WITH, 700),)
