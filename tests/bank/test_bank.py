from dataclasses import fields, replace

import numpy as np
import pytest

from cordwise.bank import bank as bank_module
from cordwise.bank import people as people_module
from cordwise.bank.bank import CONTROL, BankSpec, build_bank
from cordwise.base.errors import InputError, ModelError
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import with_assumed_effect
from cordwise.patient.outcomes import Outcomes, self_care_part
from cordwise.population.posterior import load_posterior
from trial_bank import synthetic_bank

SPEC = BankSpec(
    grades=(AIS.A, AIS.B),
    levels=(level_index("C4"), level_index("T10")),
    age_years=(18.0, 65.0),
    baseline_day=(14.0, 28.0),
    visits=(90.0, 183.0),
    people=25,
    groups=2,
    sets=6,
)
EFFECTS = {"effect": with_assumed_effect(1.0, dose_day=30.0, onset_days=40.0)}
MEASURES = ("ais", "uems", "lems", "light_touch", "pin_prick", "scim")


@pytest.fixture(scope="module")
def bank():
    return build_bank(SPEC, load_posterior(), Streams(7), counterfactuals=EFFECTS)


def test_everyone_in_the_bank_meets_the_entry_criteria(bank):
    assert len(bank) == SPEC.sets * SPEC.groups * SPEC.people
    assert np.isin(bank.baseline_ais, SPEC.grades).all()
    assert ((bank.neurological_level >= SPEC.levels[0]) & (bank.neurological_level <= SPEC.levels[1])).all()
    assert ((bank.age_years >= 18) & (bank.age_years < 66)).all()
    assert ((bank.baseline_day >= 14) & (bank.baseline_day <= 28)).all()
    np.testing.assert_array_equal(bank.outcomes[CONTROL].ais[:, 0], bank.baseline_ais)


def test_nothing_differs_until_the_effect_begins(bank):
    for measure in MEASURES:
        control, treated = (getattr(bank.outcomes[name], measure) for name in (CONTROL, "effect"))
        np.testing.assert_array_equal(control[:, 0], treated[:, 0])
    assert bank.outcomes["effect"].uems[:, 2].mean() > bank.outcomes[CONTROL].uems[:, 2].mean()
    assert bank.outcomes["effect"].ais[:, 2].mean() > bank.outcomes[CONTROL].ais[:, 2].mean()


def test_muscles_add_up_to_the_scores_and_reach_the_motor_level(bank):
    found = bank.outcomes[CONTROL]
    assert found.muscles.dtype == np.int8
    assert found.muscles.shape == (*found.uems.shape, 2, 10)
    np.testing.assert_array_equal(found.muscles[..., :5].sum(axis=(2, 3)), found.uems)
    np.testing.assert_array_equal(found.muscles[..., 5:].sum(axis=(2, 3)), found.lems)
    np.testing.assert_array_equal(found.muscles[..., 5:].sum(axis=3).min(axis=2), found.weaker_leg)
    # The level of a side is its lowest muscle of grade 3 or more with normal muscles above, so that those are all 5.
    in_arms = (found.motor_level >= level_index("C5")) & (found.motor_level <= level_index("T1"))
    at = np.clip(found.motor_level - level_index("C5"), 0, 4).astype(int)
    grade = np.take_along_axis(found.muscles, at[..., None], axis=3)[..., 0]
    above = np.arange(10) < at[..., None]
    assert in_arms.any()
    assert (grade[in_arms] >= 3).all()
    assert (found.muscles[in_arms][above[in_arms]] == 5).all()
    assert (found.neurological_level <= found.motor_level.min(axis=2)).all()


