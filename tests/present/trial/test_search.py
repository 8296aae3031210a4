"""What is shown of a search: page, chart, table, text and JSON say what was found."""

import json
import re
from dataclasses import replace

import pytest

from cordwise.base.provenance import to_json
from cordwise.present.presenters import read_result, report_html
from cordwise.present.trial.search.charts import cost_and_power, design_points
from search_example import searched


@pytest.fixture(scope="module")
def result():
    return searched()


def test_the_result_survives_its_json(result):
    written = json.loads(to_json(result.to_dict()))
    again = read_result(written)
    assert again.to_dict() == written
    assert str(again) == str(result)


def test_the_page_lists_every_design_and_numbers_the_frontier(result):
    page = report_html(result)
    table = page[page.index("Every design, cheapest first") :]
    assert len(re.findall(r"<td>(?:not beaten|beaten|null rate too high)</td>", table)) == len(result.designs)
    assert ", chosen</td>" in page
    assert result.cost.patient.source in page


def test_the_drawing_marks_the_frontier_and_the_chosen_design(result):
    rows, unit = design_points(result)
    assert [place for place, row in enumerate(rows) if row["is_chosen"]] == [result.cheapest]
    numbered = sorted((row["number"], place) for place, row in enumerate(rows) if row["number"])
    assert [place for _, place in numbered] == list(result.frontier)
    assert unit == "crowns"


def test_a_dear_search_counts_in_millions(result):
    dear = tuple(replace(each, cost=each.cost * 1e4) for each in result.designs)
    rows, unit = design_points(replace(result, designs=dear))
    assert unit == "million crowns"
    assert rows[0]["cost"] == pytest.approx(result.designs[0].cost / 100)


def test_a_search_without_a_feasible_design_still_has_a_page_and_an_answer(result):
    beaten = tuple(replace(each, keeps_null_rate=False, on_frontier=False) for each in result.designs)
    nothing = replace(result, designs=beaten, frontier=(), cheapest=None)
    assert cost_and_power(nothing)["layer"]
    assert "Not beaten: none" in report_html(nothing)
    assert "None reaches a power of 0.7" in str(nothing)


def test_the_text_has_a_line_for_each_design_of_the_frontier(result):
    lines = [line for line in str(result).splitlines() if "day 40-50" in line]
    assert len(lines) == len(result.frontier)
    assert [line.startswith("*") for line in lines] == [place == result.cheapest for place in result.frontier]


def test_the_table_has_a_row_for_each_design_and_the_chart_is_drawn(result):
    frame = result.to_frame("designs")
    assert len(frame) == len(result.designs)
    assert frame["is_cheapest"].sum() == 1
    assert frame["power"].to_list() == [each.power for each in result.designs]
    assert result.chart("frontier").to_dict()
