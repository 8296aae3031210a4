import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.evidence import load_table
from cordwise.patient.counterfactual import without_cells
from cordwise.population.fit.lesion_length import lesion_lengths_mm, published_scans, scanned_patients
from cordwise.population.fit.reliability import published_agreements, twice_examined
from cordwise.population.posterior import load_posterior

BEST = load_posterior().best


def evidence_row(name):
    return load_table("natural_history").filter(id=name).row(0, named=True)


@pytest.mark.parametrize("scans", published_scans(), ids=lambda scans: scans.row)
def test_every_figure_of_scans_is_that_of_its_evidence_row(scans):
    row = evidence_row(scans.row)
    assert float(row["value"]) == scans.mean
    assert row["spread"].startswith(f"SD {scans.sd:g}")
    assert float(row["n"]) == scans.n


@pytest.mark.parametrize("agreement", published_agreements(), ids=lambda agreement: agreement.row)
def test_every_agreement_is_that_of_its_evidence_row(agreement):
    row = evidence_row(agreement.row)
    assert float(row["value"]) == agreement.value
    assert f"({agreement.tetraplegia:g} tetra, {agreement.paraplegia:g} para)" in row["population"]
    assert float(row["n"]) == agreement.subjects == agreement.tetraplegia + agreement.paraplegia


def test_a_lesion_shows_longer_on_mri_the_harder_and_the_wider_the_blow():
    severity, width = np.array([0.3, 0.6, 1.0, 0.6, 0.6]), np.array([12.0, 12.0, 12.0, 8.0, 20.0])
    (mild, middle, severe, narrow, wide) = lesion_lengths_mm(severity, width, (6.8, 54.5))
    assert (mild < middle).all()
    assert (middle < severe).all()
    assert (narrow < middle).all()
    assert (middle < wide).all()
    assert severe[1] - severe[0] > mild[1] - mild[0] > 0


def test_lengths_and_growth_on_mri_are_missed_by_less_than_they_spread_between_patients():
    found = scanned_patients(Streams(3), count=3000).predicted(BEST, without_cells())
    for scans, (mean, sd) in zip(published_scans(), found, strict=True):
        assert abs(mean - scans.mean) < scans.sd, scans.row
        assert sd > 0


def test_examiners_without_noise_agree_and_with_more_noise_agree_less():
    patients = twice_examined(Streams(4), count=1500)
    quiet = BEST._replace(motor_rater_noise=1e-9, sensory_rater_noise=1e-9, motor_visit_noise=1e-9,
                          touch_visit_noise=1e-9, pin_visit_noise=1e-9)  # fmt: skip
    loud = BEST._replace(motor_visit_noise=2 * BEST.motor_visit_noise, pin_visit_noise=2 * BEST.pin_visit_noise)
    exact, usual, worse = (patients.agreements(each, without_cells()) for each in (quiet, BEST, loud))
    np.testing.assert_allclose(exact, 1.0, atol=1e-9)
    assert worse[0] < usual[0] < 1
    assert worse[2] < usual[2] < 1


def test_examiners_agree_about_as_well_as_published():
    found = twice_examined(Streams(5), count=4000).agreements(BEST, without_cells())
    np.testing.assert_allclose(found, [each.value for each in published_agreements()], atol=0.05)
