"""One examination drawn on a person: what is felt as shaded areas, strength as numbers at the muscles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cordwise.isncsci import DERMATOMES, MYOTOMES
from cordwise.present.charts.shapes import Point, element, outline, words
from cordwise.present.charts.theme import INK, MUTED, WITH
from cordwise.present.exam.body_chart import body_chart

SIDES = {"right": -1.0, "left": 1.0}  # the patient's right is at the reader's left
SKIN, SKIN_EDGE, LINE = "#ffffff", "#6f7a84", "#ffffff"
FEELINGS = {
    "normal": "#f3e9dc",
    "altered": "#b7cbdd",
    "touch only": "#7d9fc4",
    "pin prick only": "#c9a3c4",
    "absent": "#46566b",
}
DISC = 8.6
DISC_INK = "#202a34"  # of its own: discs stay light on a dark page
BODY_HEIGHT = 470.0


@dataclass(frozen=True, slots=True)
class Examination:
    """One visit: grades 0 to 5 by side in the order of `MYOTOMES`, and scores 0 to 2 by dermatome."""

    motor: Mapping[str, Sequence[int]]
    light_touch: Mapping[str, Sequence[int]]
    pin_prick: Mapping[str, Sequence[int]]


def feeling(touch: int, pin: int) -> str:
    """Return what is felt in a dermatome, in the words of the key."""
    if touch == pin:
        return ("absent", "altered", "normal")[touch]
    if pin == 0:
        return "touch only"
    return "pin prick only" if touch == 0 else "altered"


def feelings(seen: Examination) -> dict[tuple[str, str], str]:
    """Return what is felt by side and dermatome."""
    return {
        (side, name): feeling(seen.light_touch[side][place], seen.pin_prick[side][place])
        for side in SIDES
        for place, name in enumerate(DERMATOMES)
    }


def grades(seen: Examination) -> dict[tuple[str, str], int]:
    """Return the grade of every key muscle by side."""
    return {(side, name): seen.motor[side][place] for side in SIDES for place, name in enumerate(MYOTOMES)}


def body(seen: Examination, paired: Examination | None = None) -> list[str]:
    """Return a person with one examination, the middle line at x = 0; what differs from `paired` is ringed."""
    chart = body_chart()
    felt, other = feelings(seen), feelings(paired) if paired else {}
    parts = []
    for side, sign in SIDES.items():
        parts.append(element("path", d=outline(_mirrored(chart.outline, sign), closed=True), fill=SKIN))
        for (_, name), kind in ((key, kind) for key, kind in felt.items() if key[0] == side):
            for area in chart.dermatomes[name]:
                path = outline(_mirrored(area, sign), closed=True)
                parts.append(element("path", d=path, fill=FEELINGS[kind], stroke=LINE, stroke_width=0.6))
    parts += [_edge(sign) for sign in SIDES.values()]
    parts += [_ringed_area(*key) for key, kind in felt.items() if other.get(key, kind) != kind]
    before = grades(paired) if paired else {}
    for (side, name), grade in grades(seen).items():
        parts += _disc(side, name, grade, before.get((side, name), grade))
    return [*parts, *_names_of_sides()]


def _edge(sign: float) -> str:
    """Return the outline of one half, open at the middle line."""
    return element(
        "path", d=outline(_mirrored(body_chart().outline, sign)), fill="none", stroke=SKIN_EDGE, stroke_width=1.1
    )


def _ringed_area(side: str, name: str) -> str:
    """Return the outline of a dermatome in which something else is felt than in the other world."""
    paths = "".join(outline(_mirrored(area, SIDES[side]), closed=True) for area in body_chart().dermatomes[name])
    return element("path", d=paths, fill="none", stroke=WITH, stroke_width=1.8)


def _disc(side: str, name: str, grade: int, before: int) -> list[str]:
    """Return a muscle's grade in a circle with its name beside; a grade that differs has a heavy ring and the step."""
    (x, y), (label_x, label_y) = body_chart().muscles[name]
    sign, differs = SIDES[side], grade != before
    at = sign * x
    fill, ink = (DISC_INK, "#ffffff") if grade == 0 else ("#ffffff", DISC_INK)
    ring = {"stroke": WITH, "stroke_width": 2.6} if differs else {"stroke": DISC_INK, "stroke_width": 1.0}
    level = f"{name} {grade - before:+d}".replace("-", "\u2212") if differs else name
    outward = "start" if sign > 0 else "end"
    anchor = outward if label_x > x else "middle"
    colour = WITH if differs else MUTED
    label = words(sign * label_x, label_y, level, size=11, fill=colour, text_anchor=anchor)
    return [
        element("circle", cx=at, cy=y, r=DISC, fill=fill, **ring),
        words(at, y + 4.3, str(grade), size=12, fill=ink, font_weight=700, text_anchor="middle"),
        label,
    ]


def _names_of_sides() -> list[str]:
    seat = words(0, 466, "seat (S2 to S4-5)", size=11, fill=MUTED, text_anchor="middle")
    sides = [words(sign * 62, 40, name, size=11.5, fill=INK, text_anchor="middle") for name, sign in SIDES.items()]
    return [*sides, seat]


def _mirrored(points: Sequence[Point], sign: float) -> list[Point]:
    return [(sign * x, y) for x, y in points]
