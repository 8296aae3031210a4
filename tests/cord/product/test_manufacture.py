"""Cells grown from the patient's marrow: doses, days of readiness and failures."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from cordwise.base.randomness import Streams
from cordwise.base.tables import packaged_numbers
from cordwise.cord.product import (
    AutologousRegimen,
    MarrowProcess,
    Outcome,
    Route,
    expected,
    manufacture,
    process_faults,
)
from cordwise.cord.product.manufacture import room
from cordwise.cord.product.parameters import (
    DeliveryParameters,
    ManufactureParameters,
    delivery_parameters,
    manufacture_parameters,
)
from cordwise.cord.product.readiness import regimen_of, shared_regimens
from cordwise.evidence import load_table
from reference.plain_culture import grow

P = manufacture_parameters()
IDS = np.arange(4000)
ORDER = MarrowProcess(aspirate_day=10, aspirate_ml=30, target_cells=1e8, passages=3, minimum_cells=5e7)
volumes, passages, doses = st.floats(2, 60), st.integers(0, 6), st.integers(1, 4)


@given(volumes, passages, doses, st.floats(1e6, 1e9), st.floats(0.5, 3.0))
@settings(max_examples=60, deadline=None)
def test_the_closed_form_is_a_culture_told_step_by_step(aspirate_ml, most_passages, ordered, target, doubling):
    process = MarrowProcess(5, aspirate_ml, target, most_passages, target / 4, ordered, 7.0)
    p = P._replace(doubling_days=doubling)
    harvest, twin = expected(process, p), grow(process, p)
    assert harvest.outcome[0] == twin.outcome
    assert harvest.doses[0] == twin.doses
    assert harvest.dose_cells[0] == pytest.approx(twin.dose_cells, rel=1e-9)
    assert harvest.ready_day[0] == pytest.approx(twin.ready_day, nan_ok=True)


@given(volumes, passages, doses)
@settings(max_examples=30, deadline=None)
def test_more_passages_never_give_fewer_cells(aspirate_ml, most_passages, ordered):
    process = replace(ORDER, aspirate_ml=aspirate_ml, passages=most_passages, doses=ordered, dose_interval_days=7.0)
    fewer, more = (
        manufacture(each, Streams(3), IDS[:200]) for each in (process, replace(process, passages=most_passages + 1))
    )
    assert (more.doses * more.dose_cells >= fewer.doses * fewer.dose_cells * (1 - 1e-12)).all()


@given(st.floats(0.6, 3.0), st.floats(1.01, 2.0), volumes)
@settings(max_examples=30, deadline=None)
def test_slower_doubling_means_later_cells_and_as_many(doubling, slower, aspirate_ml):
    process = replace(ORDER, aspirate_ml=aspirate_ml)
    quick, slow = (expected(process, P._replace(doubling_days=days)) for days in (doubling, doubling * slower))
    assert slow.doses == quick.doses
    assert slow.dose_cells == pytest.approx(quick.dose_cells)
    assert np.isnan(quick.ready_day[0]) or slow.ready_day[0] > quick.ready_day[0]


def test_more_marrow_means_earlier_cells():
    ready = [expected(replace(ORDER, aspirate_ml=volume)).ready_day[0] for volume in (10, 30, 60)]
    assert ready[0] > ready[1] > ready[2]


def test_a_patients_cells_are_the_same_in_any_batch():
    whole, part = manufacture(ORDER, Streams(5), IDS), manufacture(ORDER, Streams(5), IDS[100:120])
    assert np.array_equal(whole.ready_day[100:120], part.ready_day, equal_nan=True)


def test_the_typical_patient_is_the_median_of_the_drawn_ones():
    drawn = manufacture(ORDER, Streams(2), IDS)
    assert np.nanmedian(drawn.ready_day) == pytest.approx(expected(ORDER).ready_day[0], abs=1.0)
    assert np.median(np.log(drawn.colonies_per_ml)) == pytest.approx(np.log(P.colonies_per_ml), abs=0.05)


def test_nine_in_ten_drawn_aspirates_hold_the_colonies_of_the_published_range():
    row = load_table("biology").filter(id="B141")["value"].item()
    low, high = map(float, row.split("-"))
    drawn = manufacture(ORDER, Streams(8), IDS).colonies_per_ml
    assert np.mean((drawn > low) & (drawn < high)) == pytest.approx(0.9, abs=0.02)


def test_as_many_collections_meet_release_as_at_a_published_bank():
    met, collections = map(int, load_table("biology").filter(id="B142")["value"].item().split(" of "))
    bank = replace(ORDER, aspirate_ml=12, minimum_cells=1e8)
    share = np.mean(manufacture(bank, Streams(1), IDS).outcome == Outcome.RELEASED)
    low, high = beta.ppf(0.025, met, collections - met + 1), beta.ppf(0.975, met + 1, collections - met)
    assert low < share < high


def test_the_readiness_of_the_sapporo_process_brackets_its_day_of_infusion():
    trial = load_table("cell_trials").filter(study_id="honmou2021")
    told = trial["time_since_injury_days"][0]
    infused = [float(re.findall(words, told)[0]) for words in (r"infusion at (\d+) d", r"about (\d+) \(U2FP\)")]
    entry = 14  # days after injury, the latest (B137)
    ready = np.concatenate(
        [manufacture(replace(ORDER, aspirate_day=day), Streams(4), IDS).ready_day for day in (3, entry / 2, entry)]
    )
    low, high = np.nanpercentile(ready, [5, 95])
    assert low < min(infused) < max(infused) < high


def test_a_failed_culture_is_answered_with_a_second_aspirate_that_comes_weeks_later():
    once = manufacture(ORDER, Streams(6), IDS)
    twice = manufacture(replace(ORDER, second_aspirate=True), Streams(6), IDS)
    again = twice.aspirates == 2
    assert np.array_equal(again, once.outcome != Outcome.RELEASED)
    assert np.array_equal(twice.ready_day[~again], once.ready_day[~again])
    saved = again & (twice.outcome == Outcome.RELEASED)
    assert saved.sum() > 0.8 * again.sum()
    assert twice.ready_day[saved].min() > np.nanmin(once.ready_day) + P.second_aspirate_days
    tried = manufacture(replace(ORDER, aspirate_ml=1.0, passages=2, second_aspirate=True), Streams(6), IDS)
    assert (tried.doses[tried.outcome != Outcome.RELEASED] == 0).all()


def test_the_doses_of_a_patient_start_on_the_day_of_readiness():
    order = AutologousRegimen(
        replace(ORDER, passages=5, doses=3, dose_interval_days=14.0), Route.INTRATHECAL, translation=0.5
    )
    harvest = expected(order.process)
    regimen = regimen_of(order, harvest, 0)
    assert regimen.days == pytest.approx(harvest.ready_day[0] + np.array([0.0, 14.0, 28.0]))
    assert {dose.cells for dose in regimen.doses} == {1e8}
    assert (regimen.product, regimen.translation) == ("autologous_msc", 0.5)


def test_shared_regimens_hold_every_patient_once_and_move_no_dose_by_more_than_half_a_week():
    order = AutologousRegimen(ORDER, Route.INTRAVENOUS)
    harvests = manufacture(ORDER, Streams(9), IDS)
    shared = list(shared_regimens(order, harvests))
    assert np.array_equal(np.sort(np.concatenate([each.patients for each in shared])), IDS)
    assert len(shared) < 20
    for each in shared:
        if each.regimen is None:
            assert np.isnan(harvests.ready_day[each.patients]).all()
        else:
            assert np.abs(harvests.ready_day[each.patients] - each.regimen.days[0]).max() <= 3.5
    given_cells = sum(each.regimen.doses[0].cells * each.patients.size for each in shared if each.regimen)
    assert given_cells == pytest.approx((harvests.doses * harvests.dose_cells).sum())


def test_all_faults_of_a_process_are_told_at_once():
    wrong = MarrowProcess(-1.0, 0.0, 1e8, -1, 2e8, doses=2)
    assert [fault.where for fault in process_faults(wrong)] == [
        "manufacture.aspirate_ml",
        "manufacture.minimum_cells",
        "manufacture.aspirate_day",
        "manufacture",
        "manufacture.dose_interval_days",
    ]
    assert list(process_faults(ORDER)) == []


@pytest.mark.parametrize(("name", "kind"), [("delivery", DeliveryParameters), ("manufacture", ManufactureParameters)])
def test_every_number_of_the_product_has_a_unit_a_range_a_source_and_a_status(name, kind):
    rows, evidence = packaged_numbers("cordwise.cord", f"{name}_parameters"), set(load_table("biology")["id"])
    assert tuple(row.name for row in rows) == kind._fields
    for row in rows:
        assert row.low90 <= row.value <= row.high90, row.name
        assert row.unit, row.name
        assert row.meaning, row.name
        assert row.status in ("seen", "recalled", "fitted", "judgement")
        assert set(re.findall(r"B\d{3}", row.source)) <= evidence
        assert row.source == "judgement" or re.search(r"B\d{3}", row.source), row.name


def test_the_primary_culture_crowds_on_the_published_day():
    confluent = float(load_table("biology").filter(id="B143")["value"].item())
    assert P.attachment_days + P.primary_doublings * P.doubling_days == pytest.approx(confluent, abs=0.1)
    assert room(P, np.array([0]))[0] == pytest.approx(2**P.primary_doublings * P.detachment_recovery)
    assert delivery_parameters().lung_first_pass < 1
