"""The reject rate by the values that a sweep varies."""

from collections.abc import Mapping
from itertools import product

import altair as alt

from cordwise.present.charts.theme import PAGE_WIDTH, Rows, Spec, data, heading, themed
from cordwise.present.trial.charts.sample_size import line_colours
from cordwise.present.trial.sweep.text import described, scenario_names, shown
from cordwise.trial.sweep import Scalar, Sweep

POWER = "How often does the trial reject, by the values varied?"
PANEL_HEIGHT, AXIS_ROOM = 200, 64
PANELS_IN_A_ROW = 2


def power_by_value(result: Sweep) -> Spec:
    """Return the reject rate against the first path, a line a scenario, a panel for each combination of the others."""
    first, *others = result.grid
    names = scenario_names(result)
    in_a_row = min(PANELS_IN_A_ROW, len(list(product(*(result.grid[path] for path in others)))))
    size = {"width": PAGE_WIDTH // in_a_row - AXIS_ROOM, "height": PANEL_HEIGHT}
    panels = [
        _panel(value_rows(result, first, fixed), first, names).properties(**size, title=described(fixed) or first)
        for values in product(*(result.grid[path] for path in others))
        for fixed in (dict(zip(others, values, strict=True)),)
    ]
    rows = [alt.hconcat(*panels[at : at + in_a_row]) for at in range(0, len(panels), in_a_row)]
    explained = "Primary endpoint. Bars: 95 % for one parameter set, with every error."
    return themed(alt.vconcat(*rows, title=heading(POWER, explained)))


def value_rows(result: Sweep, first: str, fixed: Mapping[str, Scalar]) -> Rows:
    """Return the rates of the combinations that have the fixed values, with the ends of their bars."""
    return [
        {
            "value": value if is_numeric(result, first) else shown(value),
            "scenario": scenario.name,
            "rate": scenario.reject_rate,
            "low": scenario.low95,
            "high": scenario.high95,
        }
        for design in result.designs
        if all(design.values[path] == each for path, each in fixed.items())
        for value in (design.values[first],)
        for scenario in design.scenarios
    ]


def is_numeric(result: Sweep, path: str) -> bool:
    """Return whether all values of a path are numbers, so that they have places on an axis."""
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in result.grid[path])


def _panel(rows: Rows, path: str, names: tuple[str, ...]) -> alt.LayerChart:
    is_number = not rows or isinstance(rows[0]["value"], int | float)
    x = alt.X("value:Q", title=path).scale(zero=False) if is_number else alt.X("value:N", title=path, sort=None)
    legend = alt.Legend(title=None, orient="top", columns=2, labelLimit=0)
    colour = alt.Color(
        "scenario:N",
        legend=legend,
        sort=list(names),
        scale=alt.Scale(domain=list(names), range=line_colours(len(names))),
    )
    base = alt.Chart(data(rows)).encode(color=colour)
    y = alt.Y("rate:Q", title="Share of trials that reject").scale(domain=[0, 1], nice=False).axis(format=".1f")
    bars = base.mark_rule(strokeWidth=1.5).encode(x=x, y="low:Q", y2="high:Q")
    return bars + base.mark_line(strokeWidth=2.2, point=alt.OverlayMarkDef(size=40)).encode(x=x, y=y)
