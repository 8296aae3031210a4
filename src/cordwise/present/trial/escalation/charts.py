"""What dose-escalation designs do in each scenario: the dose they select, and how many patients they overdose."""

from collections.abc import Sequence

import altair as alt

from cordwise.present import numbers
from cordwise.present.charts.theme import GRID, PAGE_WIDTH, Rows, Spec, data, heading, names_at_left, themed
from cordwise.present.trial.charts.operating import NORMAL_95
from cordwise.present.trial.charts.sample_size import line_colours
from cordwise.trial.escalation.result import Escalation, SimulatedEscalation

SELECTION = "Which dose does each design select?"
OVERDOSED = "How many patients are overdosed?"
PANELS_IN_A_ROW = 2
PANEL_HEIGHT, AXIS_ROOM, GAP = 170, 66, 28
ROW_HEIGHT, NAME_ROOM, VALUE_ROOM = 24, 240, 190


def selection_by_dose(result: Escalation) -> Spec:
    """Return the share of trials that select each dose, a panel a scenario, bars by design, the right dose shaded."""
    designs = result.designs
    names = [design.name for design in designs]
    width = (PAGE_WIDTH - GAP) // PANELS_IN_A_ROW - AXIS_ROOM
    panels = [
        _panel(selection_rows(designs, place), names).properties(
            width=width, height=PANEL_HEIGHT, title=alt.TitleParams(scenario.name, fontSize=13, limit=width)
        )
        for place, scenario in enumerate(designs[0].scenarios)
    ]
    rows = [alt.hconcat(*panels[at : at + PANELS_IN_A_ROW]) for at in range(0, len(panels), PANELS_IN_A_ROW)]
    explained = "Below each dose: its assumed toxicity rate. Shaded: the dose that is right in that scenario."
    return themed(alt.vconcat(*rows, title=heading(SELECTION, explained)))


def selection_rows(designs: Sequence[SimulatedEscalation], scenario: int) -> Rows:
    """Return the share of each selection by each design in one scenario; doses count from 1, 0 is none."""
    rows: Rows = []
    for design in designs:
        found = design.scenarios[scenario]
        right = found.right_dose or 0
        labels = ["none|", *(f"dose {dose}|{numbers.share(rate)}" for dose, rate in enumerate(found.rates, start=1))]
        rows.extend(
            {"design": design.name, "dose": label, "share": share, "is_right": dose == right, "top": 1.0}
            for dose, (label, share) in enumerate(zip(labels, found.selected, strict=True))
        )
    return rows


def _panel(rows: Rows, names: list[str]) -> alt.LayerChart:
    """Return the bars of one scenario over the shade of the right dose."""
    x = alt.X("dose:N", sort=list(dict.fromkeys(row["dose"] for row in rows)), title=None)
    x = x.axis(labelAngle=0, labelExpr="split(datum.label, '|')", ticks=False, grid=False, labelOverlap=False)
    y = alt.Y("share:Q", title="Share of trials").scale(domain=[0, 1], nice=False).axis(format="%", tickCount=5)
    legend = alt.Legend(title=None, orient="top", labelFontSize=12, symbolType="square")
    scale = alt.Scale(domain=names, range=line_colours(len(names)))
    colour = alt.Color("design:N", sort=names, legend=legend, scale=scale)
    right = [row for row in rows if row["is_right"]][:1]
    shade = alt.Chart(data(right)).mark_bar(color=GRID, width=alt.RelativeBandSize(1.0))
    bars = alt.Chart(data(rows)).mark_bar().encode(x=x, y=y, color=colour, xOffset=alt.XOffset("design:N", sort=names))
    return shade.encode(x=x, y="top:Q") + bars


def overdosed_patients(result: Escalation) -> Spec:
    """Return the share of patients treated above the right dose and the target, a row a scenario and design."""
    designs = result.designs
    rows = overdose_rows(designs)
    width, height = PAGE_WIDTH - NAME_ROOM - VALUE_ROOM, ROW_HEIGHT * len(rows)
    y = alt.Y("row:N", sort=None, title=None)
    y = names_at_left(y, NAME_ROOM)
    x = alt.X("share:Q", title="Share of patients treated at a dose that is too toxic")
    x = x.scale(domain=[0, 1], nice=False).axis(format="%", tickCount=6)
    names = [design.name for design in designs]
    colour = alt.Color("design:N", legend=None, scale=alt.Scale(domain=names, range=line_colours(len(names))))
    chart = alt.Chart(data(rows))
    bars = chart.mark_rule(strokeWidth=2).encode(y=y, x="low:Q", x2="high:Q", color=colour)
    dots = chart.mark_point(filled=True, size=70, opacity=1).encode(y=y, x=x, color=colour)
    texts = chart.mark_text(align="left", dx=12, fontSize=12).encode(y=y, x=alt.value(width), text="label:N")
    explained = "Bars: 1.96 Monte Carlo standard errors either side."
    return themed((bars + dots + texts).properties(width=width, height=height, title=heading(OVERDOSED, explained)))


def overdose_rows(designs: Sequence[SimulatedEscalation]) -> Rows:
    """Return the share overdosed with the ends of its Monte Carlo bar, scenario by scenario."""
    rows: Rows = []
    for place, scenario in enumerate(designs[0].scenarios):
        for design in designs:
            found = design.scenarios[place]
            share, reach = found.overdosed_share, NORMAL_95 * found.overdosed_share_mcse
            rows.append(
                {
                    "row": f"{scenario.name}: {design.name}",
                    "design": design.name,
                    "share": share,
                    "low": max(0.0, share - reach),
                    "high": min(1.0, share + reach),
                    "label": f"{numbers.share(share)} of {numbers.number(found.expected_n)} patients",
                }
            )
    return rows
