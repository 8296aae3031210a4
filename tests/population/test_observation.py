import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.evidence import packaged_targets
from cordwise.isncsci import AIS
from cordwise.patient.counterfactual import without_cells
from cordwise.population.observation import Viewing, first_visit_pattern, plan_schedules, viewing_of
from cordwise.population.posterior import load_posterior
from cordwise.population.prediction import draw_subjects, read_predictions, simulate

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
