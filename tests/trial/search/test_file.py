"""The search file and its combinations: every fault at its place, and choices put into the base design."""

import pytest

from cordwise.base.errors import InputError
from cordwise.trial.search.combinations import MOST_COMBINATIONS, combination_count, combinations
from cordwise.trial.search.file import check_search, read_search
from search_example import HALF, search_tables, small_search
from trial_bank import synthetic_design


def test_all_faults_of_a_search_file_are_told_at_once():
    tables = search_tables(
        totals=[60, 60],
        endpoints=[{"endpoint": "ASI"}],
        looks=[HALF, HALF, {"name": "fixed", "schedule": {"patients": [30, 60]}}],
        goal={"scenario": "nobody", "power": 1.2, "most_null_rate": 0.1},
        costs={},
    )
    with pytest.raises(InputError) as caught:
        check_search(tables, "s.toml", base=synthetic_design())
    assert {
        "s.toml: totals",
        "s.toml: endpoints[0].endpoint",
        "s.toml: looks[1]",
        "s.toml: looks[2].schedule.patients",
        "s.toml: goal.scenario",
        "s.toml: goal.power",
        "s.toml: costs",
    } <= {fault.where for fault in caught.value.faults}


def test_a_choice_that_the_base_design_cannot_take_is_named_at_its_place():
    search = small_search(
        windows=[{"baseline_day": [80.0, 100.0]}],
        endpoints=[{"endpoint": "AIS", "analysis": "ancova"}],
        looks=[{"name": "odd", "schedule": {"information": [1.0, 0.5]}}],
    )
    with pytest.raises(InputError) as caught:
        combinations(search)
    places = [fault.where for fault in caught.value.faults]
    for name in ("windows[0]", "endpoints[0]", "looks[0]"):
        assert any(place.startswith(f"s.toml: {name}, as ") for place in places)


def test_a_window_moves_the_cells_and_where_asked_the_visits():
    fixed, moved = (
        {"baseline_day": [20.0, 30.0], "dose_days_after": 2.0, "visits": each} for each in ("fixed", "move")
    )
    plans = [each.plan for each in combinations(small_search(windows=[fixed, moved], totals=[60], looks=[]))]
    assert {plan.treatments[0].day for plan in plans} == {32.0}
    assert plans[0].design.followup.visits == (90.0, 135.0, 225.0)
    assert plans[-1].design.followup.visits == (70.0, 115.0, 205.0)
    assert (plans[0].visits, plans[-1].visits) == ((225.0,), (205.0,))
    assert plans[-1].primary.day == 205.0


def test_an_absurd_search_is_refused_with_its_count():
    search = small_search(totals=list(range(40, 40 + 2 * MOST_COMBINATIONS, 4)))
    with pytest.raises(InputError, match=str(combination_count(search))):
        combinations(search)


def test_the_base_design_and_the_search_are_faulted_together(tmp_path):
    (tmp_path / "base.toml").write_text('name = "half a design"\n')
    path = tmp_path / "search.toml"
    path.write_text('design = "base.toml"\nsurprise = 1\n')
    with pytest.raises(InputError) as caught:
        read_search(path)
    places = [fault.where for fault in caught.value.faults]
    assert any(place.startswith(str(tmp_path / "base.toml")) for place in places)
    assert f"{path}: surprise" in places


def test_the_example_search_can_be_planned():
    search = read_search("subacute_msc")
    assert len(combinations(search)) == combination_count(search)