def test_self_care_is_a_part_of_the_whole_that_grows_with_it_and_with_the_arms(bank):
    found = bank.outcomes[CONTROL]
    assert ((found.self_care >= 0) & (found.self_care <= 20)).all()
    assert (found.self_care <= found.scim).all()
    assert (found.scim - found.self_care <= 80).all()
    whole, arms = np.meshgrid(np.arange(101.0), np.arange(51), indexing="ij")
    part = self_care_part(whole, arms)
    assert (np.diff(part, axis=0) >= 0).all()
    assert (np.diff(part, axis=1) >= 0).all()
    assert (np.diff(whole - part, axis=0) >= -1).all()  # of two rounded numbers
    assert part[100, 50] == 20
    assert part[0].max() == 0


def assert_same_rows(bank, rows, other, other_rows):
    """Check that rows of two banks are the same people with the same outcomes."""
    for name in ("ids", "age_years", "sex", "baseline_ais", "baseline_day", "parameter_draw", "examination_day"):
        np.testing.assert_array_equal(getattr(bank, name)[rows], getattr(other, name)[other_rows], err_msg=name)
    for name in bank.outcomes.keys() & other.outcomes.keys():
        np.testing.assert_array_equal(bank.dose_day[name][rows], other.dose_day[name][other_rows])
        for field in fields(Outcomes):
            one, two = getattr(bank.outcomes[name], field.name), getattr(other.outcomes[name], field.name)
            np.testing.assert_array_equal(one[rows], two[other_rows], err_msg=f"{name}, {field.name}")


def test_the_same_seed_gives_the_same_bank(bank):
    again = build_bank(SPEC, load_posterior(), Streams(7), counterfactuals=EFFECTS)
    assert_same_rows(again, slice(None), bank, slice(None))


def test_another_seed_gives_other_people_of_the_same_sets(bank):
    other = build_bank(SPEC, load_posterior(), Streams(8))
    np.testing.assert_array_equal(other.parameter_draw, bank.parameter_draw)
    assert (other.outcomes[CONTROL].uems != bank.outcomes[CONTROL].uems).any()


def test_every_parameter_set_gives_each_of_its_groups_the_same_number(bank):
    assert (bank.sets, bank.groups, bank.people) == (SPEC.sets, SPEC.groups, SPEC.people)
    assert bank.rows.shape == (SPEC.sets, SPEC.groups, SPEC.people)
    _, draws = load_posterior().spread(SPEC.sets)
    np.testing.assert_array_equal(
        bank.parameter_draw[bank.rows], np.broadcast_to(draws[:, None, None], bank.rows.shape)
    )


def test_no_person_stands_in_two_groups(bank):
    assert len(np.unique(bank.ids)) == len(bank)


def test_a_larger_bank_begins_with_the_people_of_a_smaller_one_group_by_group(bank):
    small = build_bank(replace(SPEC, people=7), load_posterior(), Streams(7), counterfactuals=EFFECTS)
    assert_same_rows(small, small.rows.ravel(), bank, bank.rows[:, :, :7].ravel())


def test_more_groups_hold_other_people_of_the_same_kind(bank):
    more = build_bank(replace(SPEC, groups=5, people=10), load_posterior(), Streams(7))
    assert (more.sets, more.groups, more.people) == (SPEC.sets, 5, 10)
    assert len(np.unique(more.ids)) == len(more)


def test_a_bank_does_not_depend_on_how_many_are_drawn_at_a_time(bank, monkeypatch):
    monkeypatch.setattr(people_module, "AT_ONCE", 500)
    monkeypatch.setattr(people_module, "_EXAMINATIONS_AT_ONCE", 100)
    monkeypatch.setattr(bank_module, "_MOST_AT_A_TIME", 40)
    again = build_bank(SPEC, load_posterior(), Streams(7), counterfactuals=EFFECTS)
    assert_same_rows(again, slice(None), bank, slice(None))


def test_the_course_without_cells_does_not_depend_on_the_worlds_beside_it(bank):
    alone = build_bank(SPEC, load_posterior(), Streams(7))
    assert list(alone.outcomes) == [CONTROL]
    assert_same_rows(alone, slice(None), bank, slice(None))


