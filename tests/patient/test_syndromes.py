"""Named patterns of injury, looked at as an examiner sees them: by the scores and their classification."""

import re

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.cord.geometry import cord_geometry
from cordwise.isncsci import AIS, classify_exams, level_index
from cordwise.isncsci.anatomy import DERMATOMES
from cordwise.patient.examination import closed_form_courses, draw_exam_noise, examine, examine_with_noise
from cordwise.patient.file_types import SyndromeName
from cordwise.patient.patients import TRACTS, draw_patients
from cordwise.patient.syndromes import lesion_side, syndrome_rows, syndromes, with_syndrome
from cordwise.population.posterior import load_posterior
from reference.readout_plain import examine_plain

P = load_posterior().best
STREAMS, DAY = Streams(7), 28.0
NECK_END_MM = cord_geometry(P.cord_length_mm).segment_end("C8")
EVERYONE = draw_patients(P, STREAMS, count=8000)


class Seen:
    """A batch of patients with their examination four weeks after injury."""

    def __init__(self, name=None):
        self.patients = with_syndrome(EVERYONE, syndromes()[name], P.cord_length_mm) if name else EVERYONE
        days = np.full((len(self.patients), 1), DAY)
        courses = closed_form_courses(days, P.plasticity_days)
        self.exams = examine(self.patients, days, P, STREAMS, courses=courses, labels=["month"])
        self.found = classify_exams(self.exams)
        self.is_incomplete = (self.found.ais > AIS.A) & (self.found.ais < AIS.E)
        self.is_motor_incomplete = self.is_incomplete & (self.found.ais > AIS.B)

    def total(self, name):
        return np.asarray(getattr(self.found.totals, name)).astype(int)

    def by_lesion_side(self, scores):
        """Sums of a side's scores on the lesion's side of the body and on the other."""
        sums, hurt = scores.sum(axis=2), np.where(lesion_side(self.patients)[:, 0] < 0, 0, 1)
        rows = np.arange(len(sums))
        return sums[rows, hurt], sums[rows, 1 - hurt]


@pytest.fixture(scope="module")
def population():
    return Seen()


def test_complete_injury_is_graded_a():
    seen = Seen("complete")
    assert np.mean(seen.found.ais == AIS.A) > 0.95
    assert np.median(seen.total("lems")) == 0


def test_central_injury_leaves_arms_weaker_than_legs_by_the_published_points(population):
    seen = Seen("central")
    gap = (seen.total("lems") - seen.total("uems"))[seen.is_motor_incomplete]
    usual = (population.total("lems") - population.total("uems"))[
        population.is_motor_incomplete
        & (population.patients.centre_mm < cord_geometry(P.cord_length_mm).segment_end("C8"))
    ]
    assert gap.mean() == pytest.approx(10.5, abs=2)  # mean of 312 patients of nine studies, doi 10.1038/sc.2009.155
    assert usual.mean() < gap.mean() / 2
    assert np.mean(gap > 0) > 0.75


def test_central_injury_spares_sacral_sensation_more_often_than_other_injuries_of_the_neck(population):
    in_neck = population.patients.centre_mm < NECK_END_MM
    seen = Seen("central")

    def sacral(exams):
        return (exams.light_touch[:, :, -1] + exams.pin_prick[:, :, -1]).sum(axis=1)

    assert sacral(seen.exams).mean() > sacral(population.exams[np.flatnonzero(in_neck)]).mean() + 0.5


def test_anterior_injury_keeps_touch_and_loses_pin_prick_and_strength(population):
    seen = Seen("anterior")
    gap = (seen.total("light_touch") - seen.total("pin_prick"))[seen.is_incomplete]
    assert np.median(gap) > 40
    assert np.mean(gap > 0) > 0.9
    assert np.mean(seen.found.ais == AIS.B) > 0.5
    assert np.median(seen.total("lems")) == 0
    assert np.median((population.total("light_touch") - population.total("pin_prick"))[population.is_incomplete]) < 15


def test_injury_of_one_half_takes_strength_and_touch_on_its_side_and_pin_prick_on_the_other():
    seen = Seen("brown_sequard")
    for scores, is_on_lesion_side in (
        (seen.exams.motor, True),
        (seen.exams.light_touch, True),
        (seen.exams.pin_prick, False),
    ):
        hurt, other = seen.by_lesion_side(scores)
        lost_here = (other - hurt)[seen.is_incomplete] * (1 if is_on_lesion_side else -1)
        assert np.median(lost_here) >= 12
        assert np.mean(lost_here > 0) > 0.75


