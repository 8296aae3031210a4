"""Pages of trials, made from results as the engine writes them: what they say is what was found."""

import re
from dataclasses import replace
from math import isclose

import pytest

from cordwise.base.errors import InputError
from cordwise.present.presenters import report_html
from cordwise.present.trial.charts.boundary import boundary_rows, path_rows, z_range
from cordwise.present.trial.charts.endings import ending_rows, ending_shares
from cordwise.present.trial.charts.enrolment_day import fixed_effect
from cordwise.present.trial.charts.example_trials import forest_rows
from cordwise.present.trial.charts.operating import rate_rows
from cordwise.present.trial.charts.patient_flow import flow_counts
from cordwise.present.trial.safety import board_tables
from cordwise.present.trial.sizes import day_words
from cordwise.present.trial.tables import endpoints_table, sentences
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay
from cordwise.trial.decide.adaptive import run_adaptive
from trial_bank import (
    ais_endpoint,
    findings_of,
    prepared_trial,
    result_of,
    synthetic_bank,
    uems_endpoint,
)

DOSES = [
    {"name": "placebo", "control": "placebo"},
    {"name": "low", "product": "allogeneic_msc", "route": "intravenous", "dose_cells": 1e7, "day": 50},
    {"name": "high", "product": "allogeneic_msc", "route": "intravenous", "dose_cells": 1e8, "day": 50},
]
EFFECT = [{"name": "assumed", "description": "assumed", "assumed_log_odds": 0.5, "onset_days": 30}]
LOOKS = {"information": [0.4, 0.7, 1.0], "futility": {"values": [0.0, 0.5]}}
SAFETY = {"event": "meningitis", "tolerable_rate": 0.1, "rate_treated": 0.1, "source": "invented"}


def simulated(effects, **changes):
    """Return the result of a small simulation over the made-up bank."""
    bank = synthetic_bank(effects)
    return result_of(findings_of(replicates=60, seed=4, bank=bank, scenarios=EFFECT, **changes))


@pytest.fixture(scope="module")
def sequential():
    return simulated({"assumed: cells": (4.0, 0.2)}, looks=LOOKS, safety=SAFETY)


@pytest.fixture(scope="module")
def two_doses():
    effects = {"assumed: low": (2.0, 0.1), "assumed: high": (4.0, 0.2)}
    return simulated(effects, arms=DOSES, endpoints=[ais_endpoint(), uems_endpoint()])


@pytest.fixture(scope="module")
def sequential_page(sequential):
    return report_html(sequential)


def headings(page):
    return re.findall(r"<h2>([^<]+?)\s*</h2>", page)


def test_a_sequential_trial_shows_single_trials_before_any_rate(sequential_page):
    found = headings(sequential_page)
    assert found[2:6] == [
        "Assurance, and what its error consists of",
        "Three single trials, before any average", "How often the trial rejects", "Looks and early stopping",
    ]  # fmt: skip
    assert "What the trial may change" not in found


def test_a_trial_page_is_the_same_each_time(sequential, sequential_page):
    assert sequential_page == report_html(replace(sequential))


def test_every_trial_ends_in_one_way(sequential):
    for scenario in sequential.scenarios:
        shares = ending_shares(scenario)
        assert isclose(sum(shares.values()), 1.0)
        assert isclose(shares["found early"] + shares["found at the end"], scenario.reject_rate)
        assert shares["stopped for harm"] == scenario.stopped_for_harm > 0
    assert isclose(ending_rows(sequential.scenarios)[-1]["to"], 1.0)


def test_the_boundary_is_drawn_at_the_limits_of_the_result(sequential):
    looks = sequential.scenarios[0].looks
    rows = boundary_rows(looks)
    assert [row["z"] for row in rows if row["kind"] == "efficacy"] == [row.efficacy_z for row in looks]
    assert [row["z"] for row in rows if row["kind"] == "futility"] == [0.0, 0.5]
    top, foot = z_range(sequential.scenarios, sequential.example_trials)
    assert all(foot < row.z < top for item in sequential.example_trials for row in item.looks)


def test_a_path_ends_where_its_trial_ends(sequential):
    examples = [item for item in sequential.example_trials if item.scenario == "null"]
    rows = path_rows(examples, 120)
    assert len(rows) == sum(len(item.looks) for item in examples)
    ends = [number for row in rows if row["end"] for number in row["end"].split(", ")]
    assert sorted(ends) == ["1", "2", "3"]


def test_a_limit_that_does_not_exist_is_not_drawn(sequential):
    looks = [replace(row, futility_z=None) for row in sequential.scenarios[0].looks]
    assert {row["kind"] for row in boundary_rows(looks)} == {"efficacy"}


def test_the_board_sees_its_boundary_with_exact_chances(sequential):
    boundary, chances, simulated_stops = board_tables(sequential, sequential.design.safety)
    limits = [int(row[1].text) for row in boundary.rows]
    assert limits == sorted(set(limits))
    stops = [float(row[1].text) for row in chances.rows[1:4]]
    assert stops == sorted(stops)
    assert len(simulated_stops.rows) == len(sequential.scenarios)


def test_the_forest_names_each_scenario_once_and_marks_the_truth(sequential):
    truths = {row.name: row.estimand_true for row in sequential.scenarios}
    rows = forest_rows(sequential.example_trials, truths)
    assert [row["name"] for row in rows if row["name"]] == ["null", "assumed"]
    assert {row["truth"] for row in rows} == set(truths.values())
    places = [row["place"] for row in rows]
    assert places == sorted(set(places))


