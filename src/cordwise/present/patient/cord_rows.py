"""The cord of one simulated patient on a few days: without cells above, with cells below, labelled in words."""

from collections.abc import Sequence

import numpy as np

from cordwise.patient.life.result import PatientLife
from cordwise.present.charts.shapes import Drawing, element, group, words
from cordwise.present.charts.theme import GRID, INK, KEY_COLOURS, MUTED, PAGE_WIDTH, TEXT_SIZE, TITLE_SIZE, WITH
from cordwise.present.patient.cord_over_time import visible_reach
from cordwise.present.patient.cord_state import CordState, cord_state
from cordwise.present.patient.cord_strip import (
    HALF_WIDTH,
    HEIGHT,
    SCAR_INSET,
    cell_count,
    cord_strip,
    extra_fibres,
    half_width,
    heights,
    lesion_sides,
    scar_span,
)
from cordwise.present.patient.cord_words import difference_words, in_a_hundred, passing_words, regimen_words, shown_days

LEFT = 96.0
LABEL_SIZE = 11.5
ROW_HEAD, BELOW = 62.0, 50.0
ROW_HEIGHT = ROW_HEAD + HEIGHT + BELOW
TITLE_HEIGHT = 58.0
FIGURE_HEIGHT = TITLE_HEIGHT + 2 * ROW_HEIGHT
CLEAR_OF_CORD, LEADER_GAP = 8.0, 3.0
LEAST_SEGMENT_HEIGHT = 13.0
SEEN_SWELLING, SEEN_INFLAMMATION, SEEN_LOSS = 0.08, 0.25, 0.15
CLEARLY_ONE_SIDED = 0.2
POINT_INSIDE = 0.63  # of the half width: the middle of the fibres of movement
REACH_MARGIN = 1.25
KEY = ("touch", "movement", "pain and temperature")


def cord_figure(life: PatientLife, *, title: str) -> Drawing:
    """Return the elements of the cord picture."""
    days, reach = shown_days(life), drawn_reach(life)
    parts = [*_heading(title)]
    without, with_cells = ([cord_state(life, world, day, reach) for day in days] for world in ("without", "with"))
    names = list(days.values())
    at_the_end = in_a_hundred(without[-1].passing())
    after = f"{at_the_end[0].upper()}{at_the_end[1:]} pass the lesion at the end."
    upper = [*_row_heading("Without cells", after, INK), *_row(life, names, without, None)]
    given = f"With cells: {regimen_words(life.regimen)}"
    lower = [*_row_heading(given, difference_words(life), WITH), *_row(life, names, with_cells, without)]
    parts += [group(upper, y=TITLE_HEIGHT), group(lower, y=TITLE_HEIGHT + ROW_HEIGHT)]
    return Drawing(parts, PAGE_WIDTH, FIGURE_HEIGHT)


def drawn_reach(life: PatientLife) -> float:
    """Return how far from the centre of the lesion (mm) the cord is drawn: the lesion, a margin, and no more cord."""
    return min(visible_reach(life) * REACH_MARGIN, life.axis_mm[-1])


def _heading(title: str) -> list[str]:
    """Return the title, and the colours of the fibres in words of that colour, from the middle outwards."""
    key = [element("tspan", "Each line is one fifth of a bundle of nerve fibres. From the middle outwards: ")]
    for name, colour in zip(KEY, KEY_COLOURS, strict=True):
        key.append(element("tspan", name, fill=colour, font_weight=700))
        key.append(element("tspan", ", " if name != KEY[-1] else ". Grey: grey matter."))
    line = words(0, 42, "", size=TEXT_SIZE, fill=MUTED).removesuffix("/>") + ">" + "".join(key) + "</text>"
    return [words(0, 20, title, size=TITLE_SIZE, fill=INK, font_weight=600), line]


def _row(
    life: PatientLife, names: Sequence[str], states: Sequence[CordState], paired: Sequence[CordState] | None
) -> list[str]:
    """Return one row of cords with the segments at the left, and words beside and beneath."""
    pitch = (PAGE_WIDTH - LEFT) / len(states)
    parts, world = _segments(life, states[0]), "with" if paired else "without"
    named = things_named(states, paired)
    for place, (state, name) in enumerate(zip(states, names, strict=True)):
        x, other = LEFT + HALF_WIDTH + 10 + place * pitch, paired[place] if paired else None
        strip = cord_strip(state, name=f"{world}-{place}", paired=other)
        labels = [_paired_name(state, what) for what, column in named.items() if column == place]
        parts.append(group([*_above(name), *strip, *labels], x=x, y=ROW_HEAD))
        parts.append(group(_beneath(passing_words(state, other), is_first=place == 0), x=x, y=ROW_HEAD + HEIGHT))
    return parts


def _row_heading(name: str, finding: str, colour: str) -> list[str]:
    """Return the name of the row and what it shows in a sentence."""
    return [
        words(0, 12, name, size=13, fill=colour, font_weight=700),
        words(0, 29, finding, size=TEXT_SIZE, fill=INK),
    ]


