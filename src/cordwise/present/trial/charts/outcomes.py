"""What each scenario assumes: the mean outcome without and with cells."""

from collections.abc import Sequence

import altair as alt

from cordwise.present import numbers
from cordwise.present.charts.theme import (
    AXIS,
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
from cordwise.present.trial.text import SHARE_UNIT
from cordwise.trial.characteristics.scenario_result import EndpointResult, ScenarioResult

ROW_HEIGHT = 40
NAME_ROOM = 230
VALUE_ROOM = 200


def assumed_outcomes(scenarios: Sequence[ScenarioResult], endpoint: str, unit: str, *, title: str) -> Spec:
    """Return control and treated means of one endpoint, joined by a line, a row for each scenario."""
    rows = outcome_rows(scenarios, endpoint)
    width = PAGE_WIDTH - NAME_ROOM - VALUE_ROOM
    y = alt.Y("scenario:N", sort=None, title=None)
    y = names_at_left(y, NAME_ROOM, size=13)
    x = (
        alt.X("mean:Q", title=f"{endpoint} ({unit})" if unit else endpoint)
        .scale(nice=True, zero=True)
        .axis(tickCount=8)
    )
    colour = alt.Color("arm:N", legend=None, scale=alt.Scale(domain=["control", "treated"], range=[WITHOUT, WITH]))
    base = alt.Chart(data(rows)).encode(y=y)
    dots = base.mark_point(filled=True, size=100, opacity=1).encode(x=x, color=colour)
    pairs = [row for row in rows if row["arm"] == "treated"]
    joins = alt.Chart(data(pairs)).mark_rule(color=AXIS, strokeWidth=3).encode(y=y, x="mean:Q", x2="other:Q")
    notes = alt.Chart(data(pairs)).mark_text(align="left", dx=12, fontSize=13, color=WITH)
    layers = joins + dots + notes.encode(y=y, x=alt.value(width), text="label:N")
    explained = [
        "Means over the simulated trials. Grey dot: without cells. Blue dot: with cells.",
        "At the right: the difference of the means, and the standard deviation without cells.",
    ]
    return themed(layers.properties(width=width, height=ROW_HEIGHT * len(pairs), title=heading(title, explained)))


def outcome_rows(scenarios: Sequence[ScenarioResult], endpoint: str) -> Rows:
    """Return control then treated for each scenario and treated arm that give both means."""
    rows: Rows = []
    for scenario in scenarios:
        found = [item for item in scenario.endpoints if item.name == endpoint]
        for item in found:
            if item.control_mean is not None and item.treated_mean is not None:
                name = scenario.name if len(found) == 1 else f"{scenario.name}: {item.arm}"
                rows.extend(_pair(name, item, item.control_mean, item.treated_mean))
    return rows


def _pair(name: str, item: EndpointResult, control: float, treated: float) -> Rows:
    """Return the two means of one treated arm and its control."""
    digits = 3 if item.unit == SHARE_UNIT else 2
    label = f"{numbers.signed(treated - control, digits)} (SD {numbers.number(item.control_sd, digits)})"
    return [
        {"scenario": name, "arm": "control", "mean": control, "other": treated, "label": ""},
        {"scenario": name, "arm": "treated", "mean": treated, "other": control, "label": label},
    ]
