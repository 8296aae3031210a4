"""One cord on one day as a drawing: seen from the front, rostral at the top, right of the cord at the left."""

import math
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.present.charts.shapes import Point, element, fade, outline
from cordwise.present.patient.cord_state import BUNDLES, LEAST_LOSS, LEAST_VISIBLE_FIBRES, SIDES, CordState

HEIGHT = 218.0
HALF_WIDTH = 31.0
WHITE_MATTER, CORD_EDGE, GREY_MATTER = "#f8f5ee", "#8b857a", "#8f9399"
INFLAMED, SCAR, CELLS, SEAM = "#ee7622", "#4a3b2a", "#0068a8", "#ffb000"
BUNDLE_COLOURS = {"touch": "#00755e", "movement": "#1f4e9c", "pain": "#9b3f86"}
BUNDLE_EDGES = {"touch": (0.30, 0.47), "movement": (0.54, 0.71), "pain": (0.78, 0.95)}  # shares of the half width
GREY_EDGE = 0.23
LINES_OF_A_BUNDLE = 5
STRENGTHS = (0.22, 0.5, 0.75, 1.0)
LEAST_DRAWN_STRENGTH, LEAST_SEAM = 0.02, 0.1
LEAST_BEND = 0.02  # px between neighbouring places
BULGE = 0.38  # gain of the half width for a swelling of 1
DARKEST_INFLAMMATION, DARKEST_GREY = 0.85, 0.62
LEAST_SCAR, SCAR_EDGE, SCAR_INSET, SCAR_ROUNDNESS = 0.15, 0.5, 0.9, 0.6
CELLS_OF_A_FULL_GRAFT, FEWEST_CELLS, MOST_CELLS, LEAST_CELLS = 40, 5, 48, 0.0005
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def cord_strip(state: CordState, *, name: str, paired: CordState | None = None) -> list[str]:
    """Return the elements of one cord, its middle line at x = 0 and its top at y = 0; `name` is unique in a drawing.

    Fibres that are there but not in the cord `paired` get a bright seam.
    """
    wide, y = half_width(state), heights(state)
    edge = outline([*zip(wide, y, strict=True), *zip(-wide[::-1], y[::-1], strict=True)], closed=True)
    middle = outline([(-GREY_EDGE * HALF_WIDTH, 0), (GREY_EDGE * HALF_WIDTH, 0), *_lower_corners()], closed=True)
    warm = list(np.sqrt(np.clip(state.inflammation, 0, 1)) * DARKEST_INFLAMMATION)
    return [
        fade(f"{name}-warm", INFLAMED, warm[::2]),
        fade(f"{name}-grey", GREY_MATTER, list(state.grey * DARKEST_GREY)[::2]),
        element("path", d=edge, fill=WHITE_MATTER),
        element("path", d=edge, fill=f"url(#{name}-warm)"),
        element("path", d=middle, fill=f"url(#{name}-grey)"),
        *_scar(state, wide, y),
        *(extra_fibres(state, paired) if paired else []),
        *fibre_lines(state),
        *(
            element("path", d=outline(list(zip(x, y, strict=True))), fill="none", stroke=CORD_EDGE, stroke_width=1.4)
            for x in (-wide, wide)
        ),
        *_cells(state, wide),
    ]


def half_width(state: CordState) -> Float[ndarray, " place"]:
    """Return how far the outline is from the middle line: it bulges where the cord swells."""
    return HALF_WIDTH * (1.0 + BULGE * np.clip(state.swelling, 0, 1))


def heights(state: CordState) -> Float[ndarray, " place"]:
    """Return where each place of the cord lies in the drawing."""
    first, last = state.place_mm[0], state.place_mm[-1]
    return (state.place_mm - first) / (last - first) * HEIGHT


def fibre_lines(state: CordState) -> list[str]:
    """Return the fibres as lines that thin out and end where fibres are lost; the outermost line lasts longest."""
    drawn = []
    for half in SIDES:
        for bundle in BUNDLES:
            strength = line_strengths(state, half, bundle)
            runs = _runs(_line_points(state, half, bundle), strength, strength > LEAST_DRAWN_STRENGTH)
            colour = BUNDLE_COLOURS[bundle]
            drawn += [
                element("path", d=path, fill="none", stroke=colour, stroke_width=1.1, opacity=opacity)
                for opacity, path in runs.items()
            ]
    return drawn


def extra_fibres(state: CordState, paired: CordState) -> list[str]:
    """Return a bright seam along every piece of a line that is drawn much more strongly here than in `paired`."""
    if abs(state.passing() - paired.passing()) < LEAST_VISIBLE_FIBRES:
        return []
    drawn = []
    for half in SIDES:
        for bundle in BUNDLES:
            more = line_strengths(state, half, bundle) - line_strengths(paired, half, bundle)
            runs = _runs(_line_points(state, half, bundle), np.ones_like(more), more > LEAST_SEAM)
            drawn += [element("path", d=path, fill="none", stroke=SEAM, stroke_width=4.2) for path in runs.values()]
    return drawn


