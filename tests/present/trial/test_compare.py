"""The pages of a comparison and of a search: every number of the result, drawn and in tables, and nothing else."""

import re
from pathlib import Path

import pytest

from cordwise.base.randomness import Streams
from cordwise.present import numbers
from cordwise.present.html.render import render_report
from cordwise.present.trial.compare.power_by_design import design_rows, power_by_design
from cordwise.present.trial.search.frontier import cost_and_power, design_points
from cordwise.trial.compare.entrants import entrants
from cordwise.trial.compare.result import comparison_json
from cordwise.trial.compare.run import simulate_entrant
from cordwise.trial.search.combinations import combinations
from cordwise.trial.search.file import Search, check_search
from cordwise.trial.search.replicates import simulate_combinations
from cordwise.trial.search.result import search_json
from trial_bank import raw_design, synthetic_bank, synthetic_design

EFFECTS = {"assumed: cells": (3.0, 0.2), "other: cells": (1.0, 0.1)}
OTHER = {"name": "other", "description": "another effect", "assumed_log_odds": 0.3, "onset_days": 30}
HOSTILE = '<b>smaller</b> & "better"'
PRICE = {"amount": 20000.0, "source": "a guess"}
SEARCH = {
    "name": "example",
    "question": "Which is the cheapest?",
    "design": "base.toml",
    "totals": [60, 100, 140],
    "endpoints": [{"endpoint": "AIS"}, {"endpoint": "UEMS"}],
    "goal": {"scenario": "assumed", "power": 0.6, "most_null_rate": 0.12},
    "cost": {"currency": "crowns", "patient": PRICE, "month": PRICE, "site": PRICE},
}


@pytest.fixture(scope="module")
def comparison():
    small = synthetic_design(name=HOSTILE, size={"total": 80}, scenarios=[*raw_design()["scenarios"], OTHER])
    given = entrants([(Path("a.toml"), synthetic_design()), (Path("b.toml"), small)])
    bank = synthetic_bank(EFFECTS)
    compared = [simulate_entrant(each, bank, Streams(3), replicates=150) for each in given]
    return comparison_json(compared, seed=3, replicates=150)


@pytest.fixture(scope="module")
def search():
    base = raw_design()
    checked = Search(check_search(SEARCH, "s.toml", base=base), base, Path())
    bank = synthetic_bank(EFFECTS)
    simulated = simulate_combinations(combinations(checked, "s.toml"), bank, Streams(3), replicates=200)
    return search_json(checked, simulated, seed=3, replicates=200)


def test_the_page_of_a_comparison_shows_every_rate_with_its_error(comparison):
    page = render_report(comparison)
    for scenario in comparison["scenarios"]:
        for cell in scenario["results"]:
            if not cell["is_missing"]:
                assert numbers.rate(cell["reject_rate"], cell["mcse"]) in page
    assert "not in this design" in page


def test_a_hostile_name_is_shown_as_text(comparison):
    page = render_report(comparison)
    assert "<b>" not in page
    assert "&lt;b&gt;smaller" in page


def test_every_design_has_a_dot_in_every_scenario_it_has(comparison):
    for scenario in comparison["scenarios"]:
        rows = design_rows(scenario)
        assert [row["rate"] is None for row in rows] == [each["is_missing"] for each in scenario["results"]]
        assert all(row["low"] <= row["rate"] <= row["high"] for row in rows if row["rate"] is not None)
    labels = [each["label"] for each in comparison["designs"]]
    spec = power_by_design(comparison["scenarios"], labels, [0.05], title="t")
    assert len(spec["vconcat"]) == len(comparison["scenarios"])


def test_the_level_is_drawn_under_the_null_only(comparison):
    labels = [each["label"] for each in comparison["designs"]]
    spec = power_by_design(comparison["scenarios"], labels, [0.05, 0.05], title="t")
    levels = [panel["layer"][0]["data"]["values"] for panel in spec["vconcat"]]
    assert levels == [[{"rate": 0.05}], [], []]


def test_the_page_of_a_search_lists_every_design_and_numbers_the_frontier(search):
    page = render_report(search)
    table = page[page.index("Every design, cheapest first") :]
    assert len(re.findall(r"<td>(?:not beaten|beaten|null rate too high)</td>", table)) == len(search["designs"])
    assert ", chosen</td>" in page
    assert search["cost"]["patient"]["source"] in page


def test_the_drawing_of_a_search_marks_the_frontier_and_the_chosen_design(search):
    rows, unit = design_points(search)
    assert [at for at, row in enumerate(rows) if row["is_chosen"]] == [search["cheapest"]]
    numbered = sorted((row["number"], at) for at, row in enumerate(rows) if row["number"])
    assert [at for _, at in numbered] == search["frontier"]
    assert unit == "million crowns"


def test_a_search_without_a_feasible_design_still_has_a_page(search):
    beaten = [{**row, "keeps_null_rate": False, "on_frontier": False} for row in search["designs"]]
    nothing = {**search, "designs": beaten, "frontier": [], "cheapest": None}
    assert cost_and_power(nothing, title="t")["layer"]
    assert "Not beaten: none" in render_report(nothing)
