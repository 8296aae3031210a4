"""What is shown of power over parameter sets: assurance first, its range, its error in parts."""

from dataclasses import replace

import pytest

from cordwise.present import numbers
from cordwise.present.presenters import report_html
from cordwise.present.trial.charts.parameter_sets import set_rows
from cordwise.present.trial.charts.sample_size import curve_rows, simulated_and_extrapolated
from cordwise.present.trial.tables import size_range
from cordwise.present.trial.text import answer, size_words, text
from trial_bank import findings_of, result_of, synthetic_bank


@pytest.fixture(scope="module")
def result():
    bank = synthetic_bank({"assumed: cells": (3.0, 0.2)}, sets=40, people=120, between=0.5)
    return result_of(findings_of(replicates=400, curve=400, bank=bank))


def test_the_answer_leads_with_the_assurance_its_range_and_its_errors(result):
    assumed = result.scenarios[1]
    first = answer(result).split(". ")[0]
    shown = f"{assumed.reject_rate:.3f} (MCSE {assumed.mcse:.3f}, total error {assumed.total_error:.3f})"
    assert f"assurance is {shown}" in answer(result)
    assert f"between {assumed.sets_low95:.2f} and {assumed.sets_high95:.2f}" in answer(result)
    assert first.startswith("If assumed, the true difference")
    told = text(result)
    assert f"{assumed.error.parameters:.3f} to the parameters; that only more evidence makes smaller" in told


def test_the_report_opens_with_the_parts_of_the_error(result):
    page = report_html(result)
    assert page.index("Assurance, and what its error consists of") < page.index("Three single trials")
    for scenario in result.scenarios:
        for part in (scenario.error.replicates, scenario.error.bank, scenario.error.parameters):
            assert numbers.number(part, 4) in page
    assert "blend" not in page


def test_every_set_has_a_tick_and_every_scenario_a_mean_within_its_range(result):
    ticks, means = set_rows(result.scenarios, result.by_parameter_set)
    assert len(ticks) == 40 * len(result.scenarios)
    assert {row["kind"] for row in ticks} == {"null", "effect"}
    assert all(row["low"] <= row["rate"] <= row["high"] for row in means)
    assert result.chart("parameter_sets").to_dict()["config"]


def test_broken_lines_go_on_where_the_simulated_sizes_end(result):
    rows = curve_rows(result.sample_size_curve, "AIS")
    solid, broken = simulated_and_extrapolated(rows)
    assert solid[-1]["n_per_arm"] == 60 == broken[0]["n_per_arm"]
    assert {row["extrapolated"] for row in broken[1:]} == {True}
    assert simulated_and_extrapolated(solid) == (solid, [])


def test_a_size_that_some_sets_do_not_reach_is_said_to_be_beyond_the_curve(result):
    row = replace(result.required_size[0], relation="about", n_per_arm=80, total_error=12.0, low95=50, high95=None)
    assert size_words(row) == "about 80 patients per arm (total error 12; 50 to more than 360 over the sets)"
    assert size_range(50, None, 360) == "50 to more than 360"
    assert size_range(None, None, 360) == numbers.NOT_GIVEN
    unknown = replace(row, total_error=None, low95=None)
    assert size_words(unknown) == "about 80 patients per arm"


def test_few_replicates_are_said_to_tell_no_sets_apart():
    few = result_of(findings_of(replicates=20))
    assert "no total error is known" in answer(few)
    assert "parameter_sets" not in few.charts
    assert few.scenarios[1].total_error is None
    assert report_html(few)
