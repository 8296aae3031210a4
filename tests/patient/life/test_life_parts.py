"""What a life is made of, in the closed-form world, which needs no tissue model."""

from dataclasses import asdict
from itertools import pairwise

import numpy as np
import pytest
from scipy.special import expit

from cordwise.base.randomness import Streams
from cordwise.isncsci import DERMATOMES, LEVELS, MYOTOMES, SIDES
from cordwise.patient.counterfactual import AssumedEffect, Counterfactual
from cordwise.patient.life.cord import segments, surviving_shares
from cordwise.patient.life.examinations import examinations
from cordwise.patient.patients import TRACTS, draw_patients
from cordwise.population.posterior import load_posterior

DAYS, LABELS = (14.0, 84.0, 365.0), ("baseline", "day-84", "day-365")


@pytest.fixture(scope="module")
def parameters():
    return load_posterior().best


@pytest.fixture(scope="module")
def patient(parameters):
    return draw_patients(parameters, Streams(5), count=1)


@pytest.fixture(scope="module")
def seen(patient, parameters):
    return examinations(patient, DAYS, LABELS, parameters, Streams(5), Counterfactual())


def test_totals_are_the_sums_of_the_muscles_and_dermatomes_shown(seen):
    for visit in range(len(DAYS)):
        motor = np.array([seen.motor[visit][side] for side in SIDES])
        assert motor.shape == (2, len(MYOTOMES))
        assert motor[:, :5].sum() == seen.uems[visit]
        assert motor[:, 5:].sum() == seen.lems[visit]
        for name in ("light_touch", "pin_prick"):
            skin = np.array([getattr(seen, f"{name}_by_dermatome")[visit][side] for side in SIDES])
            assert skin.shape == (2, len(DERMATOMES))
            assert skin.sum() == getattr(seen, name)[visit]


def test_the_neurological_level_is_the_most_rostral_of_the_four_levels(seen):
    for visit, level in enumerate(seen.nli):
        four = [getattr(seen, name)[visit][side] for name in ("motor_level", "sensory_level") for side in SIDES]
        assert LEVELS.index(level) == min(LEVELS.index(each) for each in four)


def test_every_list_has_one_item_a_visit(seen):
    assert {len(values) for values in asdict(seen).values()} == {len(DAYS)}


def test_a_visit_reads_the_same_whatever_other_visits_are_asked(seen, patient, parameters):
    alone = examinations(patient, DAYS[:1], LABELS[:1], parameters, Streams(5), Counterfactual())
    assert asdict(alone) == {name: values[:1] for name, values in asdict(seen).items()}


def test_segments_follow_one_another_and_one_of_them_holds_the_lesion(patient, parameters):
    listed = segments(patient, parameters.cord_length_mm)
    assert [row.name for row in listed][:3] == ["C1", "C2", "C3"]
    assert [row.name for row in listed][-2:] == ["S4", "S5"]
    assert len(listed) == 30
    assert all(one.to_mm == other.from_mm for one, other in pairwise(listed))
    assert sum(row.from_mm <= 0 < row.to_mm for row in listed) == 1
    assert listed[-1].to_mm - listed[0].from_mm == pytest.approx(parameters.cord_length_mm, abs=0.02)


def test_shares_of_fibres_are_the_patients_own_a_year_later_and_rise_with_an_effect(patient, parameters):
    days = np.array([30.0, 365.0])
    natural = surviving_shares(patient, days, parameters, Counterfactual())
    effect = surviving_shares(patient, days, parameters, Counterfactual(effect=AssumedEffect(1.0, 20.0, 10.0)))
    for place, side in enumerate(SIDES):
        for tract, name in enumerate(TRACTS):
            own = expit(patient.tract_log_odds[0, place, tract])
            assert natural[side][name][-1] == pytest.approx(own, rel=1e-3)
            assert effect[side][name][-1] > natural[side][name][-1]
