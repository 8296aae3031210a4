"""What a cross-validation by registry says in words, tables, charts and on its page."""

import pytest

from cordwise.present.pictures import validation_pictures_svg
from cordwise.present.population.left_out import by_knowledge, by_registry, comparison_pairs, missed
from cordwise.present.population.registry_charts import comparison_rows, figure_rows, where_figures_fell
from cordwise.present.presenters import report_html
from example_validation import FIGURES, FORECASTS, compared, left_out, read_again, validation


def test_the_result_of_a_run_folder_is_the_result_that_was_written():
    assert read_again(validation()) == validation()


def test_the_first_three_lines_answer_how_often_how_far_and_against_whom():
    held, off, rivals = str(validation()).splitlines()[:3]
    assert "75 % of 4 figures of 2 registries" in held
    assert "50 % of 2 shares, 100 % of 2 scores" in held
    assert "10.0 percentage points" in off
    assert "5.0 points" in off
    assert "for shares 40 against 44 with EMSCI copied" in rivals
    assert "for scores 20 against 31 with EMSCI copied" in rivals
    assert "for shares 40 against 60 with meta-analysis" in rivals


def test_a_result_without_rivals_says_so():
    text = str(validation(forecasts=FORECASTS[:1]))
    assert "No plainer forecast of the same figures was made." in text


def test_numbers_of_a_column_end_at_the_same_place():
    lines = str(validation()).splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("forecast "))
    block = lines[start : lines.index("", start)]
    assert len({len(line) for line in block}) == 1


def test_the_model_with_its_own_priors_is_told_measure_by_measure_and_others_are_summed_up():
    lines = [line for line in str(validation()).splitlines() if " uems " in line and "figures" in line]
    assert len(lines) == 1
    assert lines[0].startswith("this model ")


def test_errors_of_a_registry_are_those_of_its_own_shares_and_scores():
    north, south = by_registry(validation())
    assert (north.figures, north.inside, north.rmse_scores) == (2, 1, None)
    assert north.rmse_shares == pytest.approx(((10**2 + 50**2) / 2) ** 0.5)
    assert (south.figures, south.inside, south.rmse_shares) == (2, 2, None)
    assert south.rmse_scores == pytest.approx(((4**2 + 2**2) / 2) ** 0.5)


def test_what_knowledge_adds_counts_every_figure_once():
    (entry,) = by_knowledge(validation())
    assert (entry.registries, entry.figures) == (2, 4)
    assert entry.width_factor == pytest.approx(0.75)
    assert entry.coverage95 == pytest.approx(3 / 4)


def test_every_rival_stands_beside_the_model_on_the_same_figures():
    for model, rival in comparison_pairs(validation()):
        assert model.forecast == "model"
        assert rival.forecast != "model"
        assert model.figures == rival.figures


def test_missed_figures_are_drawn_last_and_in_percent():
    rows = figure_rows(FIGURES, "ais")
    assert [row["reached"] for row in rows] == ["covers", "misses"]
    assert rows[-1]["observed"] == pytest.approx(90)
    assert [row["observed"] for row in figure_rows(FIGURES, "scores")] == [20.0, 3.0]


def test_the_picture_of_forecasts_groups_them_by_the_figures_they_share():
    groups = [row["place"].split("|")[1] for row in comparison_rows(validation()) if row["place"].endswith("group")]
    assert groups == ["All figures", "Those that EMSCI printed too", "Those that others printed too"]


def test_the_histogram_draws_shares_and_scores_apart():
    assert len(where_figures_fell(validation())["hconcat"]) == 2


def test_every_chart_and_table_can_be_asked_for_by_name():
    result = validation()
    assert result.charts == ("observed_against_predicted", "forecasts", "pit")
    for name in result.charts:
        result.chart(name)
    frames = {part: result.to_frame(part) for part in result.parts}
    assert frames["figures"].height == len(FIGURES)
    assert frames["figures"]["is_missed"].sum() == len(missed(result)) == 1
    assert frames["registries"].height == 2
    assert frames["pit"].height == 10 * frames["forecasts"].height


def test_the_page_lists_what_was_missed():
    page = report_html(validation())
    assert "Figures outside their interval" in page
    assert "40.0 (20.0 to 60.0)" in page


def test_a_page_without_a_missed_figure_or_knowledge_says_so():
    result = validation(figures=(left_out(),), narrowing=())
    page = report_html(result)
    assert "Every figure lies inside its 95 % interval." in page
    assert "Outside their interval" not in str(result)


def test_a_page_of_shares_alone_draws_one_panel():
    result = validation(figures=(left_out(),), forecasts=(compared("model", scores=None),), narrowing=())
    assert "Against plainer forecasts" in report_html(result)


def test_the_pictures_of_the_model_card_are_drawings_on_white_with_a_text_alternative():
    drawn = validation_pictures_svg(validation())
    assert set(drawn) == {"registries-left-out", "forecasts-compared"}
    for each in drawn.values():
        assert each.startswith("<svg")
        assert "<desc" in each
