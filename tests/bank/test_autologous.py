"""Autologous products: each simulated patient's own day, and the tissue that goes with it."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.bank.autologous import (
    AutologousCounterfactual,
    SharedTissue,
    shared_regimens_of,
    with_assumed_autologous_effect,
    with_autologous_cells,
)
from cordwise.bank.bank import CONTROL, BankSpec, build_bank
from cordwise.base.randomness import Streams
from cordwise.cord.product import AutologousRegimen, MarrowProcess, Route, manufacture
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import untreated_tissue, with_assumed_effect, with_cells, without_cells
from cordwise.patient.outcomes import follow
from cordwise.patient.patients import draw_patients
from cordwise.population.posterior import load_posterior

STREAMS = Streams(3)
PROCESS = MarrowProcess(28.0, 30.0, 1e8, passages=4, minimum_cells=5e7, doses=2, dose_interval_days=14.0)
ORDER = AutologousRegimen(PROCESS, Route.INTRAVENOUS)
SHORT_OF_CELLS = replace(PROCESS, aspirate_ml=5.0, passages=3)  # many cultures give too few cells
VISITS = ("baseline", "day-60", "day-120", "day-365")
DAYS = np.array([20.0, 60.0, 120.0, 365.0])


@pytest.fixture(scope="module")
def patients():
    return draw_patients(load_posterior().best, STREAMS, count=600)


def followed(patients, world):
    days = np.broadcast_to(DAYS, (len(patients), len(DAYS)))
    return follow(patients, days, VISITS, load_posterior().best, STREAMS, world)


def stand_in(order):
    """Return an autologous product whose shared tissues are assumed effects, the stronger the later they are given."""
    regimens = shared_regimens_of(order, STREAMS)
    shared = tuple(
        SharedTissue(each, with_assumed_effect(each.days[0] / 50, dose_day=each.days[0], onset_days=20.0))
        for each in regimens
    )
    return AutologousCounterfactual(tissue=untreated_tissue(), process=order.process, streams=STREAMS, shared=shared)


def test_a_patient_gets_the_same_in_any_batch(patients):
    world = stand_in(ORDER)
    everyone, some = followed(patients, world), np.array([17, 400, 3])
    few = followed(patients[some], world)
    np.testing.assert_array_equal(few.muscles, everyone.muscles[some])
    np.testing.assert_array_equal(world.dose_days(patients[some]), world.dose_days(patients)[some])


def test_nobody_differs_from_the_natural_course_before_the_product_is_ready_or_without_one(patients):
    order = replace(ORDER, process=SHORT_OF_CELLS)
    world, ready = stand_in(order), manufacture(SHORT_OF_CELLS, STREAMS, patients.ids).ready_day
    treated, natural = followed(patients, world), followed(patients, without_cells())
    without = np.isnan(ready)
    assert 50 < without.sum() < 550
    np.testing.assert_array_equal(treated.muscles[without], natural.muscles[without])
    np.testing.assert_array_equal(treated.muscles[:, 0], natural.muscles[:, 0])
    assert (treated.uems[~without, 3] > natural.uems[~without, 3]).mean() > 0.3


def test_each_patient_is_served_by_the_week_of_readiness_that_is_nearest():
    world = stand_in(ORDER)
    harvests = manufacture(PROCESS, STREAMS, np.arange(4096))
    served = world._served_by(harvests)
    first_day = np.array([each.regimen.days[0] for each in world.shared])
    released = harvests.doses > 0
    apart = np.abs(harvests.ready_day[released] - first_day[served[released]])
    assert (served[~released] == -1).all()
    assert 5 <= len(world.shared) <= 12
    # Ready days lie in weeks whose middle is given; those of rare weeks, under one in ten, are further off.
    assert (apart <= 3.5 + 1e-9).mean() > 0.9
    nearest = np.abs(harvests.ready_day[released][:, None] - first_day).min(axis=1)
    np.testing.assert_allclose(apart, nearest)


def test_an_assumed_effect_to_order_is_the_common_one_moved_to_each_own_day(patients):
    world = with_assumed_autologous_effect(ORDER, STREAMS, log_odds=1.0, onset_days=30.0)
    ready = world.dose_days(patients)
    at = int(np.flatnonzero(np.isfinite(ready))[0])
    one = patients[at : at + 1]
    common = with_assumed_effect(1.0, dose_day=float(ready[at]), onset_days=30.0)
    np.testing.assert_array_equal(followed(one, world).muscles, followed(one, common).muscles)
    gone = with_assumed_autologous_effect(
        replace(ORDER, process=SHORT_OF_CELLS), STREAMS, log_odds=1.0, onset_days=30.0
    )
    without = np.isnan(gone.dose_days(patients))
    untouched = followed(patients, without_cells())
    np.testing.assert_array_equal(followed(patients, gone).muscles[without], untouched.muscles[without])


def test_the_bank_keeps_each_patients_dose_day():
    levels = (level_index("C4"), level_index("T10"))
    spec = BankSpec((AIS.A, AIS.B, AIS.C), levels, (18.0, 65.0), (14.0, 28.0), (90.0,), people=10, sets=3)
    bank = build_bank(spec, load_posterior(), STREAMS, counterfactuals={"grown": stand_in(ORDER)})
    ready = manufacture(PROCESS, STREAMS, bank.ids).ready_day
    np.testing.assert_allclose(bank.dose_day["grown"], ready, rtol=0, atol=1e-6)
    assert np.isnan(bank.dose_day[CONTROL]).all()


@pytest.mark.slow
def test_cells_grown_to_order_act_through_the_tissue(patients):
    heard = []
    world = with_autologous_cells(
        replace(ORDER, process=replace(PROCESS, aspirate_day=2.0)), STREAMS, on_progress=heard.append
    )
    assert len(heard) == len(world.regimens)
    kept = world.shared[0].course.tissue
    assert sum(getattr(kept, name).nbytes for name in ("lasting", "growth_speed", "natural_growth_speed")) < 20e6
    days = np.broadcast_to(DAYS, (len(patients), len(DAYS)))
    best = load_posterior().best
    treated, natural = (each.courses(patients, days, best) for each in (world, without_cells()))
    np.testing.assert_allclose(treated.axon_log_odds[:, 0], natural.axon_log_odds[:, 0], rtol=0)
    changed = np.abs(treated.growth[:, 3] - natural.growth[:, 3]) > 1e-4
    assert changed[np.isfinite(world.dose_days(patients))].mean() > 0.9
    assert not changed[np.isnan(world.dose_days(patients))].any()
    first = int(np.flatnonzero(world._served_by(manufacture(world.process, STREAMS, patients.ids)) == 0)[0])
    exact = with_cells(world.regimens[0]).courses(patients[first : first + 1], days[:1], best)
    np.testing.assert_allclose(treated.growth[first, 2:], exact.growth[0, 2:], rtol=1e-6)
