"""Markers in fluid and blood: the fluid solved exactly, and their course and order between patients."""

import re

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cordwise.base.errors import InputError
from cordwise.base.tables import packaged_numbers
from cordwise.cord.biomarkers import MARKERS, biomarkers, in_fluid, marker_days, marker_numbers, measured
from cordwise.cord.changes import Action, Change
from cordwise.cord.tissue import simulate_tissue

ASKED = np.array([0.5, 1.0, 3.0, 7.0, 30.0, 365.0])
DAYS = marker_days(ASKED)
NUMBERS = marker_numbers()


def _markers(severity, width=12.0, days=DAYS, **options):
    severity = np.atleast_1d(np.asarray(severity, float))
    return biomarkers(simulate_tissue(severity, np.full(severity.size, width), days, **options))


def test_the_fluid_is_that_of_a_solver_for_tissue_lost_at_a_rate_that_is_constant_between_days():
    days, lost = np.array([0.0, 0.5, 2.0, 10.0]), np.array([[1.0, 1.8, 2.0, 2.6]])
    for loss in (0.0, 0.1, 3.0):
        now, expected = 1.0, [1.0]
        for start, end, rate in zip(days[:-1], days[1:], np.diff(lost[0]) / np.diff(days), strict=True):
            found = solve_ivp(lambda _t, m, r=rate, k=loss: r - k * m, (start, end), [now], rtol=1e-10, atol=1e-12)
            now = found.y[0, -1]
            expected.append(now)
        assert in_fluid(lost, days, loss)[0] == pytest.approx(expected, rel=1e-8)


def test_without_loss_from_the_fluid_a_marker_is_all_that_was_set_free():
    lost = np.array([[0.5, 0.7, 1.9]])
    assert in_fluid(lost, np.array([0.0, 3.0, 9.0]), 0.0) == pytest.approx(lost)


def test_days_between_two_of_which_tissue_is_lost_evenly_change_nothing():
    lost = np.interp(np.linspace(0, 4, 9), [0.0, 4.0], [1.0, 3.0])[None]
    fine = in_fluid(lost, np.linspace(0, 4, 9), 0.7)
    assert in_fluid(lost[:, ::8], np.array([0.0, 4.0]), 0.7)[0, -1] == pytest.approx(fine[0, -1])


def test_a_severe_human_lesion_peaks_at_one():
    severe = _markers(NUMBERS["severe_severity"], NUMBERS["severe_width"])
    for name in MARKERS:
        assert getattr(severe, name).max() == pytest.approx(1, rel=1e-3), name


def test_a_finer_grid_of_days_finds_the_same_markers():
    often = np.union1d(DAYS, np.geomspace(0.005, 365.0, 600))
    finer, usual = _markers([0.4, 1.0], days=np.union1d([0.0], often)), _markers([0.4, 1.0])
    at, of = np.searchsorted(finer.days, ASKED), np.searchsorted(usual.days, ASKED)
    for name in MARKERS:
        assert getattr(usual, name)[:, of] == pytest.approx(getattr(finer, name)[:, at], rel=0.02, abs=1e-3), name


def test_neurofilament_rises_over_the_days_after_injury_and_outlasts_the_glial_markers():
    severe = _markers(1.0)
    peak = {name: DAYS[getattr(severe, name)[0].argmax()] for name in MARKERS}
    assert severe.nfl[0, 0] < 0.9 * severe.nfl[0].max()
    assert 1 < peak["nfl"] > peak["gfap"]
    at_week = np.searchsorted(DAYS, 7.0)
    assert severe.nfl[0, at_week] > 3 * max(severe.gfap[0, at_week], severe.s100[0, at_week])
    assert all(getattr(severe, name)[0, -1] < 0.1 for name in MARKERS)


@pytest.mark.parametrize("name", MARKERS)
def test_a_marker_at_one_day_grows_with_severity(name):
    at_day_1 = getattr(_markers([0.0, 0.3, 0.6, 0.9, 1.2]), name)[:, np.searchsorted(DAYS, 1.0)]
    assert at_day_1[0] == pytest.approx(0, abs=1e-6)
    assert (np.diff(at_day_1) > 0).all()


def test_a_drug_that_halves_the_cytokines_lowers_il6_at_once():
    drug = [Change("cytokine", Action.BLOCK, 0.5, 0.0, 1e6)]
    given, natural = _markers(0.9, changes=drug), _markers(0.9)
    assert (given.il6[0, 1:10] < 0.6 * natural.il6[0, 1:10]).all()


def test_measurement_spreads_around_the_marker_by_its_log_sd_and_moves_nothing_where_it_is_exact():
    marker, deviates = np.full((4000, 1), 2.0), np.random.default_rng(4).standard_normal((4000, 1))
    found = np.log(measured(marker, 0.5, deviates) / marker)
    assert found.std() == pytest.approx(0.5, rel=0.05)
    assert found.mean() == pytest.approx(0, abs=0.03)
    assert np.array_equal(measured(marker, 0.0, deviates), marker)


def test_markers_need_the_day_of_the_impact():
    with pytest.raises(InputError, match="day 0 first"):
        _markers(0.8, days=[1.0, 3.0])


def test_the_days_asked_for_are_among_those_on_which_the_tissue_is_read():
    assert DAYS[0] == 0
    assert np.isin(ASKED, DAYS).all()
    assert marker_days(np.array([2.0])).max() == 2.0


def test_every_number_has_a_unit_a_range_and_a_source():
    for row in packaged_numbers("cordwise.cord", "biomarkers"):
        assert row.low90 <= row.value <= row.high90, row.name
        assert row.unit, row.name
        assert re.fullmatch(r"judgement|B\d{3}(; B\d{3})*", row.source), row.name
        assert row.status == "judgement", row.name
