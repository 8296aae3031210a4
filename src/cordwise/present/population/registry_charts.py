"""Charts of a cross-validation by registry: forecasts against figures, forecasts side by side, where figures fell."""

from collections.abc import Sequence

import altair as alt

from cordwise.population.validation.result import ForecastComparison, LeftOutFigure, RegistryCrossValidation
from cordwise.present import numbers
from cordwise.present.charts.theme import (
    AXIS,
    BAND,
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
    themed,
)
from cordwise.present.population.left_out import (
    SHARES_AND_SCORES,
    capitalised,
    comparison_pairs,
    figures_name,
    forecast_name,
    main_forecast,
    quality,
)
from cordwise.present.population.measures import SCORES, SHARE, unit_of

OBSERVED_TITLE = "Are registries forecast that the model has not seen?"
FORECASTS_TITLE = "Does the model do better than plainer forecasts?"
PIT_TITLE = "Are the forecasts as sure as they should be?"
_PANEL = (PAGE_WIDTH - 190) // 2
_NAME_ROOM, _ROW = 250, 23
_NARROW = (PAGE_WIDTH - _NAME_ROOM - 130) // 3
_EDGE_ROOM = 1.04
_PROMISED = 0.95  # of 95 % intervals
_AXIS_NAMES = {SHARE: "share of people, %", SCORES: "mean score, points"}


def observed_against_predicted(result: RegistryCrossValidation) -> Spec:
    """Return one panel of shares and one of scores: each figure's forecast and interval against the figure itself."""
    panels = [_panel(figure_rows(result.figures, group), group) for group, _ in SHARES_AND_SCORES]
    explained = "On the line: the forecast equals the figure. Bars: 95 % intervals; orange diamonds lie outside theirs."
    kept = [panel for panel in panels if panel is not None]
    return themed(alt.hconcat(*kept, spacing=36).properties(title=heading(OBSERVED_TITLE, explained)))


def figure_rows(figures: Sequence[LeftOutFigure], group: str) -> Rows:
    """Return the shares, in percent, or the scores; missed ones last, to lie on top."""
    rows = [
        {
            "observed": unit_of(row.measure) * row.observed,
            "predicted": unit_of(row.measure) * row.predicted,
            "low95": unit_of(row.measure) * row.low95,
            "high95": unit_of(row.measure) * row.high95,
            "reached": "misses" if row.is_missed else "covers",
        }
        for row in figures
        if (row.measure == SHARE) == (group == SHARE)
    ]
    return sorted(rows, key=lambda row: row["reached"])


def _panel(rows: Rows, group: str) -> alt.LayerChart | None:
    if not rows:
        return None
    low = min([0.0, *(row["observed"] for row in rows), *(row["low95"] for row in rows)])
    high = max(row[end] for row in rows for end in ("observed", "high95")) * _EDGE_ROOM
    scale = alt.Scale(domain=[low, high], nice=False)
    x = alt.X("observed:Q", title=f"Observed ({_AXIS_NAMES[group]})", scale=scale, axis=alt.Axis(tickCount=6))
    y = alt.Y("predicted:Q", title="Forecast", scale=scale, axis=alt.Axis(tickCount=6))
    ends = ["covers", "misses"]
    colour = alt.Color("reached:N", legend=None, scale=alt.Scale(domain=ends, range=[WITH, OBSERVED]))
    shape = alt.Shape("reached:N", legend=None, scale=alt.Scale(domain=ends, range=["circle", "diamond"]))
    size = alt.Size("reached:N", legend=None, scale=alt.Scale(domain=ends, range=[26, 72]))
    base = alt.Chart(data(rows)).encode(x=x)
    bars = base.mark_rule(clip=True, strokeWidth=1.2, opacity=0.55).encode(y="low95:Q", y2="high95:Q", color=colour)
    dots = base.mark_point(filled=True, opacity=0.9).encode(y=y, color=colour, shape=shape, size=size)
    diagonal = alt.Chart(data([{"observed": end, "predicted": end} for end in (low, high)]))
    line = diagonal.mark_line(color=AXIS, strokeWidth=1.5).encode(x=x, y=y)
    outside = sum(row["reached"] == "misses" for row in rows)
    name = dict(SHARES_AND_SCORES)[group].capitalize()
    title = alt.TitleParams(name, fontSize=13, subtitle=f"{numbers.out_of(outside, len(rows))} outside their interval")
    return (line + bars + dots).properties(width=_PANEL, height=_PANEL, title=title)


def forecasts_compared(result: RegistryCrossValidation) -> Spec:
    """Return coverage and interval scores of the model, its rivals and other priors, each group on the same figures."""
    rows = comparison_rows(result)
    order = list(dict.fromkeys(row["place"] for row in rows))
    panels = [
        _coverage(rows, order),
        _score(rows, order, SHARE, "Interval score of shares, percentage points"),
        _score(rows, order, SCORES, "Interval score of scores, points"),
    ]
    explained = [
        "Each group is judged on the same figures. Dashed: what 95 % intervals promise.",
        "Interval score: the lower the better.",
    ]
    return themed(alt.hconcat(*panels, spacing=22).properties(title=heading(FORECASTS_TITLE, explained)))


def comparison_rows(result: RegistryCrossValidation) -> Rows:
    """Return one row for each group's name and each of its forecasts and measures, in the order of the picture."""
    main = main_forecast(result)
    others = [each for each in result.forecasts if each.figures == main.figures and each is not main]
    groups = [("All figures", [main, *others])]
    groups += [(capitalised(figures_name(rival)), [model, rival]) for model, rival in comparison_pairs(result)]
    rows: Rows = []
    for number, (name, forecasts) in enumerate(groups):
        rows.append({"place": f"{number}|{name}|group"})
        rows += [row for each in forecasts for row in _comparison(number, each)]
    return rows


