"""How often the trial rejects its null hypothesis under every scenario."""

from typing import Any

import altair as alt

from cordwise.report import numbers
from cordwise.report.charts.theme import MUTED, OBSERVED, PAGE_WIDTH, WITH, WITHOUT, Rows, Spec, data, heading, themed

ROW_HEIGHT = 38
NAME_ROOM = 230
VALUE_ROOM = 160
NORMAL_95 = 1.959963984540054


def reject_rates(scenarios: list[dict[str, Any]], alpha: float | None, *, title: str) -> Spec:
    """Return a dot for each scenario at its reject rate, bars of 1.96 MCSE, and a line at alpha."""
    rows = rate_rows(scenarios)
    width = PAGE_WIDTH - NAME_ROOM - VALUE_ROOM
    y = alt.Y("scenario:N", sort=None, title=None)
    y = y.axis(labelLimit=NAME_ROOM - 20, minExtent=NAME_ROOM - 20, domain=False, ticks=False, labelFontSize=13)
    x = alt.X("rate:Q", title="Share of simulated trials that reject the null hypothesis")
    x = x.scale(domain=[0, 1], nice=False).axis(format=".1f", tickCount=6)
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=["null", "effect"], range=[WITHOUT, WITH]))
    base = alt.Chart(data(rows)).encode(y=y)
    bars = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q", color=colour)
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(x=x, color=colour)
    values = base.mark_text(align="left", dx=12, fontSize=13).encode(x=alt.value(width), text="label:N", color=colour)
    layers = bars + dots + values
    if alpha is not None:
        layers += _alpha_line(alpha)
    explained = "Bars: 1.96 Monte Carlo standard errors either side. Grey: no effect assumed, the rate should be alpha."
    return themed(layers.properties(width=width, height=ROW_HEIGHT * len(rows), title=heading(title, explained)))


def rate_rows(scenarios: list[dict[str, Any]]) -> Rows:
    """Return one row a scenario, in the order given."""
    return [
        {
            "scenario": scenario["name"],
            "rate": scenario["reject_rate"],
            "low": max(0.0, scenario["reject_rate"] - NORMAL_95 * scenario["mcse"]),
            "high": min(1.0, scenario["reject_rate"] + NORMAL_95 * scenario["mcse"]),
            "kind": "null" if scenario["is_null"] else "effect",
            "label": numbers.rate(scenario["reject_rate"], scenario["mcse"]),
        }
        for scenario in scenarios
    ]


def _alpha_line(alpha: float) -> alt.LayerChart:
    """Return the line at the significance level with its name at the top."""
    base = alt.Chart(data([{"rate": alpha, "label": f"alpha {numbers.number(alpha, 3)}"}])).encode(x="rate:Q")
    line = base.mark_rule(color=OBSERVED, strokeDash=[4, 3], strokeWidth=1.5)
    text = base.mark_text(align="left", baseline="bottom", dx=3, dy=-3, color=MUTED)
    return line + text.encode(y=alt.value(0), text="label:N")
