"""What each measure reads off the bank at each visit, against the bank's own scores."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.bank.bank import CONTROL
from cordwise.trial.design.measures import MEASURES, OF_GRADES
from cordwise.trial.observe.readings import (
    baseline_motor_score,
    component_values,
    covariate,
    endpoint_values,
    score,
    values_graded_up,
    worst_value,
)
from cordwise.trial.plan.plan import plan_trial
from trial_bank import shared_bank, synthetic_design

TREATED = "assumed: cells"
COMPONENTS = ("ais_grade", "total_motor_change")


def _endpoint(measure, **given):
    components = {"components": list(COMPONENTS)} if measure == "hierarchical" else {}
    table = {"name": "E", "measure": measure, "day": 225.0, **components, **given}
    return plan_trial(synthetic_design(endpoints=[table])).primary


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_finite_within_its_ends_and_better_with_cells(measure):
    bank, endpoint = shared_bank(), _endpoint(measure)
    control, treated = (endpoint_values(bank, endpoint, name) for name in (CONTROL, TREATED))
    assert control.shape == treated.shape == (len(bank), 3)
    assert np.isfinite(treated).all()
    kind = MEASURES["ais_grade" if measure == "hierarchical" else measure]
    least = worst_value(_endpoint("ais_grade") if measure == "hierarchical" else endpoint, covariate(bank, endpoint))
    assert (treated >= least[:, None]).all()
    assert treated.max() <= kind.top
    unmoved = ("lems", "lems_change", "wisci", "wisci_change")  # the made-up cells act on the arms alone
    assert treated[:, -1].mean() > control[:, -1].mean() or measure in unmoved


@pytest.mark.parametrize("name", ["uems", "lems", "total_motor", "light_touch", "pin_prick", "scim", "wisci"])
def test_a_change_is_the_score_less_that_at_baseline_in_the_same_patient(name):
    bank = shared_bank()
    after, change = (endpoint_values(bank, _endpoint(each), TREATED) for each in (name, f"{name}_change"))
    before = score(bank.outcomes[CONTROL], name)[:, [0]]
    assert np.array_equal(change, after - before)
    assert np.array_equal(covariate(bank, _endpoint(name)), before[:, 0])


def test_improvement_counts_the_grades_asked_for():
    bank = shared_bank()
    gained = bank.outcomes[TREATED].ais[:, 1:].astype(int) - bank.baseline_ais[:, None]
    for grades in (1, 2):
        found = endpoint_values(bank, _endpoint("ais_improvement", improved_grades=grades), TREATED)
        assert np.array_equal(found, gained >= grades)


def test_only_who_was_motor_complete_becomes_motor_incomplete():
    bank = shared_bank()
    found = endpoint_values(bank, _endpoint("motor_incomplete"), TREATED)
    assert not found[bank.baseline_ais >= 2].any()
    assert np.array_equal(found[:, -1] == 1, (bank.baseline_ais < 2) & (bank.outcomes[TREATED].ais[:, -1] >= 2))


def examined_twice(bank):
    """Return the bank with second grades: each person's own, or one less, by chance and the same in all worlds."""
    worse = np.random.default_rng(3).random(bank.baseline_ais.shape) < 0.3
    lost = worse[:, None] & (np.arange(4) > 0)
    seconds = {name: np.maximum(each.ais - lost, 0).astype(np.int8) for name, each in bank.outcomes.items()}
    return replace(bank, second_ais=seconds)


@pytest.mark.parametrize("measure", OF_GRADES)
def test_a_confirmed_endpoint_is_reached_at_both_examinations(measure):
    bank = examined_twice(shared_bank())
    second = replace(bank, outcomes={n: replace(each, ais=bank.second_ais[n]) for n, each in bank.outcomes.items()})
    plain, asked = _endpoint(measure), _endpoint(measure, confirmed=True)
    one, two = (endpoint_values(each, plain, TREATED) for each in (bank, second))
    found = endpoint_values(bank, asked, TREATED)
    assert np.array_equal(found, np.minimum(one, two))
    assert (found != one).any()
    assert np.array_equal(covariate(bank, asked), covariate(bank, plain))
    composite = _endpoint("hierarchical", components=[measure, "total_motor_change"], confirmed=True)
    assert np.array_equal(component_values(bank, composite, TREATED, 2)[:, 0], found[:, 2])


def test_assessors_who_know_the_arm_grade_both_examinations_up():
    bank, endpoint = examined_twice(shared_bank()), _endpoint("ais_grade", confirmed=True)
    both = np.minimum(bank.outcomes[TREATED].ais, bank.second_ais[TREATED])[:, 1:]
    assert np.array_equal(values_graded_up(bank, endpoint, TREATED), np.minimum(both + 1, 4))


def test_a_motor_level_improves_on_either_side():
    bank = shared_bank()
    before, after = bank.outcomes[CONTROL].motor_level[:, 0], bank.outcomes[TREATED].motor_level[:, -1]
    for levels in (1, 2):
        found = endpoint_values(bank, _endpoint("motor_level_improvement", improved_levels=levels), TREATED)[:, -1]
        assert np.array_equal(found == 1, (after.astype(int) - before >= levels).any(axis=1))
        assert 0 < found.mean() < 1


def test_a_composite_has_its_components_in_order():
    bank = shared_bank()
    found = component_values(bank, _endpoint("hierarchical"), TREATED, 2)
    for place, measure in enumerate(COMPONENTS):
        assert np.array_equal(found[:, place], endpoint_values(bank, _endpoint(measure), TREATED)[:, 2])


def test_total_motor_is_arms_and_legs():
    bank = shared_bank()
    outcomes = bank.outcomes[CONTROL]
    assert np.array_equal(baseline_motor_score(bank), outcomes.uems[:, 0] + outcomes.lems[:, 0].astype(float))
