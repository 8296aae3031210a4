import copy
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.isncsci import DERMATOMES, MYOTOMES
from cordwise.present.exam import body
from cordwise.present.exam.body_chart import body_chart
from cordwise.present.html.render import render_report
from cordwise.present.patient import cord_rows, cord_state, cord_strip, cord_words, person
from cordwise.present.patient.page import patient_picture
from cordwise.present.patient.scores import last_labels
from cordwise.present.pictures import patient_picture_png
from example_results import HOSTILE_NAME, patient

REACH = 30.0


def same_worlds():
    """Return a patient in whom the cells change nothing."""
    result = patient()
    for part in ("fields", "tracts", "scores"):
        result[part]["with"] = copy.deepcopy(result[part]["without"])
    return result


def with_fibres(share):
    """Return a patient of whose fibres this share passes in every tract, side and world on every day."""
    result = patient()
    for world in result["tracts"].values():
        for side in world.values():
            for name in side:
                side[name] = [share] * len(result["days"])
    return result


def lines_at_centre(result, day=365.0):
    state = cord_state.cord_state(result, "without", day, REACH)
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
    counts = [lines_at_centre(with_fibres(share)) for share in (1.0, 0.7, 0.4, 0.1, 0.0)]
    assert counts[0] == 2 * 3 * cord_strip.LINES_OF_A_BUNDLE
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == len(counts)
    assert counts[-1] == 0


def test_far_from_the_lesion_every_fibre_is_drawn():
    state = cord_state.cord_state(with_fibres(0.1), "without", 365.0, REACH)
    assert all(course[0] > 0.99 for half in state.fibres.values() for course in half.values())


def test_the_share_that_passes_is_the_one_the_examination_is_made_from():
    result = patient()
    state = cord_state.cord_state(result, "without", 365.0, REACH)
    for half, other in (("right", "left"), ("left", "right")):
        tracts = result["tracts"]["without"]
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
    result = patient()
    early, late = (cord_state.cord_state(result, "without", day, REACH) for day in (3.0, 365.0))
    assert cord_strip.half_width(early).max() > 1.05 * cord_strip.HALF_WIDTH
    assert cord_strip.half_width(late).max() < 1.02 * cord_strip.HALF_WIDTH


def test_the_scar_lies_on_the_side_that_lost_more():
    right, left = cord_strip.lesion_sides(cord_state.cord_state(patient(), "without", 365.0, REACH))
    assert right == pytest.approx(1.0)
    assert left < right


def test_more_cells_are_drawn_as_more_dots_and_none_as_none():
    result = patient()
    assert cord_strip.cell_count(cord_state.cord_state(result, "without", 60.0, REACH)) == 0
    few = cord_strip.cell_count(cord_state.cord_state(result, "with", 60.0, REACH))
    result["fields"]["with"]["graft"] = [[3 * value for value in row] for row in result["fields"]["with"]["graft"]]
    many = cord_strip.cell_count(cord_state.cord_state(result, "with", 60.0, REACH))
    assert 0 < few < many


def test_identical_worlds_are_said_to_be_identical():
    result = same_worlds()
    assert cord_words.difference_words(result) == "No visible difference: the largest change is 0 in 100 fibres."
    words = texts(patient_picture(result))
    assert "No difference: the same as without cells" in words
    assert any(word.endswith("(same)") for word in words)
    assert "kept by" not in words
    assert last_labels(result["scores"], "uems") == {"with": "the same, 23"}


def test_a_change_too_small_to_see_is_said_to_be_so():
    result = same_worlds()
    tracts = result["tracts"]["with"]["left"]
    tracts["corticospinal"] = [min(1.0, share + 0.04) for share in tracts["corticospinal"]]
    assert cord_words.difference_words(result) == (
        "No visible difference: the largest change is fewer than 1 in 100 fibres."
    )
    state, paired = (cord_state.cord_state(result, world, 365.0, REACH) for world in ("with", "without"))
    assert cord_strip.extra_fibres(state, paired) == []


