from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.cord.courses import TissueCourses
from cordwise.cord.geometry import cord_geometry
from cordwise.isncsci import AIS, LEVELS, classify_exams
from cordwise.patient.examination import closed_form_courses, draw_exam_noise, examine, examine_with_noise
from cordwise.patient.patients import draw_patients
from cordwise.population.posterior import load_posterior
from reference.readout_plain import examine_plain

LABELS = ("early", "late")
DAYS = np.array([12.0, 300.0])


@pytest.fixture(scope="module")
def parameters():
    return load_posterior().best


def courses_of(days, parameters):
    return closed_form_courses(days, parameters.plasticity_days)


def examine_batch(parameters, count, first=0, labels=LABELS, days=DAYS, seed=5):
    patients = draw_patients(parameters, Streams(seed), count=count, first=first)
    each = np.broadcast_to(days, (count, len(days)))
    exams = examine(patients, each, parameters, Streams(seed), courses=courses_of(each, parameters), labels=labels)
    return patients, exams


def test_the_compiled_readout_gives_the_cells_of_its_plain_twin(parameters):
    streams = Streams(11)
    patients = draw_patients(parameters, streams, count=60)
    days = np.tile(np.array([3.0, 40.0, 360.0]), (60, 1))
    rows = np.linspace(0, 1, days.size).reshape(days.shape)
    courses = TissueCourses(1 - rows, 0.8 + 0.2 * rows, rows, 1.1 - 0.2 * rows, 0.6 * days)
    noise = draw_exam_noise(streams, ("a", "b", "c"), patients.ids)
    exams = examine_with_noise(patients, days, parameters, noise, courses)
    for i in range(60):
        for v in range(3):
            tissue = (
                courses.axon_log_odds[i, v],
                courses.conduction[i, v],
                courses.growth[i, v],
                courses.grey_loss[i, v],
                courses.node_repair_days[i, v],
            )
            motor, touch, pin, contraction, pressure = examine_plain(
                patients, i, days[i, v], parameters, noise[i, v].astype(float), tissue
            )
            row = 3 * i + v
            np.testing.assert_array_equal(exams.motor[row], motor)
            np.testing.assert_array_equal(exams.light_touch[row], touch)
            np.testing.assert_array_equal(exams.pin_prick[row], pin)
            assert exams.voluntary_anal_contraction[row] == contraction
            assert exams.deep_anal_pressure[row] == pressure


@pytest.mark.parametrize("cut", [1, 37, 80])
def test_a_patient_is_examined_alike_in_any_chunk(parameters, cut):
    _, whole = examine_batch(parameters, 100)
    _, head = examine_batch(parameters, cut)
    _, tail = examine_batch(parameters, 100 - cut, first=cut)
    for name in ("motor", "light_touch", "pin_prick", "voluntary_anal_contraction", "deep_anal_pressure"):
        joined = np.concatenate([getattr(head, name), getattr(tail, name)])
        np.testing.assert_array_equal(getattr(whole, name), joined)


def test_an_examination_does_not_depend_on_which_other_visits_are_asked(parameters):
    _, both = examine_batch(parameters, 80)
    _, late = examine_batch(parameters, 80, labels=("late",), days=DAYS[1:])
    np.testing.assert_array_equal(both.motor[1::2], late.motor)
    np.testing.assert_array_equal(both.pin_prick[1::2], late.pin_prick)


def test_selected_patients_keep_their_own_noise(parameters):
    streams = Streams(5)
    patients = draw_patients(parameters, streams, count=50)
    chosen = np.array([3, 17, 44])
    days = np.broadcast_to(DAYS, (50, 2))
    all_exams = examine(patients, days, parameters, streams, courses=courses_of(days, parameters), labels=LABELS)
    some = examine(
        patients[chosen], days[chosen], parameters, streams, courses=courses_of(days[chosen], parameters), labels=LABELS
    )
    np.testing.assert_array_equal(all_exams.motor[2 * 17 : 2 * 17 + 2], some.motor[2:4])


def test_a_cord_that_lost_every_fibre_stays_complete(parameters):
    patients, _ = examine_batch(parameters, 400)
    cut = replace(patients, tract_log_odds=np.full_like(patients.tract_log_odds, -40.0))
    days = np.tile([5.0, 45.0, 365.0, 1825.0], (400, 1))
    exams = examine(
        cut, days, parameters, Streams(5), courses=courses_of(days, parameters), labels=("a", "b", "c", "d")
    )
    sacral_lesion = np.repeat(patients.centre_mm > cord_geometry(parameters.cord_length_mm).segment_end("L2"), 4)
    assert (classify_exams(exams).ais[~sacral_lesion] == AIS.A).all()


def test_dermatomes_far_above_the_lesion_stay_normal(parameters):
    patients, exams = examine_batch(parameters, 500)
    above = patients.centre_mm[:, None] - cord_geometry(parameters.cord_length_mm).dermatome_mm
    block = patients.block[:, None] * np.exp(-np.asarray(DAYS) / patients.block_days[:, None])
    width = patients.width_mm[:, None] * (1 + parameters.width_with_block * block)
    # Where the lesion's profile is below that which counts as untouched.
    reach = width * np.sqrt(-2 * np.log(parameters.intact_profile))
    far = (above[:, None] > 1.01 * reach[:, :, None]).reshape(-1, above.shape[1])
    assert far.any()
    for scores in (exams.light_touch, exams.pin_prick):
        assert (scores.transpose(0, 2, 1)[far] == 2).all()