def _comparison(group: int, each: ForecastComparison) -> Rows:
    name = forecast_name(each).replace("this model, spread of priors", "spread of priors")
    rows: Rows = []
    for measure, words in SHARES_AND_SCORES:
        found = quality(each, measure)
        rows.append(
            {
                "place": f"{group}|{name}|",
                "measure": measure,
                "of": words,
                "coverage95": None if found is None else found.coverage95,
                "interval_score": None if found is None else found.interval_score,
                "is_model": each.forecast == "model",
            }
        )
    return rows


def _names(order: Sequence[str], *, shown: bool) -> alt.Y:
    y = alt.Y("place:N", sort=list(order), title=None, scale=alt.Scale(domain=list(order)))
    if not shown:
        return y.axis(labels=False, ticks=False, domain=False, grid=True)
    is_group = "split(datum.value, '|')[2] === 'group'"
    return y.axis(
        labelExpr="split(datum.value, '|')[1]",
        labelFontWeight={"condition": {"test": is_group, "value": "bold"}, "value": "normal"},
        labelColor={"condition": {"test": is_group, "value": INK}, "value": MUTED},
        labelLimit=_NAME_ROOM - 20,
        minExtent=_NAME_ROOM,
        domain=False,
        ticks=False,
        grid=True,
    )


def _coverage(rows: Rows, order: Sequence[str]) -> alt.LayerChart:
    shown = [row for row in rows if row.get("coverage95") is not None]
    lowest = min([0.5, *(row["coverage95"] - 0.05 for row in shown)])
    x = alt.X("coverage95:Q", title="Inside their 95 % interval", scale=alt.Scale(domain=[max(lowest, 0), 1]))
    x = x.axis(format="%", tickCount=3)
    kinds = [words for _, words in SHARES_AND_SCORES]
    colour = alt.Color("of:N", scale=alt.Scale(domain=kinds, range=[WITH, WITHOUT])).legend(
        title=None, orient="bottom", direction="horizontal"
    )
    shape = alt.Shape("of:N", scale=alt.Scale(domain=kinds, range=["circle", "square"])).legend(title=None)
    names = _names(order, shown=True)
    dots = alt.Chart(data(shown)).mark_point(filled=True, size=70, opacity=0.9).encode(x=x, y=names, color=colour)
    line = alt.Chart(data([{"coverage95": _PROMISED}])).mark_rule(color=AXIS, strokeDash=[5, 4], strokeWidth=1.5)
    return (line.encode(x="coverage95:Q") + dots.encode(shape=shape)).properties(
        width=_NARROW, height=_ROW * len(order)
    )


def _score(rows: Rows, order: Sequence[str], measure: str, title: str) -> alt.LayerChart:
    shown = [row for row in rows if row.get("measure") == measure and row["interval_score"] is not None]
    x = alt.X("interval_score:Q", title=title.split(", "), scale=alt.Scale(domainMin=0)).axis(tickCount=4)
    base = alt.Chart(data(shown)).encode(y=_names(order, shown=False))
    colour, shape = (WITH, "circle") if measure == SHARE else (WITHOUT, "square")
    bars = base.mark_bar(height=5, color=colour, opacity=0.55).encode(x=x)
    ends = base.mark_point(filled=True, size=70, color=colour, shape=shape).encode(x=x)
    words = base.mark_text(align="left", dx=8, color=INK).encode(x=x, text=alt.Text("interval_score:Q", format=".1f"))
    return (bars + ends + words).properties(width=_NARROW, height=_ROW * len(order))


def where_figures_fell(result: RegistryCrossValidation) -> Spec:
    """Return how many figures fell into each tenth of their forecast distribution, shares and scores apart."""
    panels = []
    for group, name in SHARES_AND_SCORES:
        found = quality(main_forecast(result), group)
        if found and found.pit_histogram:
            panels.append(_tenths(found.pit_histogram, name, WITH if group == SHARE else WITHOUT))
    explained = [
        "Figures by tenths of their forecast distribution. Level with the dashed line: as sure as they should be;",
        "high in the middle: not sure enough; high at the ends: too sure.",
    ]
    return themed(alt.hconcat(*panels, spacing=36).properties(title=heading(PIT_TITLE, explained)))


def _tenths(counts: Sequence[int], name: str, colour: str) -> alt.LayerChart:
    width = 1 / len(counts)
    rows = [{"from": place * width, "to": (place + 1) * width, "figures": each} for place, each in enumerate(counts)]
    x = alt.X("from:Q", title="Place in the forecast distribution", scale=alt.Scale(domain=[0, 1]))
    x = x.axis(format="%", tickCount=5, grid=False)
    y = alt.Y("figures:Q", title="Figures", axis=alt.Axis(tickMinStep=1, tickCount=5))
    bars = alt.Chart(data(rows)).mark_rect(color=BAND, stroke=colour, strokeWidth=1)
    foot = alt.Y2Datum(0)
    drawn = bars.encode(x=x, x2="to:Q", y=y, y2=foot)
    even = alt.Chart(data([{"figures": sum(counts) / len(counts)}])).mark_rule(
        color=AXIS, strokeDash=[5, 4], strokeWidth=1.5
    )
    title = alt.TitleParams(name.capitalize(), fontSize=13, subtitle=f"{sum(counts)} figures")
    return (drawn + even.encode(y="figures:Q")).properties(width=_PANEL, height=150, title=title)