def test_a_change_that_can_be_seen_is_counted_and_marked():
    result = patient()
    assert cord_words.difference_words(result).startswith("10 more of every 100 fibres pass the lesion on day 365.")
    words = texts(patient_picture(result))
    assert "kept by" in words
    assert any(word.endswith("(+10)") for word in words)
    labels = last_labels(result["scores"], "uems")
    assert labels == {"without": "without 23", "with": "with cells 26"}


def test_less_inflammation_is_said_with_its_size():
    result = same_worlds()
    calmer = [[0.8 * value for value in row] for row in result["fields"]["without"]["inflammation"]]
    result["fields"]["with"]["inflammation"] = calmer
    words = cord_words.difference_words(result)
    assert words.startswith("No visible difference in the fibres")
    assert "20\u202f% of its peak less" in words


def test_the_day_with_most_cells_is_among_the_days_drawn():
    result = patient()
    most = max(zip(map(sum, result["fields"]["with"]["graft"]), result["days"], strict=True))[1]
    days = cord_words.shown_days(result)
    assert most in days
    assert len(days) == len(cord_words.STANDARD_DAYS)
    assert list(days) == sorted(days)
    result["fields"]["with"]["graft"] = [[0.0] * 12 for _ in result["days"]]
    assert list(cord_words.shown_days(result).values()) == list(cord_words.STANDARD_DAYS.values())


def test_swelling_scar_and_cells_are_named_where_they_are_seen():
    result = patient()
    days = list(cord_words.shown_days(result))
    states = [cord_state.cord_state(result, "with", day, REACH) for day in days]
    named = cord_rows.things_named(states)
    assert {"swelling", "inflammation", "cut", "cells", "scar"} <= set(named)
    assert named["swelling"] < named["cells"] <= named["scar"] == len(days) - 1


def test_segments_of_the_cord_are_named_and_no_bare_millimetres():
    words = texts(patient_picture(patient()))
    assert {"C4", "C5", "C6"} <= set(words)
    assert not [word for word in words if re.search(r"\bmm\b", word)]


def test_every_key_muscle_is_drawn_once_a_side_on_every_body():
    result = patient()
    drawn = person.person_figure(result, title="person").parts
    circles = re.findall(r"<circle ", "".join(drawn))
    assert len(circles) == 3 * 2 * len(MYOTOMES)
    seen = body.examination(result["scores"], "without", 0)
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
    result = patient()
    seen = body.examination(result["scores"], "without", 0)
    root = ElementTree.fromstring(f"<g>{''.join(body.body(seen))}</g>")
    shown = {element.text: float(element.get("x")) for element in root.iter("text")}
    assert shown["right"] < 0 < shown["left"]
    circles = [float(circle.get("cx")) for circle in root.iter("circle")]
    grades = [int(text.text) for text in root.iter("text") if (text.text or "").isdigit()]
    assert [grade for x, grade in zip(circles, grades, strict=True) if x < 0] == list(seen.motor["right"])


def test_what_differs_is_ringed_and_counted():
    result = patient()
    one, other = (body.examination(result["scores"], world, -1) for world in ("with", "without"))
    muscles, skin = person.differences(one, other)
    assert muscles > 0
    assert skin == 0
    rings = "".join(body.body(one, other)).count('stroke-width="2.6"')
    assert rings == muscles


def test_a_baseline_after_the_cells_is_shown_without_them():
    result = patient()
    assert person.poses(result)[0].heading == "Day 28, baseline, without cells"
    result["scores"]["with"]["motor"][1] = result["scores"]["without"]["motor"][1]
    assert person.poses(result)[0].heading == "Day 28, at baseline"


def test_names_in_a_result_are_escaped_in_a_drawing():
    result = patient()
    result["regimen"]["product"] = HOSTILE_NAME
    drawn = patient_picture(result)
    assert "<script" not in drawn
    ElementTree.fromstring(drawn)


def test_the_picture_is_wide_enough_to_read():
    picture = patient_picture_png(patient())
    assert int.from_bytes(picture[16:20], "big") >= 1800


def test_a_result_of_an_earlier_version_is_refused_in_words():
    result = patient()
    del result["tracts"]
    with pytest.raises(InputError, match="run the command again"):
        render_report(result)