def test_weakness_on_one_side_with_less_pin_prick_on_the_other_is_the_rule_in_it_and_else_the_exception(population):
    def share(seen):
        hurt, other = seen.by_lesion_side(seen.exams.motor)
        pin_hurt, pin_other = seen.by_lesion_side(seen.exams.pin_prick)
        return np.mean(((hurt < other) & (pin_hurt > pin_other))[seen.is_incomplete])

    assert share(Seen("brown_sequard")) > 0.65
    assert share(population) < 0.3


def test_the_lesion_lies_on_either_side_in_about_as_many():
    sides = lesion_side(Seen("brown_sequard").patients)
    assert np.mean(sides[:, 0] < 0) == pytest.approx(0.5, abs=0.04)
    assert (sides.sum(axis=1) == 0).all()


def test_injury_of_the_conus_spares_the_arms_and_takes_the_sacral_segments_and_the_sphincter(population):
    seen = Seen("conus")
    assert np.mean(seen.total("uems") == 50) > 0.95
    levels = seen.found.neurological_level
    assert np.mean((levels >= level_index("T12")) & (levels <= level_index("S3"))) > 0.9
    assert np.median(seen.total("lems")) > 5
    touch = seen.exams.light_touch.mean(axis=(0, 1))
    assert touch[DERMATOMES.index("L1")] > 1.5
    assert touch[-1] < 0.6
    assert seen.exams.voluntary_anal_contraction.mean() < 0.2


@pytest.mark.parametrize("name", ["central", "brown_sequard"])
def test_the_compiled_readout_of_a_pattern_gives_the_cells_of_its_plain_twin(name):
    patients = with_syndrome(EVERYONE[:200], syndromes()[name], P.cord_length_mm)[:30]
    days = np.full((len(patients), 1), DAY)
    courses = closed_form_courses(days, P.plasticity_days)
    noise = draw_exam_noise(STREAMS, ("month",), patients.ids)
    exams = examine_with_noise(patients, days, P, noise, courses)
    for i in range(len(patients)):
        tissue = (0.0, 1.0, courses.growth[i, 0], 1.0, courses.node_repair_days[i, 0])
        plain = examine_plain(patients, i, DAY, P, noise[i, 0].astype(float), tissue)
        np.testing.assert_array_equal(exams.motor[i], plain[0])
        np.testing.assert_array_equal(exams.light_touch[i], plain[1])
        np.testing.assert_array_equal(exams.pin_prick[i], plain[2])
        assert exams.voluntary_anal_contraction[i] == plain[3]


def test_nobody_is_changed_but_in_the_tracts_the_grey_matter_and_the_layers():
    syndrome = syndromes()["central"]
    changed = with_syndrome(EVERYONE, syndrome, P.cord_length_mm)
    before = EVERYONE[np.isin(EVERYONE.ids, changed.ids)]
    assert (changed.tract_log_odds - before.tract_log_odds) == pytest.approx(
        np.broadcast_to(syndrome.shift, changed.tract_log_odds.shape)
    )
    for name in ("ids", "age_years", "centre_mm", "width_mm", "block", "block_days", "muscle_trait", "sacral_deviate"):
        assert np.array_equal(getattr(changed, name), getattr(before, name)), name
    assert (EVERYONE.motor_lamination == 0).all()


def test_spinothalamic_fibres_of_one_side_of_the_body_are_lost_with_the_other_half_of_the_cord():
    syndrome = syndromes()["brown_sequard"]
    changed = with_syndrome(EVERYONE, syndrome, P.cord_length_mm)
    before = EVERYONE[np.isin(EVERYONE.ids, changed.ids)]
    lost = np.sign(changed.tract_log_odds - before.tract_log_odds)
    motor, pin = lost[:, :, TRACTS.index("corticospinal")], lost[:, :, TRACTS.index("spinothalamic")]
    assert np.array_equal(motor, -pin)
    assert np.array_equal(motor, lost[:, :, TRACTS.index("dorsal_column")])


def test_the_tables_of_syndromes_are_whole():
    places, offsets = syndrome_rows("syndrome_places"), syndrome_rows("syndromes")
    names = [row["syndrome"] for row in places]
    assert set(names) == set(SyndromeName.__args__) == {row["syndrome"] for row in offsets}
    known = {*TRACTS, *(f"{tract}_side" for tract in TRACTS), "grey_loss", "motor_lamination", "sensory_lamination"}
    for row in offsets:
        assert row["quantity"] in known
        assert float(row["low90"]) <= float(row["value"]) <= float(row["high90"])
        assert row["unit"] == "logit"
    for row in (*places, *offsets):
        assert row["status"] in ("seen", "fitted", "judgement")
        assert row["source"]
        assert row["meaning"]
        assert not row["reference"] or re.match(r"10\.\d{4,}/", row["reference"])
