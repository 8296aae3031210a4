"""How far the reject rate differs between parameter sets, under every scenario."""

from collections.abc import Sequence

import altair as alt

from cordwise.present.charts.theme import (
    INK,
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
from cordwise.present.trial.charts.operating import NAME_ROOM
from cordwise.trial.characteristics.scenario_result import ScenarioResult
from cordwise.trial.result import RatesBySet

ROW_HEIGHT = 44
RIGHT_ROOM = 30


def power_over_sets(scenarios: Sequence[ScenarioResult], by_set: Sequence[RatesBySet], *, title: str) -> Spec:
    """Return a row a scenario: a tick for each parameter set, a bar about 95 % of them, a dot at their mean."""
    sets, means = set_rows(scenarios, by_set)
    names = [each.name for each in scenarios]
    y = alt.Y("scenario:N", sort=names, title=None, scale=alt.Scale(domain=names))
    y = names_at_left(y, NAME_ROOM, size=13)
    x = alt.X("rate:Q", title="Share of trials that reject, in one parameter set").scale(domain=[0, 1], nice=False)
    x = x.axis(format=".1f", tickCount=6)
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=["null", "effect"], range=[WITHOUT, WITH]))
    ticks = alt.Chart(data(sets)).mark_tick(opacity=0.35, thickness=1.5, size=26).encode(x=x, y=y, color=colour)
    base = alt.Chart(data(means)).encode(y=y)
    bars = base.mark_rule(strokeWidth=1.5, color=INK).encode(x="low:Q", x2="high:Q")
    dots = base.mark_point(filled=True, size=90, opacity=1, color=INK).encode(x=x)
    explained = "Tick: a parameter set, without the noise of the simulation. Dot: their mean. Bar: 95 % of them."
    size = {"width": PAGE_WIDTH - NAME_ROOM - RIGHT_ROOM, "height": ROW_HEIGHT * len(names)}
    return themed((ticks + bars + dots).properties(**size, title=heading(title, explained)))


def set_rows(scenarios: Sequence[ScenarioResult], by_set: Sequence[RatesBySet]) -> tuple[Rows, Rows]:
    """Return a row for each scenario and set, and one for each scenario."""
    kinds = {each.name: "null" if each.is_null else "effect" for each in scenarios}
    sets = [
        {"scenario": each.scenario, "rate": rate, "kind": kinds[each.scenario]}
        for each in by_set
        for rate in each.without_noise
        if rate is not None
    ]
    means = [
        {"scenario": each.name, "rate": each.reject_rate, "low": each.sets_low95, "high": each.sets_high95}
        for each in scenarios
    ]
    return sets, means
