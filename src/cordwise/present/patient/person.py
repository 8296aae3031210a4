"""One simulated patient examined: at baseline, and at the last visit without and with cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cordwise.present import numbers
from cordwise.present.charts.shapes import Drawing, element, group, words
from cordwise.present.charts.theme import INK, MUTED, PAGE_WIDTH, TEXT_SIZE, TITLE_SIZE, WITH
from cordwise.present.exam.body import BODY_HEIGHT, FEELINGS, Examination, body, examination, feelings, grades

Result = Mapping[str, Any]
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
    world: str
    visit: int
    paired: str = ""


def person_figure(result: Result, *, title: str) -> Drawing:
    """Return the elements of the picture of the person."""
    shown = poses(result)
    pitch = PAGE_WIDTH / len(shown)
    parts = [words(0, 20, title, size=TITLE_SIZE, fill=INK, font_weight=600), *_key()]
    for place, pose in enumerate(shown):
        parts.append(group(_column(result, pose), x=(place + 0.5) * pitch, y=TITLE_HEIGHT))
    return Drawing(parts, PAGE_WIDTH, FIGURE_HEIGHT)


def poses(result: Result) -> list[Pose]:
    """Return the bodies drawn: before, and at the end without and with cells.

    The baseline examination is the one before; where cells come first, it is the one without cells, and says so.
    """
    scores = result["scores"]
    first, last = baseline_visit(result), len(scores["days"]) - 1
    day, end = (numbers.number(scores["days"][visit], 0) for visit in (first, last))
    same = examination(scores, "without", first) == examination(scores, "with", first)
    at_first = f"Day {day}, at baseline" if same else f"Day {day}, baseline, without cells"
    return [
        Pose(at_first, "without", first),
        Pose(f"Day {end}, without cells", "without", last),
        Pose(f"Day {end}, with cells", "with", last, paired="without"),
    ]


def baseline_visit(result: Result) -> int:
    """Return which visit is the baseline examination; the first where the result does not say."""
    day = result["patient"].get("baseline_day")
    days = result["scores"]["days"]
    return days.index(day) if day in days else 0


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


def _column(result: Result, pose: Pose) -> list[str]:
    """Return one body with its heading above and the findings in words beneath."""
    scores = result["scores"]
    seen = examination(scores, pose.world, pose.visit)
    paired = examination(scores, pose.paired, pose.visit) if pose.paired else None
    colour = WITH if pose.paired else INK
    head = words(0, 16, pose.heading, size=13, fill=colour, font_weight=700, text_anchor="middle")
    lines = [*findings(result, pose), *_difference(seen, paired)]
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


def findings(result: Result, pose: Pose) -> list[Line]:
    """Return grade, levels and totals of an examination in words."""
    seen, visit = result["scores"][pose.world], pose.visit
    level = seen["nli"][visit].replace("_", "-")
    normal_to = "normal everywhere" if level == "INT" else f"normal down to {level}"
    lines: list[Line] = [
        (f"AIS {seen['ais'][visit]}, {normal_to}", INK, 700),
        (f"Strength: arms {seen['uems'][visit]} of 50, legs {seen['lems'][visit]} of 50", INK, 400),
        (f"Touch {seen['light_touch'][visit]} of 112, pin prick {seen['pin_prick'][visit]} of 112", INK, 400),
    ]
    if "deep_anal_pressure" in seen:
        lines.append((_sacral(seen, visit), INK, 400))
    if "scim" in seen:
        lines.append((f"Independence (SCIM) {seen['scim'][visit]} of 100", INK, 400))
        lines.append((f"Walking (WISCI) {seen['wisci'][visit]} of 20", INK, 400))
    return lines


def _sacral(seen: Mapping[str, Any], visit: int) -> str:
    pressure = "felt" if seen["deep_anal_pressure"][visit] else "not felt"
    contraction = "yes" if seen["voluntary_anal_contraction"][visit] else "no"
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
