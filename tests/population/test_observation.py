import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.randomness import Streams
from cordwise.evidence import packaged_targets
from cordwise.isncsci import AIS
from cordwise.patient.counterfactual import without_cells
from cordwise.population.observation import Viewing, first_visit_pattern, plan_schedules, viewing_of
from cordwise.population.posterior import load_posterior
from cordwise.population.prediction import draw_subjects, read_predictions, simulate
from small_population import stated_row

TARGETS = tuple(packaged_targets())


def target(identifier):
    return next(each for each in TARGETS if each.target_id == identifier)


@pytest.fixture(scope="module")
def registry():
    schedule = next(each for each in plan_schedules(TARGETS) if each.registry == "EMSCI")
    subjects = draw_subjects(schedule, Streams(3), count=4000)
    return simulate(subjects, load_posterior().best, without_cells())


def predict(targets):
    """Return what 1500 people of the best parameter set show in some targets."""
    people = {
        schedule: simulate(draw_subjects(schedule, Streams(2), count=1500), load_posterior().best, without_cells())
        for schedule in plan_schedules(targets)
    }
    return read_predictions(targets, people)


def test_each_source_is_looked_at_its_own_way():
    assert viewing_of(target("NH0001")) is Viewing.EMSCI
    assert viewing_of(target("NH0446")) is Viewing.EMSCI_ENTRY
    assert viewing_of(target("NH0241")) is Viewing.SYGEN
    assert viewing_of(target("NH0583")) is Viewing.STATED


def test_targets_that_are_seen_on_the_same_days_share_a_simulation():
    plan = plan_schedules(TARGETS)
    assert len(plan) == 3
    assert sorted(place for places in plan.values() for place in places) == list(range(len(TARGETS)))


def test_the_printed_numbers_give_emscis_first_visits():
    # Bourguignon 2022: numbers examined in the LEMS tables of both weeks, and 4601 patients in table 2.
    week_2_only, week_4_only = first_visit_pattern()
    assert week_2_only == pytest.approx(0.12, abs=0.005)
    assert week_4_only == pytest.approx(0.44, abs=0.005)


def test_emscis_tables_show_no_grade_e_and_only_visits_that_took_place(registry):
    view = registry.view(Viewing.EMSCI)
    assert (registry.outcomes.ais[view.is_shown] < AIS.E).all()
    assert (view.is_shown[:, 0] | view.is_shown[:, 1])[view.has_baseline].all()
    seen = view.is_shown[view.has_baseline][:, :2].mean(axis=0)
    np.testing.assert_allclose(seen, [0.56, 0.88], atol=0.03)


def test_the_baseline_grade_is_that_of_the_first_visit_seen(registry):
    view = registry.view(Viewing.EMSCI)
    late = view.has_baseline & ~view.is_shown[:, 0]
    assert (view.baseline_visit[late] == 1).all()
    assert (view.baseline_visit[view.is_shown[:, 0]] == 0).all()


def test_conversion_tables_follow_everyone_seen_in_week_2(registry):
    view = registry.view(Viewing.EMSCI_ENTRY)
    assert view.is_shown.all()
    assert view.has_baseline.mean() == pytest.approx(0.56, abs=0.03)


def test_shares_over_all_categories_add_up_to_one():
    rows = [each for each in TARGETS if each.source.startswith("Spiess2009 via") and each.levels == "C1-S5"]
    of_c = [each for each in rows if each.baseline_ais == "C"]
    assert [each.category for each in of_c] == ["A", "B", "C", "D", "E"]
    found = predict(of_c)
    assert found.mean.sum() == pytest.approx(1.0)


def test_nobody_changed_means_nobody_left_the_grade():
    rows = [target("NH0446"), target("NH0470")]
    found = predict(rows)
    np.testing.assert_array_equal(found.unchanged, [0.0, 1.0])


STATED = stated_row(baseline_day_min=3.0, baseline_day_max=17.0)


@given(st.floats(0.02, 50.0), st.integers(0, 2**31))
@settings(max_examples=40, deadline=None)
def test_the_day_of_baseline_moves_within_its_window_and_never_beyond(power, seed):
    (schedule,) = plan_schedules([STATED])
    days = schedule.days(Streams(seed), np.arange(300))
    moved = schedule.as_examined(days, power)
    assert (moved[:, 0] >= 3.0).all()
    assert (moved[:, 0] <= 17.0).all()
    np.testing.assert_array_equal(moved[:, 1:], days[:, 1:])
    order = np.argsort(days[:, 0])
    assert (np.diff(moved[order, 0]) >= 0).all()
    assert ((moved[:, 0] - days[:, 0]) * (1 - power) >= -1e-9).all()  # early with a power above 1


def test_a_power_of_one_leaves_days_as_they_are_and_others_can_differ_from_patient_to_patient():
    (schedule,) = plan_schedules([STATED])
    days = schedule.days(Streams(1), np.arange(400))
    np.testing.assert_allclose(schedule.as_examined(days, 1.0), days)
    power = np.where(np.arange(400) % 2, 1.0, 3.0)
    moved = schedule.as_examined(days, power)
    np.testing.assert_allclose(moved[1::2], days[1::2])
    assert (moved[::2, 0] < days[::2, 0]).all()
    assert moved[::2, 0].mean() == pytest.approx(3.0 + 14.0 / 4.0, abs=0.8)  # the mean of a cubed even share is 1/4


def test_a_registry_with_visits_of_its_own_and_a_window_of_one_day_are_left_alone():
    home = next(each for each in plan_schedules(TARGETS) if each.registry == "EMSCI")
    (one_day,) = plan_schedules([stated_row(baseline_day_min=9.0, baseline_day_max=9.0)])
    for schedule in (home, one_day):
        days = schedule.days(Streams(1), np.arange(50))
        np.testing.assert_array_equal(schedule.as_examined(days, 4.0), days)


def test_people_examined_late_show_more_at_baseline():
    best, early = load_posterior().best, stated_row(baseline_day_min=1.0, baseline_day_max=60.0, followup_day=30.0)
    (schedule,) = plan_schedules([early])
    subjects = draw_subjects(schedule, Streams(2), count=2000)
    seen = [simulate(subjects, best._replace(examination_day_power=power), without_cells()) for power in (4.0, 0.25)]
    first, last = (each.outcomes.uems[:, 0].mean() for each in seen)
    assert first < last
