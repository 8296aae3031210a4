import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from cordwise.isncsci import DERMATOMES, MYOTOMES
from cordwise.present.exam import body
from cordwise.present.exam.body_chart import body_chart
from cordwise.present.patient import cord_rows, cord_state, cord_strip, cord_words, person
from cordwise.present.patient.page import patient_picture
from cordwise.present.patient.scores import last_labels
from cordwise.present.pictures import patient_picture_png
from example_life import helped, same_worlds, with_fibres, with_field

REACH = 30.0


def lines_at_centre(life, day=365.0):
    state = cord_state.cord_state(life, "without", day, REACH)
    middle = cord_state.PLACES // 2
    strengths = [
        cord_strip.line_strengths(state, half, bundle)[:, middle]
        for half in cord_state.SIDES
        for bundle in cord_state.BUNDLES
    ]
    return int((np.concatenate(strengths) > cord_strip.LEAST_DRAWN_STRENGTH).sum())


def texts(drawing):
    return [element.text or "" for element in ElementTree.fromstring(drawing).iter() if element.tag.endswith("text")]


def test_fewer_fibres_are_drawn_as_fewer_lines():
    counts = [lines_at_centre(with_fibres(helped(), share)) for share in (1.0, 0.7, 0.4, 0.1, 0.0)]
    assert counts[0] == 2 * 3 * cord_strip.LINES_OF_A_BUNDLE
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == len(counts)
    assert counts[-1] == 0


def test_far_from_the_lesion_every_fibre_is_drawn():
    reach = 4 * helped().patient.width_mm
    state = cord_state.cord_state(with_fibres(helped(), 0.1), "without", 365.0, reach)
    assert all(course[0] > 0.99 for half in state.fibres.values() for course in half.values())


def test_the_share_that_passes_is_the_one_the_examination_is_made_from():
    state = cord_state.cord_state(helped(), "without", 365.0, REACH)
    for half, other in (("right", "left"), ("left", "right")):
        tracts = helped().tracts.without
        movement = (tracts[half]["corticospinal"][-1] + tracts[half]["other_descending"][-1]) / 2
        assert state.fibres[half]["movement"].min() == pytest.approx(movement, abs=1e-3)
        assert state.fibres[half]["touch"].min() == pytest.approx(tracts[half]["dorsal_column"][-1], abs=1e-3)
        # Pain crosses: the right half of the cord carries that of the left half of the body.
        assert state.fibres[half]["pain"].min() == pytest.approx(tracts[other]["spinothalamic"][-1], abs=1e-3)


def test_a_field_is_smooth_between_cells_and_exact_at_them():
    axis, values = [-3.0, -1.0, 1.0, 3.0], np.array([0.0, 1.0, 0.2, 0.0])
    assert cord_state.along(axis, values, np.array(axis)) == pytest.approx(values)
    between = cord_state.along(axis, values, np.linspace(-3, 3, 101))
    assert between.min() >= 0
    assert between.max() <= 1
    assert np.abs(np.diff(between)).max() < 0.06


def test_a_swollen_cord_bulges_and_a_calm_one_does_not():
    early, late = (cord_state.cord_state(helped(), "without", day, REACH) for day in (3.0, 365.0))
    assert cord_strip.half_width(early).max() > 1.05 * cord_strip.HALF_WIDTH
    assert cord_strip.half_width(late).max() < 1.02 * cord_strip.HALF_WIDTH


def test_the_scar_lies_on_the_side_that_lost_more():
    state = cord_state.cord_state(helped(), "without", 365.0, REACH)
    sides = dict(zip(cord_state.SIDES, cord_strip.lesion_sides(state), strict=True))
    passing = {half: state.passing(half) for half in cord_state.SIDES}
    worse, better = sorted(cord_state.SIDES, key=passing.__getitem__)
    assert sides[worse] == pytest.approx(1.0)
    assert sides[better] < 1.0