def line_strengths(state: CordState, half: str, bundle: str) -> Float[ndarray, "line place"]:
    """Return how strongly each line of a bundle is drawn along the cord, 0 to 1, the outermost line first."""
    lines = np.arange(LINES_OF_A_BUNDLE)[:, None]
    return np.clip(LINES_OF_A_BUNDLE * state.fibres[half][bundle] - lines, 0, 1)


def _line_points(state: CordState, half: str, bundle: str) -> Float[ndarray, "line place 2"]:
    inner, outer = BUNDLE_EDGES[bundle]
    side = -1.0 if half == SIDES[0] else 1.0
    across = side * np.linspace(outer, inner, LINES_OF_A_BUNDLE)[:, None] * half_width(state)
    return np.stack(np.broadcast_arrays(across, heights(state)), axis=-1)


def _runs(
    points: Float[ndarray, "line place 2"], strength: Float[ndarray, "line place"], shown: ndarray
) -> dict[float, str]:
    """Return the pieces of the lines of a bundle as one path for each opacity in use."""
    steps = np.where(shown, np.searchsorted(STRENGTHS[:-1], strength), -1)
    paths: dict[float, list[str]] = {}
    for line, course in zip(points, steps, strict=True):
        starts = [0, *(np.flatnonzero(np.diff(course)) + 1)]
        for start, end in pairwise([*starts, len(course) - 1]):
            if course[start] >= 0 and end > start:
                paths.setdefault(STRENGTHS[course[start]], []).append(outline(_bends(line[start : end + 1])))
    return {opacity: "".join(pieces) for opacity, pieces in paths.items()}


def _bends(line: Float[ndarray, "place 2"]) -> list[Point]:
    """Return the points of a line without those where it runs straight on."""
    turn = np.abs(np.diff(line[:, 0], n=2)) > LEAST_BEND
    return [tuple(point) for point in line[np.concatenate([[True], turn, [True]])]]


def scar_span(state: CordState) -> tuple[int, int] | None:
    """Return the first and last place inside the scar's border, if there is one to draw."""
    inside = np.flatnonzero(state.scar > SCAR_EDGE * state.scar.max())
    return (int(inside[0]), int(inside[-1])) if state.scar.max() > LEAST_SCAR and inside.size > 1 else None


def lesion_sides(state: CordState) -> tuple[float, float]:
    """Return how far the lesion reaches into the right and the left half, as a share of the half that lost more."""
    lost = [1.0 - state.passing(half) for half in SIDES]
    worse = max(*lost, LEAST_LOSS)
    return lost[0] / worse, lost[1] / worse


def _scar(state: CordState, wide: Float[ndarray, " place"], y: Float[ndarray, " place"]) -> list[str]:
    """Return the scar border as a rim round the lesion, the darker the more complete it is."""
    span = scar_span(state)
    if span is None:
        return []
    first, last = span
    centre, tall = (y[first] + y[last]) / 2, (y[last] - y[first]) / 2
    strength = min(float(state.scar.max()), 1.0)
    broad = SCAR_INSET * float(wide.min())
    right, left = (broad * part for part in lesion_sides(state))
    around = {"x": -right, "y": centre - tall, "width": right + left, "height": 2 * tall, "rx": SCAR_ROUNDNESS * broad}
    return [
        element("rect", **around, fill="#e4dccd", fill_opacity=0.75 * strength),
        element("rect", **around, fill="none", stroke=SCAR, stroke_width=3.0, stroke_opacity=0.75 * strength),
    ]


def cell_count(state: CordState) -> int:
    """Return how many dots stand for the cells in the cord."""
    peak = float(state.cells.max())
    if peak < LEAST_CELLS:
        return 0
    return min(max(round(CELLS_OF_A_FULL_GRAFT * peak), FEWEST_CELLS), MOST_CELLS)


def _cells(state: CordState, wide: Float[ndarray, " place"]) -> list[str]:
    """Return grafted cells as dots, spread as the model spreads them along the cord and evenly across it."""
    count = cell_count(state)
    if not count:
        return []
    below = np.cumsum(state.cells) / state.cells.sum()
    y = np.interp((np.arange(count) + 0.5) / count, below, heights(state))
    across = 2.0 * ((np.arange(count) + 1) * GOLDEN % 1.0) - 1.0
    width = np.interp(y, heights(state), wide) * SCAR_INSET
    return [
        element("circle", cx=x, cy=height, r=2.3, fill=CELLS, stroke="#ffffff", stroke_width=0.7)
        for x, height in zip(across * width, y, strict=True)
    ]


def _lower_corners() -> list[Point]:
    return [(GREY_EDGE * HALF_WIDTH, HEIGHT), (-GREY_EDGE * HALF_WIDTH, HEIGHT)]
