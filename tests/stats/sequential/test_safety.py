"""The Bayesian boundary for toxicity: exact characteristics, calibration, faults."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc

from cordwise.base.errors import InputError
from cordwise.stats.sequential.safety import (
    SafetyRule,
    calibrated_safety_rule,
    first_safety_stop,
    safety_characteristics,
    stopping_table,
)

rules = st.builds(
    SafetyRule,
    tolerable=st.floats(0.02, 0.7),
    cut=st.floats(0.5, 0.99),
    prior_events=st.floats(0.1, 3),
    prior_without=st.floats(0.1, 9),
    first_look=st.integers(1, 4),
)


@given(rules)
@settings(max_examples=30, deadline=None)
def test_the_table_holds_the_least_events_that_make_the_rate_too_likely_too_high(rule):
    for patients, limit in enumerate(stopping_table(rule, 12), start=1):
        above = [
            1 - betainc(rule.prior_events + x, rule.prior_without + patients - x, rule.tolerable)
            for x in range(patients + 1)
        ]
        stops = [x for x, chance in enumerate(above) if chance > rule.cut and patients >= rule.first_look]
        assert limit == (stops[0] if stops else patients + 1)


@given(rules, st.floats(0.05, 0.9))
@settings(max_examples=10, deadline=None)
def test_characteristics_are_those_of_every_course_the_trial_can_take(rule, rate):
    courses = np.array(list(product((False, True), repeat=7)))
    chances = (rate**courses * (1 - rate) ** ~courses).prod(axis=1)
    stops = first_safety_stop(courses, rule)
    treated = np.where(stops < 0, 7, stops + 1)
    found = safety_characteristics(rule, 7, (rate,))
    assert found.stop_chance[0] == pytest.approx(chances[stops >= 0].sum(), abs=1e-12)
    assert found.expected_patients[0] == pytest.approx(chances @ treated)
    seen = [courses[row, :count].sum() for row, count in enumerate(treated)]
    assert found.expected_events[0] == pytest.approx(chances @ seen)


def test_the_worse_the_rate_the_likelier_and_the_earlier_the_stop():
    found = safety_characteristics(SafetyRule(0.2, 0.9), 40, (0.05, 0.2, 0.4, 0.8))
    assert np.all(np.diff(found.stop_chance) > 0)
    assert np.all(np.diff(found.expected_patients) < 0)
    assert np.all(np.diff(found.stopped_by, axis=1) >= 0)


def test_a_calibrated_rule_keeps_its_promise_and_is_not_stricter_than_needed():
    rule = calibrated_safety_rule(SafetyRule(0.2, 0.5, first_look=3), 30, rate=0.2, chance=0.1)
    assert safety_characteristics(rule, 30, (0.2,)).stop_chance[0] <= 0.1
    looser = SafetyRule(0.2, rule.cut - 1e-6, first_look=3)
    assert safety_characteristics(looser, 30, (0.2,)).stop_chance[0] > 0.1


def test_a_trial_without_events_is_never_stopped():
    assert np.all(first_safety_stop(np.zeros((3, 20), bool), SafetyRule(0.3, 0.9)) == -1)
    assert first_safety_stop(np.ones((1, 20), bool), SafetyRule(0.3, 0.9, first_look=5))[0] == 4


def test_every_wrong_number_of_a_rule_is_told_at_once():
    with pytest.raises(InputError) as caught:
        SafetyRule(1.2, 0.0, prior_events=-1, first_look=0)
    assert [fault.where for fault in caught.value.faults] == ["tolerable", "cut", "prior_events", "first_look"]
    with pytest.raises(InputError, match="chance"):
        calibrated_safety_rule(SafetyRule(0.2, 0.9), 10, rate=0.2, chance=1.0)
