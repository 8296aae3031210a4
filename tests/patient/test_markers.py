"""Markers in the fluid of simulated patients: own severity, width and kinetics, and the error of the assay."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.cord.biomarkers import MARKERS, marker_numbers
from cordwise.patient.markers import patient_markers
from cordwise.patient.patients import draw_patients
from cordwise.population.posterior import load_posterior


@pytest.fixture(scope="module")
def patients():
    return draw_patients(load_posterior().best, Streams(3), count=400)


@pytest.fixture(scope="module")
def exact(patients):
    return patient_markers(patients, None)


def test_the_error_of_an_assay_is_lognormal_with_the_spread_of_its_marker(patients, exact):
    found = patient_markers(patients, Streams(3))
    for name in MARKERS:
        error = np.log(getattr(found, name) / getattr(exact, name))
        assert error.std() == pytest.approx(marker_numbers()[f"{name}_error"], rel=0.1)
        assert abs(np.corrcoef(error[:, 0], error[:, 1])[0, 1]) < 0.15


def test_a_sample_keeps_its_error_whoever_else_is_sampled_and_on_whatever_other_days(patients):
    whole = patient_markers(patients, Streams(3))
    alone = patient_markers(patients[[5, 17]], Streams(3), (2.0,))
    for name in MARKERS:
        np.testing.assert_allclose(getattr(alone, name)[:, 0], getattr(whole, name)[[5, 17], 1], rtol=1e-3)


def test_who_lost_more_cord_has_more_neurofilament_and_protein_of_glia_in_the_fluid(patients, exact):
    lost = patients.width_mm * (1 - patients.spared_share)
    for name in ("nfl", "gfap", "s100"):
        rank = np.argsort(np.argsort(lost)), np.argsort(np.argsort(getattr(exact, name)[:, 0]))
        assert np.corrcoef(*rank)[0, 1] > 0.5, name


def test_own_rates_of_inflammation_change_interleukin_6_under_the_same_impact(patients, monkeypatch):
    impact = np.full(20, 0.6)
    monkeypatch.setattr("cordwise.patient.counterfactual.Counterfactual.severity", lambda *_: impact)
    calm, hot = (
        patient_markers(replace(patients[:20], kinetics=np.tile([deviate, 0.0, 0.0, 0.0], (20, 1))), None)
        for deviate in (-1.5, 1.5)
    )
    assert (hot.il6 > calm.il6).all()
