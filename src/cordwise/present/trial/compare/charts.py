"""How often each design rejects, scenario by scenario."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from cordwise.present import numbers
from cordwise.present.charts.theme import INK, OBSERVED, PAGE_WIDTH, Rows, Spec, data, heading, names_at_left, themed
from cordwise.present.trial.charts.sample_size import line_colours
from cordwise.trial.compare.result import ComparedScenario, Comparison, DesignInScenario, MissingScenario

POWER = "How often does each design reject, on its primary endpoint?"
ROW_HEIGHT = 26
NAME_ROOM = 250
VALUE_ROOM = 190
WIDTH = PAGE_WIDTH - NAME_ROOM - VALUE_ROOM


def power_by_design(result: Comparison) -> Spec:
    """Return a panel for each scenario with a dot for each design, and under the null a line at each level."""
    labels, alphas = [each.label for each in result.designs], [each.alpha for each in result.designs]
    colour = alt.Color("design:N", legend=None, scale=alt.Scale(domain=labels, range=line_colours(len(labels))))
    last = len(result.scenarios) - 1
    panels = [
        _panel(scenario, colour, alphas if scenario.is_null else (), with_axis=place == last)
        for place, scenario in enumerate(result.scenarios)
    ]
    explained = "Bars: 95 % for one parameter set, with every error. Broken line: the level of the test."
    stacked = alt.vconcat(*panels, spacing=34, bounds="flush")
    return themed(stacked.properties(title=heading(POWER, explained)))


def design_rows(scenario: ComparedScenario) -> Rows:
    """Return one row a design; a design that lacks the scenario has no dot, and says so."""
    return [_missing(each) if isinstance(each, MissingScenario) else _present(each) for each in scenario.results]


def _missing(found: MissingScenario) -> dict[str, Any]:
    return {"design": found.design, "rate": None, "low": None, "high": None, "label": "not in this design"}


def _present(found: DesignInScenario) -> dict[str, Any]:
    return {
        "design": found.design,
        "rate": found.reject_rate,
        "low": found.low95,
        "high": found.high95,
        "label": numbers.rate(found.reject_rate, None, found.total_error),
    }


def _panel(
    scenario: ComparedScenario, colour: alt.Color, alphas: Sequence[float], *, with_axis: bool
) -> alt.LayerChart:
    rows = design_rows(scenario)
    y = alt.Y("design:N", sort=None, title=None)
    y = names_at_left(y, NAME_ROOM)
    title = "Share of simulated trials that reject the null hypothesis" if with_axis else None
    x = alt.X("rate:Q", title=title).scale(domain=[0, 1], nice=False)
    x = x.axis(format=".1f", tickCount=6, labels=with_axis, ticks=with_axis, domain=with_axis)
    base = alt.Chart(data(rows)).encode(y=y, color=colour)
    bars = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(x=x)
    values = alt.Chart(data(rows)).mark_text(align="left", dx=12, color=INK)
    layers = _levels(alphas, x) + bars + dots + values.encode(y=y, x=alt.value(WIDTH), text="label:N")
    label = alt.TitleParams(scenario.name, fontSize=13, offset=4)
    return layers.properties(width=WIDTH, height=ROW_HEIGHT * len(rows), title=label)


def _levels(alphas: Sequence[float], x: alt.X) -> alt.Chart:
    rows: Rows = [{"rate": alpha} for alpha in sorted(set(alphas))]
    return alt.Chart(data(rows)).mark_rule(color=OBSERVED, strokeDash=[4, 3], strokeWidth=1.5).encode(x=x)