def test_more_cells_are_drawn_as_more_dots_and_none_as_none():
    life = helped()
    day = max(zip(map(sum, life.fields.with_cells["graft"]), life.days, strict=True))[1]
    assert cord_strip.cell_count(cord_state.cord_state(life, "without", day, REACH)) == 0
    counts = [
        cord_strip.cell_count(cord_state.cord_state(with_field(life, "graft", share.__mul__), "with", day, REACH))
        for share in (0.0, 0.01, 0.1, 1.0)
    ]
    assert counts == sorted(counts)
    assert counts[0] == 0 < counts[-1]
    assert len(set(counts)) > 2


def test_identical_worlds_are_said_to_be_identical():
    life = same_worlds(helped())
    assert cord_words.difference_words(life).startswith("No visible difference: the largest change is 0 in 100 fibres.")
    words = texts(patient_picture(life))
    assert "No difference: the same as without cells" in words
    assert any(word.endswith("(same)") for word in words)
    assert "kept by" not in words
    assert last_labels(life.scores, "uems") == {"with": f"the same, {life.scores.without.uems[-1]}"}


def with_more_fibres(life, gain):
    """Return the patient in whom, with cells, more of one tract of the left side pass, by the same share every day."""
    left = life.tracts.with_cells["left"]
    more = tuple(min(1.0, share + gain) for share in left["corticospinal"])
    fibres = {**life.tracts.with_cells, "left": {**left, "corticospinal": more}}
    return replace(life, tracts=replace(life.tracts, with_cells=fibres))


def test_a_change_too_small_to_see_is_said_to_be_so():
    life = with_more_fibres(same_worlds(with_fibres(helped(), 0.4)), 0.04)
    assert cord_words.difference_words(life).startswith(
        "No visible difference: the largest change is fewer than 1 in 100 fibres."
    )
    state, paired = (cord_state.cord_state(life, world, 365.0, REACH) for world in ("with", "without"))
    assert cord_strip.extra_fibres(state, paired) == []


def test_a_change_that_can_be_seen_is_counted_and_marked():
    life = with_more_fibres(same_worlds(with_fibres(helped(), 0.4)), 0.6)
    assert cord_words.difference_words(life).startswith("5 more of every 100 fibres pass the lesion on day")
    words = texts(patient_picture(life))
    assert "kept by" in words
    assert any(word.endswith("(+5)") for word in words)


def test_the_last_scores_of_both_worlds_are_written():
    scores = helped().scores
    without, with_cells = scores.without.uems[-1], scores.with_cells.uems[-1]
    assert without != with_cells
    assert last_labels(scores, "uems") == {"without": f"without {without}", "with": f"with cells {with_cells}"}


def test_less_inflammation_is_said_with_its_size():
    life = with_field(same_worlds(helped()), "inflammation", lambda value: 0.8 * value)
    words = cord_words.difference_words(life)
    assert words.startswith("No visible difference in the fibres")
    assert "20\u202f% of its peak less" in words


def test_the_day_with_most_cells_is_among_the_days_drawn():
    life = helped()
    most = max(zip(map(sum, life.fields.with_cells["graft"]), life.days, strict=True))[1]
    days = cord_words.shown_days(life)
    assert most in days
    assert len(days) == len(cord_words.STANDARD_DAYS)
    assert list(days) == sorted(days)
    without_graft = with_field(life, "graft", lambda _: 0.0)
    assert list(cord_words.shown_days(without_graft).values()) == list(cord_words.STANDARD_DAYS.values())


def test_swelling_scar_and_cells_are_named_where_they_are_seen():
    life = with_field(helped(), "inflammation", lambda value: min(1.0, 2 * value))  # enough to be seen
    days = list(cord_words.shown_days(life))
    states = [cord_state.cord_state(life, "with", day, REACH) for day in days]
    named = cord_rows.things_named(states)
    assert {"swelling", "inflammation", "cut", "cells", "scar"} <= set(named)
    assert named["swelling"] < named["cells"] <= named["scar"] == len(days) - 1


def test_segments_of_the_cord_are_named_and_no_bare_millimetres():
    words = texts(patient_picture(helped()))
    assert helped().patient.segment in words
    assert not [word for word in words if re.search(r"\bmm\b", word)]


