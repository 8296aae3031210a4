"""From a design to its result in one call, on the real model."""

import pytest

from cordwise.base.codec import to_plain
from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.cord.product import Route
from cordwise.present.presenters import read_result
from cordwise.present.trial.text import answer
from cordwise.trial.design.file import DesignFile, read_design
from cordwise.trial.observe.counterfactuals import bank_spec, regimens, scenario_counterfactuals
from cordwise.trial.plan.plan import plan_trial
from cordwise.trial.run import simulate_trial
from paths import ROOT
from trial_bank import ais_endpoint, raw_design, synthetic_design, uems_endpoint

SCENARIOS = [
    {"name": "carried over", "description": "a quarter carries over", "translation": 0.25},
    {"name": "assumed", "description": "assumed", "assumed_log_odds": 0.5, "onset_days": 30},
]


@pytest.fixture(scope="module")
def run():
    return simulate_trial(synthetic_design(scenarios=SCENARIOS), replicates=60, seed=5, sets=4)


def test_a_run_says_what_was_asked_and_what_decides_it(run):
    assert (run.seed, run.replicates) == (5, 60)
    assert [each.name for each in run.scenarios] == ["null", "carried over", "assumed"]
    assert run.design.arms[1].dose_cells == 1e8
    assert run.provenance.options == {"replicates": 60, "precision": None}
    assert run.provenance.input_sha256 == synthetic_design(scenarios=SCENARIOS).origin.sha256


def test_a_run_has_all_that_goes_with_its_trials(run):
    assert run.numerics.simulations_checked == 2 * 64  # without cells, and a quarter of their effect
    assert (run.patient.regimen.product, run.patient.regimen.translation) == ("autologous_msc", 0.25)
    assert {each.endpoint for each in run.enrolment_days} == {"AIS", "total motor score"}
    assert run.adaptation is None
    assert {each.scenario for each in run.sample_size_curve} == {"carried over", "assumed"}


def test_a_result_is_read_back_from_its_json(run):
    assert read_result(run.to_dict()).to_dict() == run.to_dict()
    assert list(run.to_dict())[:4] == ["kind", "question", "answer", "design"]


def test_a_trial_of_confirmed_grades_says_so_and_fewer_improve_without_cells(run):
    endpoints = [ais_endpoint(confirmed=True), uems_endpoint()]
    twice = simulate_trial(synthetic_design(endpoints=endpoints), replicates=60, seed=5, sets=4, portrait=False)
    assert "by the grades of two examinations" in answer(twice)
    told = {row.what: row.value for row in twice.assumptions}
    assert (
        told["grades are confirmed: what counts at a visit (AIS)"] == "the lower grade of two examinations on one day"
    )
    assert read_result(twice.to_dict()).to_dict() == twice.to_dict()
    once, both = (
        {row.day: row.control_mean for row in each.enrolment_days if row.endpoint == "AIS"} for each in (run, twice)
    )
    assert all(both[day] < once[day] for day in once)
    assert "two examinations" not in answer(run)
    assert not any("confirmed" in row.what for row in run.assumptions)


def test_the_bank_is_asked_for_what_the_design_says():
    spec = bank_spec(plan_trial(synthetic_design(followup={"visits": [90, 135, 225], "window_days": 7})), sets=5)
    assert (spec.grades, spec.levels, spec.baseline_day) == ((0, 1, 2), (0, 7), (40, 50))
    assert (spec.visits, spec.visit_window_days) == ((225,), (7,))  # no analysis sees the others
    assert (spec.people, spec.groups, spec.sets) == (120, 2, 5)


def test_the_tissue_model_is_run_with_the_cells_of_every_scenario_that_it_explains():
    nothing, given = regimens(plan_trial(synthetic_design(scenarios=SCENARIOS)), Streams(1))
    assert nothing is None
    assert (given.product, given.translation) == ("autologous_msc", 0.25)
    assert [(dose.day, dose.cells, dose.route) for dose in given.doses] == [(50, 1e8, Route.INTRAVENOUS)]


def test_progress_hears_of_every_counterfactual():
    told, twice = [], [SCENARIOS[1], {**SCENARIOS[1], "name": "again", "assumed_log_odds": 1.0}]
    plan = plan_trial(synthetic_design(scenarios=twice))
    found = scenario_counterfactuals(plan, Streams(1), on_progress=told.append)
    assert list(found) == ["assumed: cells", "again: cells"]
    assert told == [1, 1]


@pytest.mark.parametrize(
    ("given", "where"),
    [({"replicates": 1}, "replicates"), ({"precision": 0.7}, "precision"), ({"replicates": 10**12}, "replicates")],
)
def test_what_cannot_be_simulated_is_refused_by_the_name_of_its_argument(given, where):
    with pytest.raises(InputError) as caught:
        simulate_trial(synthetic_design(), seed=1, **given)
    assert [(fault.where, fault.is_argument) for fault in caught.value.faults] == [(where, True)]


def test_the_reference_page_names_every_key_of_the_schema():
    page = (ROOT / "docs" / "reference" / "design-file.md").read_text()
    schema = DesignFile.model_json_schema()
    tables = [schema, *schema["$defs"].values()]
    keys = {key for table in tables for key in table.get("properties", {})}
    missing = {key for key in keys if key not in page}
    assert keys >= set(raw_design())
    assert not missing


@pytest.mark.slow
def test_neither_a_second_run_nor_threads_change_a_result(run):
    again = simulate_trial(synthetic_design(scenarios=SCENARIOS), replicates=60, seed=5, sets=4, workers=1)
    assert to_plain(again) == to_plain(run)


@pytest.mark.slow
def test_the_shipped_design_runs_from_patients_to_words():
    result = simulate_trial(read_design("subacute_msc"), replicates=1000, seed=1, sets=40)
    null, *others = result.scenarios
    assert abs(null.reject_rate - 0.05) < 4 * null.mcse
    assert others[-1].reject_rate > null.reject_rate + 4 * (null.mcse + others[-1].mcse)
