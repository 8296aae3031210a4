"""How often the trial rejects its null hypothesis under every scenario, theory beside simulation."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from cordwise.present import numbers
from cordwise.present.charts.theme import (
    INK,
    MUTED,
    OBSERVED,
    PAGE_WIDTH,
    WITH,
    WITHOUT,
    Rows,
    Spec,
    data,
    heading,
    names_at_left,
    themed,
)
from cordwise.trial.characteristics.scenario_result import EndpointResult, ScenarioResult

ROW_HEIGHT = 38
NAME_ROOM = 230
VALUE_ROOM = 190
NORMAL_95 = 1.959963984540054


def reject_rates(scenarios: Sequence[ScenarioResult], nominal: float | None, *, title: str) -> Spec:
    """Return a dot a row at its reject rate, thin and thick bars, a diamond at theory, a line at the nominal rate."""
    rows = rate_rows(scenarios)
    width = PAGE_WIDTH - NAME_ROOM - VALUE_ROOM
    y = alt.Y("scenario:N", sort=None, title=None)
    y = names_at_left(y, NAME_ROOM, size=13)
    x = alt.X("rate:Q", title="Share of simulated trials that reject the null hypothesis")
    x = x.scale(domain=[0, 1], nice=False).axis(format=".1f", tickCount=6)
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=["null", "effect"], range=[WITHOUT, WITH]))
    base = alt.Chart(data(rows)).encode(y=y)
    bars = base.mark_rule(strokeWidth=1.5).encode(x="low:Q", x2="high:Q", color=colour)
    bars += base.mark_rule(strokeWidth=5, opacity=0.6).encode(x="simulated_low:Q", x2="simulated_high:Q", color=colour)
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(x=x, color=colour)
    values = base.mark_text(align="left", dx=12, fontSize=13).encode(x=alt.value(width), text="label:N", color=colour)
    layers = bars + dots + _theory(rows, y) + values
    if nominal is not None:
        layers += _nominal_line(nominal, is_any=len(rows) > len(scenarios))
    return themed(layers.properties(width=width, height=ROW_HEIGHT * len(rows), title=heading(title, _explained(rows))))


def rate_rows(scenarios: Sequence[ScenarioResult]) -> Rows:
    """Return a row for each scenario that has a rate, in the order given; with several treated arms, each arm's too."""
    rows = []
    for scenario in scenarios:
        primary = scenario.primary
        several = len(primary) > 1
        name = f"{scenario.name}: any arm" if several else scenario.name
        theory = None if several else primary[0].theory_reject_rate
        rows.append(_rate_row(name, scenario, theory, is_null=scenario.is_null))
        for row in primary if several else ():
            name = f"{scenario.name}: {row.arm}"
            rows.append(_rate_row(name, row, row.theory_reject_rate, is_null=scenario.is_null))
    return rows


def _rate_row(
    name: str, found: ScenarioResult | EndpointResult, theory: float | None, *, is_null: bool
) -> dict[str, Any]:
    """Return one rate with the ends of its bars."""
    rate, reach = found.reject_rate, NORMAL_95 * (found.mcse or 0.0)
    return {
        "scenario": name,
        "rate": rate,
        "low": found.low95,
        "high": found.high95,
        "simulated_low": max(0.0, rate - reach),
        "simulated_high": min(1.0, rate + reach),
        "theory": theory,
        "kind": "null" if is_null else "effect",
        "label": numbers.rate(rate, None, found.total_error),
    }


def _explained(rows: Rows) -> list[str]:
    """Return what the marks mean, diamonds only where there are any."""
    words = [
        "Thin bar: 95 % for one parameter set, with every error. Thick: 1.96 MCSE. "
        "Grey: no effect assumed. Blue: an effect assumed."
    ]
    return [*words, "Open diamond: what theory says."] if any(row["theory"] is not None for row in rows) else words


def _theory(rows: Rows, y: alt.Y) -> alt.Chart:
    """Return an open diamond at the rate that theory gives, where it gives one."""
    known = [row for row in rows if row["theory"] is not None]
    mark = alt.Chart(data(known)).mark_point(shape="diamond", filled=False, size=190, strokeWidth=1.6, color=INK)
    return mark.encode(x="theory:Q", y=y)


def _nominal_line(nominal: float, *, is_any: bool) -> alt.LayerChart:
    """Return the line at the rate promised without an effect, with its name at the top."""
    whose = " of any arm" if is_any else ""
    label = f"promised without effect{whose}: {numbers.number(nominal, 3)}"
    base = alt.Chart(data([{"rate": nominal, "label": label}])).encode(x="rate:Q")
    line = base.mark_rule(color=OBSERVED, strokeDash=[4, 3], strokeWidth=1.5)
    text = base.mark_text(align="left", baseline="bottom", dx=3, dy=-3, color=MUTED)
    return line + text.encode(y=alt.value(0), text="label:N")