def test_several_arms_have_a_row_each_beside_that_of_any_arm(two_doses):
    rows = rate_rows(two_doses.scenarios)
    assert [row["scenario"] for row in rows[:3]] == ["null: any arm", "null: low", "null: high"]
    any_arm, low, high = (row["rate"] for row in rows[3:])
    assert max(low, high) <= any_arm <= low + high
    first = endpoints_table(two_doses.scenarios)[0]
    assert [row[1].text for row in first.rows] == ["low", "high", "low", "high"]
    page = report_html(two_doses)
    assert "(arm: low)" in page
    assert "Dunnett" in page


def test_the_flow_counts_patients_as_the_result_does(sequential, two_doses):
    whole = flow_counts(two_doses, two_doses.scenarios[0])
    assert (whole.randomised, whole.due) == (120, 120)
    assert whole.withdrawn == pytest.approx(18)
    stopped = flow_counts(sequential, sequential.scenarios[0])
    assert stopped.due <= stopped.randomised < 120


def test_a_primary_endpoint_before_the_last_visit_leaves_withdrawals_uncounted(two_doses):
    early = [ais_endpoint(day=135), uems_endpoint()]
    result = simulated({"assumed: cells": (4.0, 0.2)}, endpoints=early)
    assert flow_counts(result, result.scenarios[0]).withdrawn is None
    assert "are not counted in this result" in report_html(result)


def test_values_that_do_not_exist_break_no_page():
    tiny = {"size": {"total": 4}, "dropout": {"rate": 0.95, "source": "invented"}}
    bayesian = [ais_endpoint(analysis="beta_binomial", missing="complete_case", estimand={})]
    result = result_of(findings_of(replicates=20, endpoints=bayesian, **tiny))
    assert None in {each.estimate for each in result.example_trials}
    page = report_html(result)
    assert "not given" in page
    assert "no rate of rejection is promised" in page


def test_a_change_on_the_way_stands_beside_the_fixed_trial():
    doses = {
        "arms": DOSES,
        "scenarios": EFFECT,
        "adaptation": {"kind": "drop_arms", "at_patients": 60, "keep_above": 0.5},
    }
    bank = synthetic_bank({"assumed: low": (2.0, 0.1), "assumed: high": (4.0, 0.2)})
    prepared = prepared_trial(bank=bank, **doses)
    found = run_adaptive(prepared, prepared.plan.adaptation, replicates=60)
    result = result_of(findings_of(replicates=60, bank=bank, **doses), adaptation=found)
    page = report_html(result)
    assert "After 60 patients treated arms with z below 0.50 are dropped" in page
    assert f"{found.scenarios[1].reject_rate:.3f} (MCSE {found.scenarios[1].mcse:.3f}" in page
    assert "With its adaptation the trial behaves so: null: rejects in" in result.to_dict()["answer"]
    assert result.to_dict()["adaptation"]["words"] in result.to_dict()["answer"]


def _day(day, size, effect=5.0):
    return EnrolmentDay(day, "motor", effect, 10.0, 5.0, size)


def test_the_words_on_enrolment_say_whether_patients_fall_with_every_day():
    falling = day_words([_day(3.0, 400.0), _day(45.0, 100.0)])
    assert "fall with every later day of enrolment, in all by a factor of 4.0" in falling
    bent = day_words([_day(3.0, 80.0, 0.2), _day(28.0, 97.0, 0.2), _day(180.0, 60.0, 0.2)])
    assert "do not fall with every later day" in bent
    assert "most, 97, on day 28" in bent
    assert fixed_effect(_day(3.0, 1.0, 0.2)) == "20 percentage points"


def test_every_chart_of_a_trial_is_drawn_by_its_name(sequential):
    result = replace(sequential, enrolment_days=(_day(3.0, 400.0), _day(45.0, 100.0)))
    for name in result.charts:
        assert result.chart(name).to_dict()["config"]
    two = result.chart("sizes").to_dict()
    assert len(two["vconcat"]) == len(result.design.endpoints)


def test_a_chart_that_a_trial_does_not_have_is_refused_with_those_it_has(two_doses):
    with pytest.raises(InputError, match="name: expected one of rates, "):
        two_doses.chart("boundaries")


def test_every_part_of_a_trial_is_a_table(sequential):
    scenarios, looks = sequential.to_frame(), sequential.to_frame("looks")
    assert scenarios["reject_rate"].to_list() == [each.reject_rate for each in sequential.scenarios]
    assert looks.height == 3 * len(sequential.scenarios)
    assert sequential.to_frame("endpoints").columns[:3] == ["scenario", "name", "arm"]
    assert sequential.to_frame("example_trials").height == sum(len(each.looks) for each in sequential.example_trials)


def test_an_answer_is_cut_between_sentences_and_never_inside_a_number():
    text = "It rejects in 0.05 of trials. If much happens, in 0.9. As designed, it does."
    assert sentences(text) == ("It rejects in 0.05 of trials.", "If much happens, in 0.9.", "As designed, it does.")


def test_a_trial_says_whose_natural_recovery_it_assumes(sequential):
    result = replace(sequential, registry="Murnau")
    assert "natural recovery is that of Murnau" in str(result)
    assert "The sets are those of Murnau" in report_html(result)
