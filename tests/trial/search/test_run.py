"""The search over designs: files, combinations, replicates, cost and the frontier."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.errors import InputError
from cordwise.base.provenance import to_json
from cordwise.base.randomness import Streams
from cordwise.cli.trial_optimise import optimise
from cordwise.present.trial.search.text import summary
from cordwise.trial.analyse.simulate import simulate_trial
from cordwise.trial.decide.stopping import stops_of
from cordwise.trial.plan.plan import plan_trial
from cordwise.trial.search.combinations import MOST_COMBINATIONS, combination_count, combinations
from cordwise.trial.search.cost import CostModel
from cordwise.trial.search.file import Search, check_search, read_search
from cordwise.trial.search.frontier import Candidate, cheapest, frontier
from cordwise.trial.search.replicates import simulate_combinations
from cordwise.trial.search.result import search_json
from cordwise.trial.search.run import MOST_TRIALS, require_trials, run_search
from paths import ROOT
from trial_bank import raw_design, synthetic_bank, synthetic_design

REPLICATES = 250
HALF = {"name": "half-way", "schedule": {"information": [0.5, 1.0]}}


def _raw(**changes):
    return {
        "name": "search",
        "question": "Which is the cheapest?",
        "design": "base.toml",
        "totals": [60, 120],
        "endpoints": [{"endpoint": "AIS"}, {"endpoint": "UEMS"}],
        "looks": [{"name": "end only"}, HALF],
        "goal": {"scenario": "assumed", "power": 0.7, "most_null_rate": 0.12},
        "cost": {
            "currency": "crowns",
            "patient": {"amount": 10.0, "source": "guess"},
            "month": {"amount": 2.0, "source": "guess"},
            "site": {"amount": 5.0, "source": "guess"},
        },
        **changes,
    }


def _search(**changes):
    base = raw_design()
    return Search(check_search(_raw(**changes), "s.toml", base=base), base, Path())


def _places(raw):
    with pytest.raises(InputError) as caught:
        check_search(raw, "s.toml", base=raw_design())
    return [fault.where for fault in caught.value.faults]


@pytest.fixture(scope="module")
def simulated():
    bank = synthetic_bank({"assumed: cells": (3.0, 0.2)})
    return simulate_combinations(combinations(_search(), "s.toml"), bank, Streams(5), replicates=REPLICATES)


@pytest.fixture(scope="module")
def result(simulated):
    return search_json(_search(), simulated, seed=5, replicates=REPLICATES)


def test_every_combination_is_simulated_once(result):
    taken = {(row["total"], row["endpoint"], row["looks"]) for row in result["designs"]}
    assert len(taken) == len(result["designs"]) == combination_count(_search().file) == 8


def test_the_largest_trial_is_the_one_that_trial_simulate_draws(simulated):
    bank = synthetic_bank({"assumed: cells": (3.0, 0.2)})
    plan = plan_trial(synthetic_design())
    alone = simulate_trial(plan, bank, Streams(5), replicates=REPLICATES)
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


def test_the_result_does_not_depend_on_the_number_of_threads(simulated):
    bank = synthetic_bank({"assumed: cells": (3.0, 0.2)})
    again = simulate_combinations(combinations(_search(), "s.toml"), bank, Streams(5), replicates=REPLICATES, workers=2)
    for one, other in zip(simulated, again, strict=True):
        np.testing.assert_array_equal(one.wanted.rejects, other.wanted.rejects)


def test_a_trial_with_a_look_never_enrols_or_costs_more_than_one_without(result):
    costs = {(row["total"], row["endpoint"], row["looks"]): row["cost"] for row in result["designs"]}
    for (total, endpoint, looks), cost in costs.items():
        if looks == "half-way":
            assert cost <= costs[total, endpoint, "end only"]


def test_cost_adds_patients_months_and_sites():
    model = CostModel(per_patient=10.0, per_month=3.0, per_site=100.0)
    year = np.array([365.25])
    assert model.of(np.array([50]), year, sites=4) == pytest.approx(500 + 36 + 400)


def test_the_frontier_of_the_result_holds_the_cheapest(result):
    assert result["cheapest"] in result["frontier"]
    chosen = result["designs"][result["cheapest"]]
    assert chosen["power_low95"] >= 0.7
    assert chosen["on_frontier"]
    feasible = [row["cost"] for row in result["designs"] if row["keeps_null_rate"] and row["reaches_power"]]
    assert chosen["cost"] == min(feasible)


points = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 100), st.integers(0, 20)),
    min_size=1,
    max_size=25,
).map(lambda rows: [Candidate(float(cost), found, rejected, 100) for cost, found, rejected in rows])


@settings(max_examples=60, deadline=None)
@given(points)
def test_nothing_on_the_frontier_is_beaten_and_everything_off_it_is(candidates):
    cap = 0.12
    front = frontier(candidates, most_null_rate=cap)
    keeping = [each for each in candidates if each.null_rate_high95 <= cap]

    def beats(one, other):
        return one.cost <= other.cost and one.found >= other.found

    for at in front:
        assert all(
            (one.cost, one.found) == (candidates[at].cost, candidates[at].found)
            for one in keeping
            if beats(one, candidates[at])
        )
    assert all(any(beats(candidates[at], each) for at in front) for each in keeping)


@settings(max_examples=60, deadline=None)
@given(points, st.floats(0.5, 0.95))
def test_the_cheapest_feasible_design_is_on_the_frontier(candidates, power):
    cap = 0.12
    chosen = cheapest(candidates, power=power, most_null_rate=cap)
    costs = [each.cost for each in candidates if each.null_rate_high95 <= cap and each.power_low95 >= power]
    assert (chosen is None) == (not costs)
    if chosen is not None:
        assert chosen in frontier(candidates, most_null_rate=cap)
        assert candidates[chosen].cost == min(costs)


def test_a_power_that_only_chance_may_have_reached_is_not_reached():
    lucky, sure = Candidate(1.0, 81, 2, 100), Candidate(2.0, 95, 2, 100)
    assert cheapest([lucky, sure], power=0.8, most_null_rate=0.12) == 1


def test_all_faults_of_a_search_file_are_told_at_once():
    raw = _raw(
        totals=[60, 60],
        endpoints=[{"endpoint": "ASI"}],
        looks=[HALF, HALF, {"name": "fixed", "schedule": {"patients": [30, 60]}}],
        goal={"scenario": "nobody", "power": 1.2, "most_null_rate": 0.1},
        costs={},
    )
    places = set(_places(raw))
    assert {
        "s.toml: totals",
        "s.toml: endpoints[0].endpoint",
        "s.toml: looks[1]",
        "s.toml: looks[2].schedule.patients",
        "s.toml: goal.scenario",
        "s.toml: goal.power",
        "s.toml: costs",
    } <= places


def test_a_choice_that_the_base_design_cannot_take_is_named_at_its_place():
    search = _search(
        windows=[{"baseline_day": [80.0, 100.0]}],
        endpoints=[{"endpoint": "AIS", "analysis": "ancova"}],
        looks=[{"name": "odd", "schedule": {"information": [1.0, 0.5]}}],
    )
    with pytest.raises(InputError) as caught:
        combinations(search, "s.toml")
    places = [fault.where for fault in caught.value.faults]
    for name in ("windows[0]", "endpoints[0]", "looks[0]"):
        assert any(place.startswith(f"s.toml: {name}, as ") for place in places)


def test_a_window_moves_the_cells_and_where_asked_the_visits():
    fixed, moved = (
        {"baseline_day": [20.0, 30.0], "dose_days_after": 2.0, "visits": each} for each in ("fixed", "move")
    )
    plans = [each.plan for each in combinations(_search(windows=[fixed, moved], totals=[60], looks=[]), "s.toml")]
    assert {plan.treatments[0].day for plan in plans} == {32.0}
    assert plans[0].visits == (90.0, 135.0, 225.0)
    assert plans[-1].visits == (70.0, 115.0, 205.0)
    assert plans[-1].primary.spec.day == 205.0


def test_an_absurd_search_is_refused_with_its_count():
    search = _search(totals=list(range(40, 40 + 2 * MOST_COMBINATIONS, 4)))
    with pytest.raises(InputError, match=str(combination_count(search.file))):
        combinations(search, "s.toml")
    with pytest.raises(InputError, match="at most"):
        require_trials(100, MOST_TRIALS)


def test_the_base_design_and_the_search_are_faulted_together(tmp_path):
    (tmp_path / "base.toml").write_text('name = "half a design"\n')
    path = tmp_path / "search.toml"
    path.write_text('design = "base.toml"\nsurprise = 1\n')
    with pytest.raises(InputError) as caught:
        read_search(path)
    places = [fault.where for fault in caught.value.faults]
    assert any(place.startswith(str(tmp_path / "base.toml")) for place in places)
    assert f"{path}: surprise" in places


def test_the_search_is_plain_json_and_its_words_show_the_frontier(result):
    again = json.loads(to_json(result))
    assert again["kind"] == "trial_search"
    text = summary(again)
    assert sum("(MCSE" in line and "day 40-50" in line for line in text.splitlines()) >= len(again["frontier"])
    assert "lower end of its 95 % interval" in again["answer"]


def test_the_example_search_can_be_planned():
    path = ROOT / "searches" / "subacute_msc.toml"
    assert len(combinations(read_search(path), path)) == combination_count(read_search(path).file)


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
    search = _search(windows=windows, totals=[40, 80])
    found = run_search(search, "s.toml", seed=1, replicates=20, quiet=True, bank_patients=300)
    assert len(found["designs"]) == combination_count(search.file) == 16
    assert {tuple(row["cells_day"]) for row in found["designs"]} == {(50.0,), (73.0,)}
    assert found["numerics"]["words"]