def test_a_bank_may_be_read_at_some_of_its_visits(bank):
    later = bank.at_visits((183.0,))
    assert later.days == (21.0, 183.0)
    for name, outcomes in bank.outcomes.items():
        np.testing.assert_array_equal(later.outcomes[name].muscles, outcomes.muscles[:, [0, 2]])
    np.testing.assert_array_equal(later.examination_day, bank.examination_day[:, [0, 2]])
    assert bank.at_visits(SPEC.visits) is bank


def test_each_visit_falls_on_a_day_of_its_own_within_its_window_with_cells_and_without_alike(bank):
    spec = replace(SPEC, visit_window_days=(14.0, 0.0))
    wide = build_bank(spec, load_posterior(), Streams(7), counterfactuals=EFFECTS)
    first, second = wide.examination_day[:, 1], wide.examination_day[:, 2]
    assert first.min() < 78 < 102 < first.max()
    assert ((first >= 76) & (first <= 104)).all()
    assert abs(first.mean() - 90) < 4 * (28 / np.sqrt(12 * len(bank)))
    assert (second == 183).all()
    # The window of one visit leaves every other examination as it was.
    np.testing.assert_array_equal(wide.ids, bank.ids)
    for name in EFFECTS:
        np.testing.assert_array_equal(wide.outcomes[name].muscles[:, [0, 2]], bank.outcomes[name].muscles[:, [0, 2]])
    unmoved = wide.outcomes["effect"].uems[:, 1] - wide.outcomes[CONTROL].uems[:, 1]
    assert unmoved.mean() > 0
    assert (bank.outcomes[CONTROL].uems[:, 1] != wide.outcomes[CONTROL].uems[:, 1]).any()


def test_windows_that_do_not_fit_the_visits_are_refused_together():
    spec = replace(SPEC, visit_window_days=(70.0, -1.0))
    with pytest.raises(InputError) as raised:
        build_bank(spec, load_posterior(), Streams(7))
    assert ["visit on day 90" in str(raised.value), "days of 0 or more" in str(raised.value)] == [True, True]
    with pytest.raises(InputError, match="1 for 2 visits"):
        build_bank(replace(SPEC, visit_window_days=(5.0,)), load_posterior(), Streams(7))


def test_the_bank_says_who_got_a_first_dose_and_when(bank):
    assert np.isnan(bank.dose_day[CONTROL]).all()
    assert (bank.dose_day["effect"] == 30).all()


@pytest.mark.parametrize(
    ("few", "criteria"),
    [
        ("_TRIED_IN_VAIN", {"age_years": (200.0, 201.0)}),
        ("_MOST_TRIED", {"levels": (0, 0), "grades": (AIS.B,)}),
    ],
    ids=["nobody", "hardly anybody"],
)
def test_criteria_that_next_to_nobody_meets_are_said_so(monkeypatch, few, criteria):
    monkeypatch.setattr(bank_module, few, 3000)
    with pytest.raises(ModelError, match="entry criteria that some patients of every parameter set meet"):
        build_bank(replace(SPEC, sets=2, **criteria), load_posterior(), Streams(7))


@pytest.mark.parametrize(("name", "wrong"), [("people", 0), ("groups", 0), ("sets", 0)])
def test_a_bank_of_nobody_is_refused(name, wrong):
    with pytest.raises(InputError, match=f"bank, {name}: expected 1 or more, (got|found) 0"):
        build_bank(replace(SPEC, **{name: wrong}), load_posterior(), Streams(7))


def test_the_made_up_bank_of_the_trial_tests_is_as_coherent_as_a_simulated_one(bank):
    made_up = synthetic_bank({"effect": (3.0, 0.2)}, sets=2, groups=2, people=50)
    for outcomes in made_up.outcomes.values():
        np.testing.assert_array_equal(outcomes.muscles[..., :5].sum(axis=(2, 3)), outcomes.uems)
        np.testing.assert_array_equal(outcomes.muscles[..., 5:].sum(axis=(2, 3)), outcomes.lems)
        assert outcomes.muscles.max() <= 5
    assert made_up.dose_day.keys() == bank.dose_day.keys()