def test_every_key_muscle_is_drawn_once_a_side_on_every_body():
    drawn = person.person_figure(helped(), title="person").parts
    circles = re.findall(r"<circle ", "".join(drawn))
    assert len(circles) == 3 * 2 * len(MYOTOMES)
    seen = person.examination(helped().scores, "without", 0)
    root = ElementTree.fromstring(f"<g>{''.join(body.body(seen))}</g>")
    labels = [element.text for element in root.iter("text") if element.text in MYOTOMES]
    assert sorted(labels) == sorted(2 * MYOTOMES)
    digits = [int(element.text) for element in root.iter("text") if (element.text or "").isdigit()]
    assert sorted(digits) == sorted([*seen.motor["right"], *seen.motor["left"]])


def test_the_chart_of_the_body_has_every_dermatome_and_muscle():
    chart = body_chart()
    assert set(chart.dermatomes) == set(DERMATOMES)
    assert set(chart.muscles) == set(MYOTOMES)
    assert all(x >= 0 for areas in chart.dermatomes.values() for area in areas for x, _ in area)


def test_areas_of_neighbouring_dermatomes_do_not_overlap():
    chart = body_chart()
    sizes = {name: sum(abs(_signed_area(area)) for area in areas) for name, areas in chart.dermatomes.items()}
    torso_and_limbs = sum(size for name, size in sizes.items() if name not in {"S2", "S3", "S4_5"})
    assert torso_and_limbs < 1.01 * abs(_signed_area(chart.outline))


def _signed_area(points):
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return sum(x * b - a * y for (x, y), (a, b) in pairs) / 2


def test_the_circles_of_muscles_do_not_touch():
    places = [place for place, _ in body_chart().muscles.values()]
    gaps = [np.hypot(a - c, b - d) for i, (a, b) in enumerate(places) for c, d in places[:i]]
    assert min(gaps) > 2 * body.DISC


@pytest.mark.parametrize(
    ("touch", "pin", "word"),
    [
        (2, 2, "normal"),
        (1, 1, "altered"),
        (0, 0, "absent"),
        (2, 1, "altered"),
        (1, 0, "touch only"),
        (2, 0, "touch only"),
        (0, 1, "pin prick only"),
    ],
)
def test_what_is_felt_follows_from_touch_and_pin_prick(touch, pin, word):
    assert body.feeling(touch, pin) == word


def test_the_right_of_the_patient_is_at_the_left_of_the_picture():
    seen = person.examination(helped().scores, "without", 0)
    root = ElementTree.fromstring(f"<g>{''.join(body.body(seen))}</g>")
    shown = {element.text: float(element.get("x")) for element in root.iter("text")}
    assert shown["right"] < 0 < shown["left"]
    circles = [float(circle.get("cx")) for circle in root.iter("circle")]
    grades = [int(text.text) for text in root.iter("text") if (text.text or "").isdigit()]
    assert [grade for x, grade in zip(circles, grades, strict=True) if x < 0] == list(seen.motor["right"])


def test_what_differs_is_ringed_and_counted():
    one, other = (person.examination(helped().scores, world, -1) for world in ("with", "without"))
    muscles, _ = person.differences(one, other)
    assert muscles > 0
    assert person.differences(one, one) == (0, 0)
    rings = "".join(body.body(one, other)).count('stroke-width="2.6"')
    assert rings == muscles


def test_a_baseline_after_the_cells_is_shown_without_them():
    life = helped()
    assert person.poses(life)[0].heading == "Day 10, at baseline"
    later = replace(life, patient=replace(life.patient, baseline_day=life.scores.days[-1]))
    assert person.poses(later)[0].heading == "Day 365, baseline, without cells"


def test_names_in_a_result_are_escaped_in_a_drawing():
    life = helped()
    hostile = "<script>alert('product')</script> & \"Sons\""
    drawn = patient_picture(replace(life, regimen=replace(life.regimen, product=hostile)))
    assert "<script" not in drawn
    ElementTree.fromstring(drawn)


def test_the_picture_is_wide_enough_to_read():
    picture = patient_picture_png(helped())
    assert int.from_bytes(picture[16:20], "big") >= 1800
