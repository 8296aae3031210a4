"""The report, the text and the tables of one simulated patient."""

import json
from dataclasses import replace

import pytest

from cordwise.base.codec import to_plain
from cordwise.base.errors import InputError
from cordwise.patient.life.result import MarrowHarvest, OtherHarvests, ReadyDays
from cordwise.present.patient.text import harvest_words, kinetics_words
from cordwise.present.presenters import read_result, report_html
from example_life import helped


@pytest.fixture(scope="module")
def life():
    return helped()


def test_a_life_comes_back_from_its_json_as_it_was(life):
    written = json.loads(json.dumps(life.to_dict()))
    assert next(iter(written)) == "kind"
    assert read_result(written).to_dict() == written
    assert str(read_result(written)) == str(life)


def test_a_life_inside_another_result_names_its_kind_and_has_no_provenance(life):
    plain = to_plain({"patient": replace(life, provenance=None)})
    assert plain["patient"]["kind"] == "patient"
    assert "provenance" not in plain["patient"]


def test_a_life_of_which_a_part_is_missing_is_refused_with_its_place(life):
    written = life.to_dict()
    del written["tracts"]
    with pytest.raises(InputError, match="tracts"):
        read_result(written)


def test_the_text_has_a_line_a_visit_with_both_worlds(life):
    lines = str(life).splitlines()
    visits = [line for line in lines if line.split() and line.split()[0] in {f"{day:g}" for day in life.scores.days}]
    assert len(visits) == len(life.scores.days)
    last = visits[-1].split()
    assert last[1] == life.scores.without.ais[-1]
    assert int(last[2]) == life.scores.without.uems[-1]
    assert int(last[-1]) == life.scores.with_cells.pin_prick[-1]


def test_kinetics_of_its_own_are_told_in_plain_words_in_the_text_and_the_report(life):
    own = {"inflammation": 1.5, "clearance": -1.0, "scarring": 0.0, "repair": 2.5}
    other = replace(life, patient=replace(life.patient, kinetics=own))
    told = (
        "This cord inflames more than 93\u202f% of people; clears debris more slowly than 84\u202f% of people; "
        "scars as the typical cord does; mends faster than 99\u202f% of people."
    )
    assert told in str(other)
    assert told in report_html(other)
    assert other.to_dict()["patient"]["kinetics"] == own


def test_a_life_kept_by_an_earlier_version_has_no_kinetics_and_says_nothing_of_them(life):
    written = life.to_dict()
    del written["patient"]["kinetics"]
    assert kinetics_words(read_result(written).patient) == ""
    assert "This cord" not in str(read_result(written))


def test_the_report_tells_the_change_of_every_score(life):
    page = report_html(life)
    change = life.scores.with_cells.uems[-1] - life.scores.without.uems[-1]
    assert f"upper extremity motor score +{change}" in page
    assert page.count("<svg ") == 4
    assert report_html(life) == page


def test_the_tables_hold_every_examination_and_every_place_of_the_cord(life):
    visits = life.to_frame("visits")
    assert len(visits) == 2 * len(life.scores.days)
    assert visits.filter(cells="with")["uems"].to_list() == list(life.scores.with_cells.uems)
    fields = life.to_frame("fields")
    assert len(fields) == 2 * len(life.days) * len(life.axis_mm)
    one = fields.filter(cells="with", day=life.days[20], place_mm=life.axis_mm[7])
    assert one["graft"].item() == life.fields.with_cells["graft"][20][7]
    assert len(life.to_frame("fibres")) == 2 * 2 * len(life.days)


@pytest.mark.parametrize("name", ["scores", "fields"])
def test_every_chart_is_drawn_by_its_name(life, name):
    assert name in life.charts
    assert life.chart(name).to_dict()["vconcat"]


def test_a_second_aspirate_is_told():
    others = OtherHarvests(100, 0.9, ReadyDays(30.0, 44.0, 70.0))
    made = MarrowHarvest(10.0, 30.0, 1e8, "released", 2, 40, 3.1, 1, 8e7, 55.0, others)
    assert "and once more after a failed culture: ready on day 55, 1 of 8e+07 cells." in harvest_words(made)
    assert "90% get a product, half of them by day 44" in harvest_words(made)