def _above(name: str) -> list[str]:
    """Return the day above a cord, and its sides."""
    return [
        words(0, -15, name, size=12, fill=INK, font_weight=600, text_anchor="middle"),
        words(-HALF_WIDTH + 4, -3, "R", size=10.5, fill=MUTED, text_anchor="middle"),
        words(HALF_WIDTH - 4, -3, "L", size=10.5, fill=MUTED, text_anchor="middle"),
    ]


def _beneath(shown: Sequence[str], *, is_first: bool) -> list[str]:
    """Return how many fibres pass the lesion."""
    lines = [
        words(0, 16 + 14 * place, line, size=LABEL_SIZE, fill=INK if place == 0 else MUTED, text_anchor="middle")
        for place, line in enumerate(shown)
    ]
    left = -HALF_WIDTH - 10 - LEFT
    first = [words(left, 16, "fibres that pass", size=LABEL_SIZE, fill=MUTED)] if is_first else []
    return [*lines, *first]


def _segments(life: PatientLife, state: CordState) -> list[str]:
    """Return the names of the cord's segments at the left, with hairlines where they meet."""
    low, high = float(state.place_mm[0]), float(state.place_mm[-1])
    scale = HEIGHT / (high - low)
    drawn = []
    for segment in life.segments:
        top, bottom = max(segment.from_mm, low), min(segment.to_mm, high)
        if bottom <= top:
            continue
        y, tall = ROW_HEAD + (top - low) * scale, (bottom - top) * scale
        if tall >= LEAST_SEGMENT_HEIGHT:
            drawn.append(words(44, y + tall / 2 + 4, segment.name, size=12, fill=INK, font_weight=600))
        if top > low:
            drawn.append(element("line", x1=40, x2=PAGE_WIDTH, y1=y, y2=y, stroke=GRID, stroke_width=1))
    centre = ROW_HEAD + HEIGHT / 2
    return [
        *drawn,
        words(0, centre - 3, "centre", size=10.5, fill=MUTED),
        words(0, centre + 9, "of injury", size=10.5, fill=MUTED),
    ]


def things_named(states: Sequence[CordState], paired: Sequence[CordState] | None = None) -> dict[str, int]:
    """Return in which column each thing is named: where it is strongest, and only where it can be seen."""
    last = len(states) - 1
    swelling = [float(state.swelling.max()) for state in states]
    warm = [float(state.inflammation.max()) for state in states]
    extra = [bool(extra_fibres(*pair)) for pair in zip(states, paired or states, strict=True)]
    seen = {
        "swelling": (int(np.argmax(swelling)), max(swelling) > SEEN_SWELLING),
        "inflammation": (int(np.argmax(warm)), max(warm) > SEEN_INFLAMMATION),
        "cut": (min(1, last), states[-1].passing() < 1.0 - SEEN_LOSS),
        "cells": (int(np.argmax([state.cells.max() for state in states])), any(map(cell_count, states))),
        "extra": (last, extra[-1]),
        "scar": (last, scar_span(states[-1]) is not None),
    }
    return {name: column for name, (column, is_seen) in seen.items() if is_seen}


NAMES = {
    "swelling": "swelling",
    "inflammation": "inflamed",
    "cut": "fibres lost",
    "cells": "cells",
    "extra": "kept by\ncells",
    "scar": "scar",
}
# Where along the strip (share of its height) each thing is named, so that no two names meet.
NAME_HEIGHTS = {"swelling": 0.36, "inflammation": 0.48, "cut": 0.47, "cells": 0.545, "extra": 0.56, "scar": 0.4}


def _paired_name(state: CordState, what: str) -> str:
    """Return the name of one thing at the right of a cord, with a line to it."""
    y = NAME_HEIGHTS[what] * HEIGHT
    edge = float(np.interp(y, heights(state), half_width(state)))
    x, inside, colour = edge + CLEAR_OF_CORD, _pointed_at(state, what, edge), WITH if what == "cells" else INK
    return group(
        [
            element("line", x1=inside, x2=x, y1=y, y2=y, stroke=colour, stroke_width=1),
            element("circle", cx=inside, cy=y, r=1.6, fill=colour),
            *(
                words(x + LEADER_GAP, y + 4 + 13 * place, line, size=LABEL_SIZE, fill=colour)
                for place, line in enumerate(NAMES[what].split("\n"))
            ),
        ]
    )


def _pointed_at(state: CordState, what: str, edge: float) -> float:
    """Return how far from the middle line the thing lies that a name points at."""
    right, left = lesion_sides(state)
    places = {
        "swelling": edge,
        "scar": SCAR_INSET * HALF_WIDTH * left,
        "cut": POINT_INSIDE * HALF_WIDTH * (1 if left > right - CLEARLY_ONE_SIDED else -1),
        "extra": POINT_INSIDE * HALF_WIDTH,
    }
    return places.get(what, 0.4 * HALF_WIDTH)
