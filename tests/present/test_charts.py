import json
import math
from itertools import pairwise

import pytest

from cordwise.present.charts.labels import spread
from cordwise.present.population.calibration import misses, predicted_against_observed, target_rows
from cordwise.present.study.baseline_day import expected_by_baseline_day
from cordwise.present.study.bias import MISGRADING, SELECTION, curve_rows, tipping_points, tipping_rows, tipping_words
from cordwise.present.study.chance import chance_rows, finding, number_improved
from cordwise.present.study.recovery import natural_recovery, observed_rows
from cordwise.present.study.tables import bias_table
from cordwise.present.study.translation import label_rows, prior_and_posterior
from cordwise.present.trial.charts.operating import rate_rows, reject_rates
from cordwise.present.trial.charts.outcomes import assumed_outcomes, outcome_rows
from cordwise.present.trial.charts.sample_size import curve_rows as size_rows
from cordwise.present.trial.charts.sample_size import power_by_size
from example_results import appraisal, population_check, trial


def parts(spec):
    """Yield a specification and everything nested in it that can hold a mark or an encoding."""
    yield spec
    for name in ("layer", "hconcat", "vconcat"):
        for inner in spec.get(name, []):
            yield from parts(inner)


def channel(spec, name):
    return [part["encoding"][name] for part in parts(spec) if name in part.get("encoding", {})]


def titled(spec, name):
    return {item.get("title") for item in channel(spec, name)} - {None}


def every_text(spec):
    return json.dumps(spec, ensure_ascii=False)


def test_bars_at_and_beyond_the_observed_number_are_shaded():
    arm = appraisal()["arms"][0]
    shaded = {row["improved"] for row in chance_rows(arm["distribution"], 12) if row["part"] == "tail"}
    assert shaded == {12, 13}
    shown = sum(row["chance"] for row in chance_rows(arm["distribution"], 12))
    assert shown == pytest.approx(1, abs=0.002)


def test_the_observed_number_is_shown_even_where_it_is_all_but_impossible():
    rows = chance_rows([1.0, *[0.0] * 13], 13)
    assert rows[-1]["improved"] == 13
    assert rows[0]["improved"] == 0


def test_the_chance_chart_states_the_finding_and_starts_at_zero():
    arm = appraisal()["arms"][0]
    spec = number_improved(arm)
    assert spec["title"]["text"] == ["Seen: 12 of 13 improved. Expected without cells: 8.1 of 13"]
    assert finding(arm) == spec["title"]["text"][0]
    assert next(item for item in channel(spec, "y") if "scale" in item)["scale"]["domain"][0] == 0
    assert "observed: 12 of 13" in every_text(spec)


def test_natural_recovery_has_a_panel_a_grade_with_the_observed_share_on_it():
    timeline = appraisal()["timeline"]
    spec = natural_recovery(timeline, title="How many improve?")
    assert [panel["title"]["text"] for panel in spec["hconcat"]] == ["AIS A", "AIS B", "AIS C"]
    assert titled(spec, "x") == {"Days since injury"}
    assert all(item["scale"]["domain"][0] == 0 for item in channel(spec, "y") if "scale" in item)
    assert observed_rows(timeline, "A")[0]["label"] == "observed 5 of 6"


def test_natural_recovery_without_observed_shares_still_draws_its_curves():
    spec = natural_recovery({**appraisal()["timeline"], "observed": []}, title="How many improve?")
    assert len(spec["hconcat"]) == 3


def test_the_baseline_day_chart_spans_none_to_all_patients_and_shows_the_window():
    result = appraisal()
    spec = expected_by_baseline_day(result["baseline_day_curve"], result["arms"][0], [45, 50], title="Later")
    scale = next(item["scale"] for item in channel(spec, "y") if "scale" in item)
    assert scale["domain"][0] == 0
    assert scale["domain"][1] >= 13
    assert "baseline of the study" in every_text(spec)


def test_tipping_points_are_written_on_both_panels():
    result = appraisal()
    spec = tipping_points(result["bias"], result["arms"][0], title="How wrong?")
    misgrading, selection = (panel["title"]["subtitle"] for panel in spec["hconcat"])
    assert misgrading == "No longer surprising from 21\u202f%; expected outright at 32\u202f%"
    assert selection == "No longer surprising from 5.2 times; expected outright at 7.4 times"
    assert {item.get("scale", {}).get("type") for item in channel(spec["hconcat"][1], "x")} >= {"log"}


def test_a_bias_that_never_explains_the_result_says_so():
    part = {**appraisal()["bias"]["misgrading"], "explains_at": None, "matches_at": None}
    assert tipping_rows(part, MISGRADING) == []
    assert "No size" in tipping_words(part, MISGRADING)


def test_a_result_that_needs_no_bias_says_so():
    part = {**appraisal()["bias"]["selection"], "explains_at": 1.0}
    assert [row["label"] for row in tipping_rows(part, SELECTION)] == ["7.4 times"]
    assert tipping_words(part, SELECTION) == "Not surprising even without it; expected outright at 7.4 times"
    listed = bias_table({"misgrading": appraisal()["bias"]["misgrading"] | {"matches_at": None}, "selection": part})
    assert [[cell.text for cell in row[1:]] for row in listed.rows] == [
        ["21\u202f%", "not reached"],
        ["none needed", "7.4"],
    ]


