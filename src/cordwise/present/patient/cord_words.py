"""What a picture of the cord says in words: which days it shows, how many fibres pass, and whether cells change it."""

from dataclasses import dataclass
from math import log

import numpy as np

from cordwise.patient.life.result import GivenRegimen, PatientLife
from cordwise.present import numbers
from cordwise.present.patient.cord_state import BUNDLES, LEAST_VISIBLE_FIBRES, SIDES, CordState
from cordwise.present.patient.cord_strip import LEAST_CELLS

STANDARD_DAYS = {1: "day 1", 14: "week 2", 30: "month 1", 91: "month 3", 183: "month 6", 365: "1 year"}
PRODUCTS = {
    "autologous_msc": "the patient's own marrow cells",
    "allogeneic_msc": "a donor's marrow cells",
    "msc_vesicles": "vesicles of marrow cells",
    "neural_progenitors": "neural progenitor cells",
}
ROUTES = {"intravenous": "into a vein", "intrathecal": "into the spinal fluid", "intralesional": "into the lesion"}
LEAST_VISIBLE_INFLAMMATION = 0.05
LEAST_SIDE_DIFFERENCE = 0.10
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class CordDifference:
    """The largest change of an amount by the cells, with the day on which it is seen, and that on the last day."""

    largest: float
    day: float
    last: float


def shown_days(life: PatientLife) -> dict[float, str]:
    """Return the days drawn, each with its name; the day with most cells in the cord takes the place of the nearest."""
    last = life.days[-1]
    days: dict[float, str] = {float(day): name for day, name in STANDARD_DAYS.items() if day <= last}
    present = [sum(row) for row in life.fields.with_cells["graft"]]
    if not days or max(present) <= 0:
        return days or {last: f"day {numbers.number(last, 0)}"}
    most = life.days[int(np.argmax(present))]
    nearest = min(days, key=lambda day: abs(log(day / most)))
    named = {day: name for day, name in days.items() if day != nearest} | {most: f"day {numbers.number(most, 0)}"}
    return dict(sorted(named.items()))


def fibre_change(life: PatientLife) -> CordDifference:
    """Return the largest change by cells in the share of all fibres that pass the lesion."""
    without, with_cells = (
        np.mean(
            [np.mean([found[side][name] for name in tracts], axis=0) for side in SIDES for tracts in BUNDLES.values()],
            axis=0,
        )
        for _, found in life.tracts.items()
    )
    return _largest(life, with_cells - without)


def inflammation_change(life: PatientLife) -> CordDifference:
    """Return the largest change by cells in inflammation anywhere, as a share of its peak without cells."""
    without, with_cells = (np.asarray(found["inflammation"]) for _, found in life.fields.items())
    change = (with_cells - without) / max(without.max(), np.finfo(float).tiny)
    worst = np.abs(change).argmax(axis=1)
    return _largest(life, change[np.arange(len(change)), worst])


def _largest(life: PatientLife, course: np.ndarray) -> CordDifference:
    place = int(np.abs(course).argmax())
    return CordDifference(float(course[place]), float(life.days[place]), float(course[-1]))


def difference_words(life: PatientLife) -> str:
    """Return in one or two sentences what cells change in the cord."""
    fibres, inflammation = fibre_change(life), inflammation_change(life)
    calmer = _inflammation_words(inflammation) + _too_few_words(life)
    if abs(fibres.largest) < LEAST_VISIBLE_FIBRES:
        in_fibres = " in the fibres" if abs(inflammation.largest) >= LEAST_VISIBLE_INFLAMMATION else ""
        start = f"No visible difference{in_fibres}"
        return f"{start}: the largest change is {in_a_hundred(abs(fibres.largest), about=True)}.{calmer}"
    more = "more" if fibres.largest > 0 else "fewer"
    final = round(100 * fibres.last)
    at_most = f"{round(100 * abs(fibres.largest))} {more} of every 100 fibres pass the lesion on day {fibres.day:.0f}"
    at_the_end = "" if fibres.day == life.days[-1] else f", {numbers.signed(final, 0)} at the end"
    return f"{at_most}{at_the_end}.{calmer}"


def _inflammation_words(change: CordDifference) -> str:
    """Return what cells do to inflammation, or nothing where it cannot be seen."""
    if abs(change.largest) < LEAST_VISIBLE_INFLAMMATION:
        return ""
    direction = "less" if change.largest < 0 else "more"
    return (
        f" Inflammation: up to {numbers.share(abs(change.largest))} of its peak {direction}, on day {change.day:.0f}."
    )


def _too_few_words(life: PatientLife) -> str:
    """Return that cells are there but not drawn, where that is so."""
    most = max(max(row) for row in life.fields.with_cells["graft"])
    return " Too few cells reach the cord to be drawn." if 0 < most < LEAST_CELLS else ""


def in_a_hundred(share: float, *, about: bool = False) -> str:
    """Return a share of fibres in words, never as none unless it is none."""
    if share == 0:
        return "0 in 100 fibres"
    count = round(100 * share)
    return f"{'about ' * about}{count} in 100 fibres" if count else "fewer than 1 in 100 fibres"


def passing_words(state: CordState, paired: CordState | None = None) -> tuple[str, ...]:
    """Return beneath a drawn cord how many fibres pass, how many more than in another, and by side if sides differ."""
    lines = (in_a_hundred(state.passing()).replace(" fibres", "").replace("fewer than", "<"),)
    if paired is not None:
        change = round(100 * (state.passing() - paired.passing()))
        lines = (f"{lines[0]} ({numbers.signed(change, 0) if change else 'same'})",)
    right, left = (state.passing(half) for half in SIDES)
    if abs(right - left) < LEAST_SIDE_DIFFERENCE:
        return lines
    return (*lines, f"right {100 * right:.0f}, left {100 * left:.0f}")


def _millions(cells: float) -> str:
    """Return a number of cells as spoken; raised powers are missing in the fonts of some readers."""
    return f"{cells / MILLION:,.3g} million" if cells >= MILLION else numbers.count(cells)


def regimen_words(regimen: GivenRegimen) -> str:
    """Return which cells are given, where and when."""
    if not regimen.doses:
        return "none could be given"
    given = "; ".join(
        f"{_millions(dose.cells)} {ROUTES.get(dose.route, dose.route)} on day {numbers.number(dose.day, 0)}"
        for dose in regimen.doses
    )
    return f"{PRODUCTS.get(regimen.product, regimen.product.replace('_', ' '))}, {given}"