def test_tracts_that_spare_more_never_lower_the_mean_score(parameters):
    patients, _ = examine_batch(parameters, 1500)
    days = np.full((1500, 1), 180.0)
    totals = []
    for shift in (-1.0, 0.0, 1.0):
        spared = replace(courses_of(days, parameters), axon_log_odds=np.full(days.shape, shift))
        exams = examine(patients, days, parameters, Streams(5), courses=spared, labels=("x",))
        totals.append([exams.motor.sum(), exams.light_touch.sum(), exams.pin_prick.sum()])
    assert (np.diff(totals, axis=0) > 0).all()


def test_the_cord_is_cut_into_the_published_segment_shares():
    cord = cord_geometry(450.0)
    assert cord.segment_end_mm[-1] == pytest.approx(450.0)
    # Frostell 2016, table 3: C5 is 3.5 % and T6 5.6 % of a cord whose printed shares sum to 101.3 %.
    lengths = np.diff(np.concatenate([[0.0], cord.segment_end_mm]))
    assert lengths[4] / lengths[13] == pytest.approx(3.5 / 5.6)
    assert cord.segment_at(cord.segment_middle_mm[5]) == LEVELS[5] == "C6"
    assert (np.diff(cord.dermatome_mm) > 0).all()


SACRAL = ("voluntary_anal_contraction", "deep_anal_pressure")


def sacral_cells(exams):
    """Return all findings at S4-5, one row an examination."""
    touch, pin = exams.light_touch[:, :, -1], exams.pin_prick[:, :, -1]
    return np.column_stack([touch, pin, *(getattr(exams, name) for name in SACRAL)])


def examined(patients, parameters, day=3.0, label="early"):
    days = np.full((len(patients), 1), day)
    return examine(patients, days, parameters, Streams(5), courses=courses_of(days, parameters), labels=(label,))


def test_a_block_that_the_sacrum_is_spared_of_leaves_its_findings_as_without_block(parameters):
    spared = parameters._replace(sacral_block_spared=1.0, width_with_block=0.0)
    patients = draw_patients(spared, Streams(5), count=1500)
    blocked = replace(patients, block=patients.block + 2.0, acute_block=patients.acute_block + 2.0)
    free = replace(patients, block=0 * patients.block, acute_block=0 * patients.acute_block)
    under, without = (examined(each, spared) for each in (blocked, free))
    np.testing.assert_array_equal(sacral_cells(under), sacral_cells(without))
    assert under.light_touch[:, :, :-1].sum() < without.light_touch[:, :, :-1].sum()
    assert under.motor.sum() < without.motor.sum()


@pytest.mark.parametrize("name", ["sacral_block_spared", "sacral_log_odds"])
def test_what_spares_the_sacrum_lowers_none_of_its_findings_and_touches_no_other_place(parameters, name):
    patients = draw_patients(parameters, Streams(5), count=800)
    low, high = (
        examined(patients, parameters._replace(**{name: value}))
        for value in ((0.0, 1.0) if name == "sacral_block_spared" else (-1.0, 1.0))
    )
    assert (sacral_cells(high).astype(int) >= sacral_cells(low)).all()
    assert sacral_cells(high).sum() > sacral_cells(low).sum()
    np.testing.assert_array_equal(high.motor, low.motor)
    np.testing.assert_array_equal(high.light_touch[:, :, :-1], low.light_touch[:, :, :-1])


def test_no_deviation_makes_a_place_abnormal_whose_fibres_are_all_spared(parameters):
    loud = parameters._replace(
        dermatome_trait=2.0, touch_visit_noise=2.0, pin_visit_noise=2.0, sensory_rater_noise=1.0, sensory_root_loss=0.0
    )
    patients = draw_patients(loud, Streams(5), count=1500)
    whole = replace(patients, tract_log_odds=np.full_like(patients.tract_log_odds, 40.0))
    exams = examined(whole, loud, day=400.0)
    assert (exams.light_touch == 2).mean() > 0.9999
    assert (exams.pin_prick == 2).mean() > 0.9999
    # The same deviations do move places of which a part is spared.
    partly = examined(patients, loud, day=400.0)
    quiet = examined(patients, loud._replace(touch_visit_noise=0.0, sensory_rater_noise=0.0), day=400.0)
    assert (partly.light_touch != quiet.light_touch).mean() > 0.02


def retested(parameters, lasting):
    """Return the sacral findings of two examinations on one day, of examiners who look nowhere else alike."""
    own = parameters._replace(sacral_noise_lasting=lasting, sensory_rater_noise=0.0, sacral_noise_ratio=3.0)
    patients = draw_patients(own, Streams(5), count=3000)
    return [sacral_cells(examined(patients, own, day=40.0, label=label)) for label in ("first", "second")]


def test_sacral_noise_that_lasts_finds_the_same_again_and_that_of_visits_does_not(parameters):
    first, again = retested(parameters, 1.0)
    np.testing.assert_array_equal(first, again)
    differ = [np.mean(first != again) for first, again in (retested(parameters, each) for each in (0.0, 0.7))]
    assert differ[0] > differ[1] > 0


def test_how_much_of_the_sacral_noise_lasts_does_not_change_how_often_things_are_found(parameters):
    found = [np.mean(retested(parameters, lasting)[0], axis=0) for lasting in (0.0, 1.0)]
    np.testing.assert_allclose(found[0], found[1], atol=0.06)


def test_noise_of_the_sacrum_alone_moves_findings_there_alone(parameters):
    patients = draw_patients(parameters, Streams(5), count=800)
    one, two = (examined(patients, parameters._replace(sacral_noise_ratio=ratio), day=40.0) for ratio in (0.5, 4.0))
    assert (sacral_cells(one) != sacral_cells(two)).any()
    np.testing.assert_array_equal(one.motor, two.motor)
    np.testing.assert_array_equal(one.pin_prick[:, :, :-1], two.pin_prick[:, :, :-1])