def test_the_selection_curve_ends_where_nothing_more_happens():
    curve = [{"odds_ratio": ratio, "expected": 1, "p_at_least": 0} for ratio in (1, 10, 100, 1000)]
    part = {"explains_at": 3.0, "matches_at": 5.0, "curve": curve}
    assert [row["odds_ratio"] for row in curve_rows(part, SELECTION.size)] == [1, 10]
    assert curve_rows({**part, "explains_at": None, "matches_at": None}, SELECTION.size) == curve


def test_prior_and_posterior_are_named_where_they_stand_apart():
    translation = appraisal()["translation"]
    after, before = label_rows(translation["density"])
    assert after["translation"] > before["translation"]
    spec = prior_and_posterior(translation, title="How much?")
    assert next(item for item in channel(spec, "x") if "scale" in item)["scale"]["domain"] == [0, 1]


def test_reject_rates_run_from_zero_to_one_in_the_order_given():
    scenarios = trial()["scenarios"]
    spec = reject_rates(scenarios, 0.025, title="How often?")
    assert next(item for item in channel(spec, "x") if "scale" in item)["scale"]["domain"] == [0, 1]
    assert [row["scenario"] for row in rate_rows(scenarios)] == [item["name"] for item in scenarios]
    assert all(item["sort"] is None for item in channel(spec, "y") if item.get("field") == "scenario")
    assert "promised without effect: 0.025" in every_text(spec)


def test_monte_carlo_bars_stay_within_zero_and_one():
    assert all(0 <= row["low"] <= row["rate"] <= row["high"] <= 1 for row in rate_rows(trial()["scenarios"]))


def test_the_size_curve_has_a_line_a_scenario_named_at_its_end():
    curve = trial()["sample_size_curve"]
    spec = power_by_size(curve, "LEMS at one year", title="How many?")
    assert next(item for item in channel(spec, "y") if "scale" in item)["scale"]["domain"] == [0, 1]
    rows = size_rows(curve, "LEMS at one year")
    assert len({row["scenario"] for row in rows}) == 4
    assert size_rows(curve, "another endpoint") == []
    names = channel(spec, "color")[0]["scale"]
    assert len(names["domain"]) == len(names["range"]) == 4


def test_more_scenarios_than_colours_still_have_a_colour_each():
    curve = [
        {"scenario": f"scenario {number}", "endpoint": "LEMS", "n_per_arm": size, "reject_rate": 0.1, "mcse": 0.01}
        for number in range(9)
        for size in (20, 40)
    ]
    names = channel(power_by_size(curve, "LEMS", title="How many?"), "color")[0]["scale"]
    assert len(names["range"]) == len(names["domain"]) == 9


def test_outcomes_need_both_means():
    scenarios = trial()["scenarios"]
    assert len(outcome_rows(scenarios, "LEMS at one year")) == 8
    scenarios[0]["endpoints"][0]["control_mean"] = None
    assert len(outcome_rows(scenarios, "LEMS at one year")) == 6
    spec = assumed_outcomes(scenarios, "LEMS at one year", "points", title="What is assumed?")
    assert "LEMS at one year (points)" in titled(spec, "x")


def test_predictions_are_drawn_on_equal_axes_with_a_diagonal():
    targets = population_check()["targets"]
    spec = predicted_against_observed(targets, title="Does it fit?")
    panels = [panel for row in spec["vconcat"] for panel in row["hconcat"]]
    assert len(panels) == 7
    for panel in panels:
        domains = {tuple(item["scale"]["domain"]) for name in "xy" for item in channel(panel, name) if "scale" in item}
        assert len(domains) == 1


def test_a_miss_is_a_figure_outside_its_interval():
    targets = population_check()["targets"]
    missed = [row for row in target_rows(targets, "uems") if row["reached"] == "misses"]
    assert len(missed) == sum(misses(row) for row in targets if row["measure"] == "uems") > 0
    assert misses({"low95": 1, "high95": 2, "observed": 2.1})
    assert not misses({"low95": 1, "high95": 2, "observed": 2.0})


def test_labels_are_moved_apart_but_stay_in_order_and_in_range():
    moved = spread([0.98, 0.99, 0.02, 0.99], gap=0.1, low=0, high=1)
    ordered = sorted(moved)
    assert all(math.isclose(b - a, 0.1) or b - a > 0.1 for a, b in pairwise(ordered))
    assert moved[2] == 0.02
    assert max(moved) <= 1
    assert spread([0.2, 0.8], gap=0.1, low=0, high=1) == [0.2, 0.8]


def test_no_chart_fetches_anything():
    result, planned = appraisal(), trial()
    specs = (
        number_improved(result["arms"][0]),
        natural_recovery(result["timeline"], title="a"),
        reject_rates(planned["scenarios"], 0.025, title="b"),
    )
    for spec in specs:
        assert '"url"' not in every_text(spec)
