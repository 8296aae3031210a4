"""What is shown of a comparison: page, chart, tables, text and JSON say what was found."""

import json

import pytest

from comparison_example import HOSTILE, compared, mixed
from cordwise.base.provenance import to_json
from cordwise.present import numbers
from cordwise.present.presenters import read_result, report_html
from cordwise.present.trial.compare.charts import design_rows, power_by_design
from cordwise.present.trial.compare.text import question


@pytest.fixture(scope="module")
def result():
    return compared(mixed())


def test_the_result_survives_its_json(result):
    written = json.loads(to_json(result.to_dict()))
    again = read_result(written)
    assert again.to_dict() == written
    assert str(again) == str(result)


def test_the_page_shows_every_rate_with_its_error(result):
    page = report_html(result)
    for scenario in result.scenarios:
        for found in scenario.found:
            assert numbers.rate(found.reject_rate, found.mcse, found.total_error) in page
    assert "not in this design" in page


def test_a_hostile_name_is_shown_as_text(result):
    page = report_html(result)
    assert "<b>" not in page
    assert "&lt;b&gt;smaller" in page


def test_every_design_has_a_dot_in_every_scenario_it_has(result):
    for scenario in result.scenarios:
        rows = design_rows(scenario)
        assert [row["rate"] is None for row in rows] == [each.is_missing for each in scenario.results]
        assert all(row["low"] <= row["rate"] <= row["high"] for row in rows if row["rate"] is not None)
    assert len(power_by_design(result)["vconcat"]) == len(result.scenarios)


def test_the_level_is_drawn_under_the_null_only(result):
    levels = [panel["layer"][0]["data"]["values"] for panel in power_by_design(result)["vconcat"]]
    assert levels == [[{"rate": 0.05}], [], []]


def test_the_question_names_every_design_and_opens_text_and_json(result):
    assert all(each.label in question(result) for each in result.designs)
    assert str(result).startswith(question(result))
    assert result.to_dict()["question"] == question(result)


def test_every_table_and_the_chart_can_be_had(result):
    frame = result.to_frame()
    present = sum(len(each.found) for each in result.scenarios)
    assert len(frame) == present  # one treated arm each
    assert len(result.to_frame("differences")) == len(result.differences)
    assert HOSTILE in result.to_frame("designs")["label"].to_list()
    assert result.chart("power").to_dict()
