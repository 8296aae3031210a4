"""What all charts share."""

import altair as alt

from cordwise.present.charts.drawing import svg
from cordwise.present.charts.theme import data, themed


def test_nothing_of_a_chart_with_a_legend_is_drawn_in_black_which_the_dark_hides():
    rows = [{"x": 1, "y": 2, "kind": "one"}, {"x": 2, "y": 1, "kind": "two"}]
    chart = alt.Chart(data(rows)).mark_point().encode(x="x:Q", y="y:Q", color="kind:N")
    drawn = svg(themed(chart), name="legend", title="Legend", description="A chart with a legend")
    assert ">one<" in drawn
    assert 'fill="#000"' not in drawn
