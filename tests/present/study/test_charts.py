"""Charts of an appraisal."""

import json
from dataclasses import replace

import pytest

from cordwise.appraisal.bias import BiasTippingPoint, SelectionPoint
from cordwise.present.study.baseline_day import expected_by_baseline_day
from cordwise.present.study.bias import MISGRADING, SELECTION, curve_rows, tipping_curves, tipping_rows, tipping_words
from cordwise.present.study.chance import chance_rows, finding, number_improved
from cordwise.present.study.recovery import natural_recovery, observed_rows
from cordwise.present.study.tables import bias_table
from cordwise.present.study.translation import label_rows, prior_and_posterior
from example_appraisal import appraised


@pytest.fixture(scope="module")
def sapporo():
    return appraised("honmou2021")


def parts(spec):
    """Yield a specification and everything nested in it that can hold a mark or an encoding."""
    yield spec
    for name in ("layer", "hconcat", "vconcat"):
        for inner in spec.get(name, []):
            yield from parts(inner)


def channel(spec, name):
    return [part["encoding"][name] for part in parts(spec) if name in part.get("encoding", {})]


def scale(spec, name):
    return next(item["scale"] for item in channel(spec, name) if "scale" in item)


def test_bars_at_and_beyond_the_observed_number_are_shaded(sapporo):
    rows = chance_rows(sapporo.arms[0].distribution, 12)
    assert {row["improved"] for row in rows if row["part"] == "tail"} == {12, 13}
    assert sum(row["chance"] for row in rows) == pytest.approx(1, abs=0.002)


def test_the_observed_number_is_shown_even_where_it_is_all_but_impossible():
    rows = chance_rows([1.0, *[0.0] * 13], 13)
    assert rows[-1]["improved"] == 13
    assert rows[0]["improved"] == 0


def test_the_chance_chart_states_the_finding_and_starts_at_zero(sapporo):
    arm = sapporo.arms[0]
    spec = number_improved(arm)
    assert spec["title"]["text"] == [finding(arm)]
    assert f"Seen: 12 of 13 improved. Expected without cells: {arm.expected_improved:.1f} of 13" == finding(arm)
    assert scale(spec, "y")["domain"][0] == 0
    assert "observed: 12 of 13" in json.dumps(spec)


def test_natural_recovery_has_a_panel_a_grade_with_the_observed_share_on_it(sapporo):
    spec = natural_recovery(sapporo.timeline, title="How many improve?")
    assert [panel["title"]["text"] for panel in spec["hconcat"]] == ["AIS A", "AIS B", "AIS C"]
    assert all(item["scale"]["domain"][0] == 0 for item in channel(spec, "y") if "scale" in item)
    assert observed_rows(sapporo.timeline, "A")[0]["label"] == "observed 5 of 6"


def test_natural_recovery_without_observed_shares_still_draws_its_curves(sapporo):
    assert len(natural_recovery(replace(sapporo.timeline, observed=()), title="How many improve?")["hconcat"]) == 3


def test_the_baseline_day_chart_spans_none_to_all_patients_and_shows_the_window(sapporo):
    spec = expected_by_baseline_day(sapporo.baseline_day_curve, sapporo.arms[0], (45.0, 50.0), title="Later")
    low, high = scale(spec, "y")["domain"]
    assert low == 0
    assert high >= 13
    assert "baseline of the study" in json.dumps(spec)


def test_tipping_points_are_written_on_both_panels(sapporo):
    bias = sapporo.bias
    spec = tipping_curves(bias, sapporo.arms[0], title="How wrong?")
    misgrading, selection = (panel["title"]["subtitle"] for panel in spec["hconcat"])
    assert misgrading.startswith(f"No longer surprising from {bias.misgrading.explains_at:.0%}".replace("%", "\u202f%"))
    assert f"from {bias.selection.explains_at:.1f} times; expected outright at" in selection
    assert {item.get("scale", {}).get("type") for item in channel(spec["hconcat"][1], "x")} >= {"log"}


def test_a_bias_that_never_explains_the_result_says_so(sapporo):
    part = replace(sapporo.bias.misgrading, explains_at=None, matches_at=None)
    assert tipping_rows(part, MISGRADING) == []
    assert "No size" in tipping_words(part, MISGRADING)


def test_a_result_that_needs_no_bias_says_so(sapporo):
    part = replace(sapporo.bias.selection, explains_at=1.0, matches_at=7.4)
    assert [row["label"] for row in tipping_rows(part, SELECTION)] == ["7.4 times"]
    assert tipping_words(part, SELECTION) == "Not surprising even without it; expected outright at 7.4 times"
    misgrading = replace(sapporo.bias.misgrading, explains_at=0.21, matches_at=None)
    listed = bias_table(replace(sapporo.bias, misgrading=misgrading, selection=part))
    assert [[cell.text for cell in row[1:]] for row in listed.rows] == [
        ["21\u202f%", "not reached"],
        ["none needed", "7.4"],
    ]


def test_the_selection_curve_ends_where_nothing_more_happens():
    curve = tuple(SelectionPoint(float(ratio), 1.0, 0.0) for ratio in (1, 10, 100, 1000))
    part = BiasTippingPoint(3.0, 5.0, curve)
    assert [row["odds_ratio"] for row in curve_rows(part, SELECTION)] == [1, 10]
    assert len(curve_rows(BiasTippingPoint(None, None, curve), SELECTION)) == 4


def test_prior_and_posterior_are_named_where_they_stand_apart(sapporo):
    spec = prior_and_posterior(sapporo.translation, title="How much?")
    assert scale(spec, "x")["domain"] == [0, 1]
    rows = [{"translation": x / 20, "prior": 1 - x / 20, "posterior": x / 20} for x in range(21)]
    after, before = label_rows(rows)
    assert after["translation"] > before["translation"]
