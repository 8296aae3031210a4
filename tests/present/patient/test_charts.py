import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.present.charts.drawing import svg
from cordwise.present.patient import cord_over_time as cord
from cordwise.present.patient.scores import grade_rows, score_picture, score_rows
from example_life import helped, with_field


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.floats(-2, 2), min_size=5, max_size=5), min_size=4, max_size=4),
    st.integers(4, 40),
)
def test_tiles_give_back_the_field_to_one_shade(values, shades):
    axis, days = [-2.0, -1.0, 0.0, 1.0, 2.0], [0.0, 1.0, 3.0, 9.0]
    rows = cord.tiles(axis, days, values, shades)
    step = max(abs(value) for row in values for value in row) / shades
    for place, day in enumerate(days):
        for cell, x in enumerate(axis):
            inside = [
                row["value"] for row in rows if row["left"] <= x <= row["right"] and row["from"] <= day <= row["until"]
            ]
            assert any(abs(value - values[place][cell]) <= 0.5001 * step + 1e-12 for value in inside)


def test_tiles_cover_the_whole_map_once():
    axis, days = [-3.0, -1.0, 2.0], [0.5, 1.0, 4.0, 10.0]
    rows = cord.tiles(axis, days, [[0, 1, 0], [0, 1, 0], [0, 0.5, 0], [0, 0.2, 1]], 10)
    area = sum((row["right"] - row["left"]) * (row["until"] - row["from"]) for row in rows)
    assert area == pytest.approx((2 + 3) * (10 - 0.5))


def test_equal_neighbours_in_time_are_one_tile():
    assert len(cord.tiles([0.0, 1.0], [0.0, 1.0, 2.0], [[1, 1]] * 3, 10)) == 2


def test_what_is_kept_is_drawn_as_lost():
    fields = helped().fields.without
    assert cord.amounts(fields, "axon")[0][0] == 1 - fields["axon"][0][0]
    assert cord.amounts(fields, "leak") is fields["leak"]


def test_fields_that_are_zero_everywhere_are_left_out():
    assert "graft" in cord.shown_fields(helped().fields)
    assert "graft" not in cord.shown_fields(with_field(helped(), "graft", lambda _: 0.0).fields)


def test_without_and_with_share_one_scale_from_zero_and_the_difference_is_centred():
    without, with_cells, change = cord.heat_maps(helped(), "inflammation")
    assert without.colours.to_dict()["domain"] == with_cells.colours.to_dict()["domain"]
    assert without.colours.to_dict()["domain"][0] == 0
    low, middle, high = change.colours.to_dict()["domain"]
    assert (low, middle) == (-high, 0)


def test_a_difference_of_next_to_nothing_is_not_blown_up():
    life = helped()
    same = replace(life, fields=replace(life.fields, with_cells=life.fields.without))
    change = cord.heat_maps(with_field(same, "border", lambda value: value + 1e-6), "border")[2]
    peak = max(max(row) for row in life.fields.without["border"])
    assert change.colours.to_dict()["domain"][2] == pytest.approx(cord.LEAST_SHOWN_DIFFERENCE * peak, rel=1e-3)
    assert change.note == "all smaller than 0.01"


def test_every_panel_of_the_cord_has_its_data_and_its_dose():
    shown = cord.shown_fields(helped().fields)
    spec = cord.cord_picture(helped(), title="The cord")
    text = json.dumps(spec)
    panels = [panel for row in spec["vconcat"] for panel in row["hconcat"]]
    assert len(panels) == 3 * len(shown)
    for panel in panels:
        heat = panel["layer"][0]
        assert spec["datasets"][heat.get("data", panel.get("data"))["name"]]
    assert text.count("strokeDash") == 2 * len(shown)
    assert "mm from the centre of the lesion" in text


def test_the_cord_is_cut_to_what_can_be_seen():
    assert 10 < cord.visible_reach(helped()) < max(map(abs, helped().axis_mm))


def test_scores_are_drawn_on_their_full_range():
    spec = score_picture(helped(), title="Scores")
    panels = [panel for row in spec["vconcat"][:2] for panel in row["hconcat"]]
    tops = [panel["layer"][0]["encoding"]["y"]["scale"]["domain"] for panel in panels]
    assert tops == [[0, 50], [0, 50], [0, 112], [0, 112]]


def test_every_visit_has_a_score_and_a_grade_in_both_worlds():
    scores = helped().scores
    assert len(score_rows(scores, "uems")) == 2 * len(scores.days)
    letters = [row["ais"] for row in grade_rows(scores)]
    assert letters == [*scores.without.ais, *scores.with_cells.ais]


def test_a_drawing_has_a_name_a_text_alternative_and_identifiers_of_its_own():
    spec = cord.cord_picture(helped(), title="The cord")
    drawn = svg(spec, name="cord", title="Cord & <lesion>", description='a "text"')
    root = ElementTree.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "cord-title cord-text"
    assert root.find(f"{space}title").text == "Cord & <lesion>"
    assert root.find(f"{space}desc").text == 'a "text"'
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(names) == len(set(names))
    assert all(name.startswith("cord-") for name in names)
    used = {element.get("clip-path") for element in root.iter()} - {None}
    assert used
    assert {use.removeprefix("url(#").removesuffix(")") for use in used} <= set(names)
