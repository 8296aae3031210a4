"""A search over designs simulated: every combination once, and the cheapest that reaches the goal."""

import json

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.cli.options import RunOptions
from cordwise.cli.trial_optimise import optimise
from cordwise.trial.analyse.simulate import prepare, simulate_replicates
from cordwise.trial.decide.stopping import stops_of
from cordwise.trial.plan.plan import plan_trial
from cordwise.trial.search.combinations import combination_count, combinations
from cordwise.trial.search.file import check_search
from cordwise.trial.search.run import MOST_TRIALS, require_trials, search_designs
from cordwise.trial.search.simulate import simulate_combinations
from paths import ROOT
from search_example import EFFECTS, REPLICATES, SEED, search_tables, searched, small_search
from trial_bank import ais_endpoint, synthetic_bank, synthetic_design, uems_endpoint


@pytest.fixture(scope="module")
def bank():
    return synthetic_bank(EFFECTS)


@pytest.fixture(scope="module")
def simulated(bank):
    return simulate_combinations(combinations(small_search()), bank, Streams(SEED), replicates=REPLICATES)


@pytest.fixture(scope="module")
def result():
    return searched()


def test_every_combination_is_simulated_once(result):
    taken = {(each.total, each.endpoint, each.looks) for each in result.designs}
    assert len(taken) == len(result.designs) == combination_count(small_search()) == 8


def test_the_largest_trial_is_the_one_that_trial_simulate_draws(simulated, bank):
    plan = plan_trial(synthetic_design())
    alone = simulate_replicates(prepare(plan, bank, Streams(SEED)), replicates=REPLICATES)
    expected = stops_of(plan, alone.scenarios[1], alone.course)
    found = next(
        each
        for each in simulated
        if each.combination.plan.total == 120
        and each.combination.plan.primary.name == "AIS"
        and not each.combination.looks
    )
    np.testing.assert_array_equal(found.wanted.rejects, expected.any_success)
    np.testing.assert_array_equal(found.wanted.day, expected.day)


def test_the_result_does_not_depend_on_the_number_of_threads(simulated, bank):
    again = simulate_combinations(combinations(small_search()), bank, Streams(SEED), replicates=REPLICATES, workers=2)
    for one, other in zip(simulated, again, strict=True):
        np.testing.assert_array_equal(one.wanted.rejects, other.wanted.rejects)


def test_a_trial_with_a_look_never_costs_more_than_one_without(result):
    costs = {(each.total, each.endpoint, each.looks): each.cost for each in result.designs}
    for (total, endpoint, looks), cost in costs.items():
        if looks == "half-way":
            assert cost <= costs[total, endpoint, "end only"]


def test_the_frontier_of_the_result_holds_the_cheapest(result):
    assert result.cheapest in result.frontier
    chosen = result.designs[result.cheapest]
    assert chosen.power_low95 >= 0.7
    assert chosen.on_frontier
    feasible = [each.cost for each in result.designs if each.keeps_null_rate and each.reaches_power]
    assert chosen.cost == min(feasible)


def test_an_absurd_number_of_trials_is_refused():
    with pytest.raises(InputError, match="at most"):
        require_trials(100, MOST_TRIALS)


def test_a_faulty_search_ends_the_command_as_a_fault_of_the_user(tmp_path):
    path = tmp_path / "search.toml"
    path.write_text("totals = [2]\nsurprise = 1\n")
    with pytest.raises(InputError) as caught:
        optimise(path)
    assert caught.value.exit_code == 2
    places = {fault.where for fault in caught.value.faults}
    assert {f"{path}: totals[0]", f"{path}: surprise", f"{path}: goal", f"{path}: cost"} <= places


def test_windows_are_searched_from_the_patients_to_the_result():
    windows = [{"baseline_day": [40.0, 50.0]}, {"baseline_day": [60.0, 70.0], "dose_days_after": 3.0}]
    search = small_search(windows=windows, totals=[40, 80])
    found = search_designs(search, seed=1, replicates=20, sets=2)
    assert len(found.designs) == combination_count(search) == 16
    assert {each.cells_day for each in found.designs} == {(50.0,), (73.0,)}
    assert found.numerics.words


def test_designs_that_read_other_visits_share_the_bank_of_a_window():
    endpoints = [{"endpoint": "UEMS"}, {"endpoint": "UEMS", "analysis": "mmrm"}, {"endpoint": "AIS", "day": 135.0}]
    search = small_search(endpoints=endpoints, totals=[40], looks=[])
    found = search_designs(search, seed=1, replicates=20, sets=2)
    assert [(each.analysis, each.endpoint_day) for each in found.designs] == [
        ("ancova", 225), ("mmrm", 225), ("n_minus_1_chi_square", 135),
    ]  # fmt: skip


def test_designs_with_confirmed_grades_have_a_bank_of_their_own_in_a_window():
    base = synthetic_design(endpoints=[ais_endpoint(confirmed=True), uems_endpoint()])
    search = check_search(search_tables(totals=[40], looks=[]), "s.toml", base=base)
    found = search_designs(search, seed=1, replicates=20, sets=2)
    alone = search_designs(small_search(totals=[40], looks=[]), seed=1, replicates=20, sets=2)
    assert [each.endpoint for each in found.designs] == ["AIS", "UEMS"]
    assert found.designs[1] == alone.designs[1]  # whose entry asks for no second examination


def test_the_run_folder_keeps_the_search_and_its_base_design(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("cordwise.trial.search.run.search_designs", lambda search, **_: searched())
    optimise(ROOT / "searches" / "subacute_msc.toml", options=RunOptions(json=True, quiet=True, out=tmp_path / "run"))
    assert json.loads(capsys.readouterr().out)["kind"] == "trial_search"
    for kept, source in (
        ("input.toml", "searches/subacute_msc.toml"),
        ("subacute_msc.toml", "designs/subacute_msc.toml"),
    ):
        assert (tmp_path / "run" / kept).read_bytes() == (ROOT / source).read_bytes()
