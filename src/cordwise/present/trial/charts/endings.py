"""How the trials of each scenario end: early with a finding, early without, or at the planned end."""

from collections.abc import Sequence

import altair as alt

from cordwise.present import numbers
from cordwise.present.charts.theme import (
    AXIS,
    BAND,
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
from cordwise.trial.characteristics.scenario_result import ScenarioResult

ROW_HEIGHT = 34
NAME_ROOM, VALUE_ROOM = 210, 190
KINDS = {
    "found early": WITH,
    "found at the end": "#6aa9d6",
    "not found at the end": BAND,
    "given up early": WITHOUT,
    "stopped for harm": OBSERVED,
}


def endings(scenarios: Sequence[ScenarioResult], *, title: str) -> Spec:
    """Return a bar a scenario, divided by how its trials end, with the mean number of patients at the right."""
    rows = ending_rows(scenarios)
    width = PAGE_WIDTH - NAME_ROOM - VALUE_ROOM
    kinds = list(KINDS)
    y = alt.Y("scenario:N", sort=None, title=None)
    y = names_at_left(y, NAME_ROOM, size=13)
    x = alt.X("from:Q", title="Share of simulated trials").scale(domain=[0, 1], nice=False).axis(format="%")
    legend = alt.Legend(title=None, orient="top", labelFontSize=12, symbolType="square", columns=5, labelLimit=0)
    colour = alt.Color("kind:N", sort=kinds, legend=legend, scale=alt.Scale(domain=kinds, range=list(KINDS.values())))
    bars = alt.Chart(data(rows)).mark_bar(height=20, stroke=AXIS, strokeWidth=0.5)
    notes = [
        {"scenario": row.name, "label": f"{numbers.number(row.expected_n, 0)} patients on average"} for row in scenarios
    ]
    texts = alt.Chart(data(notes)).mark_text(align="left", dx=12, fontSize=13)
    layers = bars.encode(y=y, x=x, x2="to:Q", color=colour) + texts.encode(y=y, x=alt.value(width), text="label:N")
    return themed(layers.properties(width=width, height=ROW_HEIGHT * len(scenarios), title=heading(title)))


def ending_shares(scenario: ScenarioResult) -> dict[str, float]:
    """Return the share of trials that end in each way; they add up to 1."""
    early = sum(row.stopped_for_efficacy for row in scenario.looks[:-1])
    futile, harmed = scenario.stopped_for_futility, scenario.stopped_for_harm
    found = sum(row.stopped_for_efficacy for row in scenario.looks) if scenario.looks else scenario.reject_rate
    shares = (early, found - early, max(0.0, 1 - found - futile - harmed), futile, harmed)
    return dict(zip(KINDS, shares, strict=True))


def ending_rows(scenarios: Sequence[ScenarioResult]) -> Rows:
    """Return the parts of each scenario's bar, from left to right."""
    rows: Rows = []
    for scenario in scenarios:
        at = 0.0
        for kind, share in ending_shares(scenario).items():
            rows.append({"scenario": scenario.name, "kind": kind, "from": at, "to": at + share, "share": share})
            at += share
    return rows
