"""How many would improve without cells: the chance of every number, with the observed number marked."""

from collections.abc import Sequence

import altair as alt

from cordwise.appraisal.result import ArmAppraisal
from cordwise.present import numbers
from cordwise.present.charts.theme import BAND, INK, OBSERVED, PAGE_WIDTH, TAIL, Rows, Spec, data, heading, themed

SHOWN_CHANCE = 1e-4
HEADROOM = 1.3
LINE_HEIGHT = 18


def number_improved(arm: ArmAppraisal, *, title: str = "", width: int = PAGE_WIDTH - 80) -> Spec:
    """Return the distribution of the number of simulated patients who improve without cells.

    Bars at and beyond the observed number are shaded.
    """
    rows = chance_rows(arm.distribution, arm.observed_improved)
    ceiling = HEADROOM * max(row["chance"] for row in rows)
    x = alt.X("improved:Q", title=f"Number improved of {arm.n} simulated patients without cells", axis=_whole(rows))
    y = alt.Y("chance:Q", title="Chance of this number", scale=alt.Scale(domain=[0, ceiling]))
    bars = (
        alt.Chart(data(rows))
        .mark_bar(width={"expr": f"0.82 * {width} / {len(rows) + 1}"})
        .encode(
            x=x.scale(domain=[rows[0]["improved"] - 0.5, rows[-1]["improved"] + 0.5], nice=False),
            y=y,
            color=alt.Color("part:N", scale=alt.Scale(domain=["fewer", "tail"], range=[BAND, TAIL]), legend=None),
        )
    )
    layers = bars + _observed_mark(arm, rows, ceiling) + _expected_mark(arm, rows, ceiling)
    return themed(layers.properties(width=width, height=230, title=heading(title or finding(arm), _tail_sentence(arm))))


def chance_rows(distribution: Sequence[float], observed: int) -> Rows:
    """Return one row for each number that has a visible chance, and every number up to the observed one."""
    visible = [count for count, chance in enumerate(distribution) if chance >= SHOWN_CHANCE]
    first, last = min(*visible, observed), max(*visible, observed)
    return [
        {
            "improved": count,
            "chance": distribution[count],
            "part": "tail" if count >= observed else "fewer",
        }
        for count in range(max(0, first - 1), min(len(distribution) - 1, last + 1) + 1)
    ]


def finding(arm: ArmAppraisal) -> str:
    """Return the title: what was seen beside what would be expected without cells."""
    expected = numbers.number(arm.expected_improved)
    seen = numbers.out_of(arm.observed_improved, arm.n)
    return f"Seen: {seen} improved. Expected without cells: {expected} of {arm.n}"


def _tail_sentence(arm: ArmAppraisal) -> str:
    """Return what the shaded bars mean, in words."""
    chance = numbers.probability(arm.p_at_least)
    return f"Shaded: {arm.observed_improved} or more, with probability {chance}."


def _whole(rows: Rows) -> alt.Axis:
    """Return an axis with a tick at every whole number, or every few where there are many."""
    step = 1 + len(rows) // 26
    shown = [row["improved"] for row in rows if row["improved"] % step == 0]
    return alt.Axis(values=shown, format="d", grid=False)


def _observed_mark(arm: ArmAppraisal, rows: Rows, ceiling: float) -> alt.LayerChart:
    """Return the line at the observed number with its label."""
    label = f"observed: {numbers.out_of(arm.observed_improved, arm.n)}"
    return _flag(arm.observed_improved, label, rows, ceiling, OBSERVED, line=1)


def _expected_mark(arm: ArmAppraisal, rows: Rows, ceiling: float) -> alt.LayerChart:
    """Return the line at the expected number with its label."""
    expected = arm.expected_improved
    return _flag(expected, f"expected: {numbers.number(expected)}", rows, ceiling, INK, line=2)


def _flag(place: float, label: str, rows: Rows, ceiling: float, colour: str, line: int) -> alt.LayerChart:
    """Return a vertical line, dashed below the first, with its label in its own line on the side that has room."""
    middle = (rows[0]["improved"] + rows[-1]["improved"]) / 2
    align, shift = ("right", -6) if place > middle else ("left", 6)
    base = alt.Chart(data([{"improved": place, "label": label, "top": ceiling}])).encode(x="improved:Q")
    rule = base.mark_rule(color=colour, strokeWidth=2, strokeDash=[5, 4] if line > 1 else [])
    text = base.mark_text(align=align, dx=shift, dy=LINE_HEIGHT * line - 8, color=colour, fontWeight=600, fontSize=13)
    return rule + text.encode(y="top:Q", text="label:N")
