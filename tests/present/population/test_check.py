"""What a check of the population says in words, tables and on its page."""

from dataclasses import replace

import pytest

from cordwise.present.presenters import report_html
from example_validation import checked, read_again


def test_a_check_of_a_run_folder_is_the_check_that_was_written():
    assert read_again(checked()) == checked()


def test_text_and_page_say_as_whose_figures_they_were_forecast():
    assert "as figures of a registry not yet seen" in str(checked())
    assert "predicted as those of Murnau" in report_html(checked(registry="Murnau"))


def test_shares_are_told_in_percentage_points_with_the_parts_of_their_uncertainty():
    line = next(each for each in str(checked()).splitlines() if each.startswith("ais"))
    assert line.split() == ["ais", "10.0", "30.0", "40.0", "6.0", "3.0", "8.0", "0.0"]


def test_the_table_of_targets_has_a_column_for_each_part():
    frame = checked().to_frame("targets")
    assert frame["sd_registry"].to_list() == pytest.approx([0.08, 4, 4])
    assert "parts" not in frame.columns


def test_the_table_by_measure_holds_interval_scores_and_root_mean_squares_of_the_parts():
    frame = checked().to_frame("measures")
    assert frame["interval_score"].to_list() == pytest.approx([0.4, 158.0])
    assert frame["sd_chance"].to_list() == pytest.approx([0.06, 3.0])


def test_the_page_explains_what_makes_a_forecast_uncertain():
    page = report_html(checked())
    for heading in ("SD: chance", "SD: parameters", "SD: registry", "SD: structure", "Interval score"):
        assert heading in page


def test_text_and_page_say_where_the_forecast_has_seen_the_figures_before():
    assert checked().seen_before == ""
    rows = (replace(checked().targets[0], source="Marino1999 via another"), *checked().targets[1:])
    fitted = replace(checked(), targets=rows)
    assert fitted.seen_before.startswith("1 of the figures come from registries that the population was fitted to (Mar")
    narrowed = replace(fitted, provenance=replace(fitted.provenance, options={"registry_data": "ours.csv"}))
    assert narrowed.seen_before == "The same figures narrowed the forecast, so that they do not test it."
    for found in (fitted, narrowed):
        assert found.seen_before in str(found)
        assert found.seen_before in report_html(found)
