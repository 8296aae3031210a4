"""Which patients each look sees, on which day, and who has been enrolled by then."""

import numpy as np

from cordwise.base.randomness import Streams
from cordwise.trial.enrol.enrolment import enrol
from cordwise.trial.observe.looks import look_times, months
from cordwise.trial.plan.accrual import DAYS_PER_MONTH
from cordwise.trial.plan.plan import plan_trial
from trial_bank import ais_endpoint, shared_bank, synthetic_design, uems_endpoint


def _looks(**changes):
    plan = plan_trial(synthetic_design(**changes))
    enrolled = enrol(plan, shared_bank(), Streams(1), name="x", block=0, size=plan.total)
    return look_times(plan, shared_bank(), enrolled), enrolled, plan


def test_looks_by_patients_see_the_first_to_enter_when_the_last_of_them_is_due():
    found, enrolled, _ = _looks(looks={"patients": [40, 80, 120]})
    assert found.seen.sum(axis=2).T.tolist() == [[40, 80, 120]] * 100
    assert (found.seen[0, :, :40]).all()
    due = enrolled.arrival + (225 - shared_bank().baseline_day)[enrolled.row]
    assert np.array_equal(found.day[:, 0], due[:, :40].max(axis=1))
    assert np.array_equal(found.day[:, -1], due.max(axis=1))
    assert (np.diff(found.day, axis=1) > 0).all()


def test_patients_go_on_entering_while_a_look_waits():
    found, enrolled, _ = _looks(looks={"patients": [40, 120]})
    counted = (enrolled.arrival <= found.day[:, [0]]).sum(axis=1)
    assert np.array_equal(found.enrolled[:, 0], counted)
    assert (found.enrolled[:, 0] > 40).all()
    assert (found.enrolled[:, 1] == 120).all()


def test_looks_by_the_calendar_see_whoever_is_due():
    found, enrolled, plan = _looks(looks={"calendar_months": [0.5, 14, 60]})
    due = enrolled.arrival + (225 - shared_bank().baseline_day)[enrolled.row]
    assert (found.followed[:, 0] == 0).all()
    assert np.array_equal(found.seen[1], due <= 14 * DAYS_PER_MONTH)
    assert (found.followed[:, 2] == 120).all()
    assert (found.day[:, 2] == due.max(axis=1)).all()  # not 60 months: nobody is left to wait for
    assert plan.calendar_days[1] == 14 * DAYS_PER_MONTH
    assert months(found.day)[0, 1] == 14


def test_the_trial_ends_with_the_last_visit_even_where_the_primary_endpoint_is_earlier():
    early = ais_endpoint(day=90)
    found, enrolled, _ = _looks(endpoints=[early, uems_endpoint()])
    last = enrolled.arrival + (225 - shared_bank().baseline_day)[enrolled.row]
    assert np.array_equal(found.day[:, -1], last.max(axis=1))
