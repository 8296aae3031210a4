"""The atlas against direct simulation, and the way back from spared share to severity."""

from dataclasses import fields

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.cord.atlas import WIDTH_RANGE_MM, TissueAtlas
from cordwise.cord.courses import relative_courses
from cordwise.cord.parameters import load_parameters
from cordwise.cord.patient_kinetics import FURTHEST, KINETICS, with_kinetics
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.cord.tissue import simulate_tissue

REGIMEN = Regimen((Dose(7.0, 2e7, Route.INTRATHECAL), Dose(21.0, 2e7, Route.INTRATHECAL)), "autologous_msc", 0.4)
DAYS = np.array([0.0, 0.3, 1.0, 7.5, 14.0, 28.0, 60.0, 180.0, 365.0])
RANDOM = np.random.default_rng(8)
SEVERITY = RANDOM.uniform(0, 1, 160)
WIDTH = np.exp(RANDOM.uniform(*np.log(WIDTH_RANGE_MM), 160))
HARDER = RANDOM.uniform(0, 2, 600)  # from about 1.3 on nothing is spared
ACROSS = np.exp(RANDOM.uniform(*np.log(WIDTH_RANGE_MM), 600))
KINETICS_DRAWN = np.random.default_rng(9).normal(size=(600, len(KINETICS)))


@pytest.fixture(scope="module")
def natural():
    return TissueAtlas.build(365.0)


@pytest.fixture(scope="module")
def treated():
    return TissueAtlas.build(365.0, REGIMEN)


def _error(atlas, regimen, kinetics=None, *, read_with_kinetics=True):
    """Return the errors of the courses, and where more than 0.5% is spared: below that log odds run away."""
    rates = load_parameters() if kinetics is None else with_kinetics(load_parameters(), kinetics)
    found = simulate_tissue(HARDER, ACROSS, DAYS, regimen=regimen, parameters=rates)
    year = simulate_tissue(HARDER, ACROSS, [365.0], parameters=rates)
    direct = relative_courses(found, year)
    read = atlas.courses(HARDER, ACROSS, DAYS, kinetics=kinetics if read_with_kinetics else None)
    spares = (found.spared_share > 0.005) & (year.spared_share > 0.005)
    return {f.name: np.abs(getattr(read, f.name) - getattr(direct, f.name)) for f in fields(read)}, spares


@pytest.mark.parametrize("regimen", [None, REGIMEN], ids=["natural", "treated"])
def test_the_atlas_reproduces_direct_simulation(natural, treated, regimen):
    error, spares = _error(natural if regimen is None else treated, regimen)
    assert error["axon_log_odds"][spares].max() < 0.02
    assert error["conduction"].max() < 0.001
    assert np.quantile(error["growth"], 0.99) < 0.01
    assert error["growth"].max() < 0.02
    # In the first hours whole cells of the axis die one after the other, which no table of this size follows.
    assert error["grey_loss"][:, DAYS >= 1].max() < 0.01
    assert error["grey_loss"].max() < 0.08


@pytest.mark.parametrize("regimen", [None, REGIMEN], ids=["natural", "treated"])
def test_the_atlas_reproduces_direct_simulation_of_patients_with_kinetics_of_their_own(natural, treated, regimen):
    atlas = natural if regimen is None else treated
    error, spares = _error(atlas, regimen, KINETICS_DRAWN)
    off, _ = _error(atlas, regimen, KINETICS_DRAWN, read_with_kinetics=False)
    # The table adds up what each group does alone.  Measured over three seeds, with and without cells: log odds off by
    # 0.18 at the 99th percentile and 0.57 at most, conduction by 0.0015 and 0.005, growth by 0.0025 and 0.007, loss of
    # grey matter by 0.005 and 0.02, days of node repair by 1.3 and 4.6.
    lasting = error["axon_log_odds"][spares]
    assert np.quantile(lasting, 0.99) < 0.25
    assert lasting.max() < 0.8
    later = DAYS >= 1
    for name, most, of_all in (
        ("conduction", 0.002, 0.008),
        ("growth", 0.005, 0.012),
        ("grey_loss", 0.006, 0.03),
        ("node_repair_days", 1.8, 6.0),
    ):
        assert np.quantile(error[name][:, later], 0.99) < most, name
        assert error[name][:, later].max() < of_all, name
    # Of what own kinetics do to the courses, over nine tenths of the variance are there.
    for name, kept in (("axon_log_odds", spares), *((name, later) for name in ("conduction", "node_repair_days"))):
        left, all_of_it = ((each[name][..., kept] ** 2).sum() for each in (error, off))
        assert left < 0.1 * all_of_it, name


def test_a_share_leads_to_the_severity_that_leaves_it_in_a_patient_with_kinetics_of_their_own(natural):
    rates = with_kinetics(load_parameters(), KINETICS_DRAWN)
    left = simulate_tissue(HARDER, ACROSS, [365.0], parameters=rates).spared_share[:, 0]
    found, typical = (natural.severity_for(left, ACROSS, each) for each in (KINETICS_DRAWN, None))
    again, without = (
        np.abs(simulate_tissue(each, ACROSS, [365.0], parameters=rates).spared_share[:, 0] - left)
        for each in (found, typical)
    )
    # Measured over three seeds: 0.022 at the 99th percentile and 0.11 at most, against 0.16 with typical kinetics.
    assert np.quantile(again, 0.99) < 0.03
    assert again.max() < 0.15
    assert (again**2).sum() < 0.05 * (without**2).sum()


def test_deviates_of_nothing_change_nothing_and_none_counts_beyond_the_furthest(natural):
    typical = natural.courses(SEVERITY, WIDTH, DAYS)
    nothing = natural.courses(SEVERITY, WIDTH, DAYS, kinetics=np.zeros((SEVERITY.size, len(KINETICS))))
    beyond, furthest = (
        natural.courses(SEVERITY, WIDTH, DAYS, kinetics=np.full((SEVERITY.size, len(KINETICS)), far))
        for far in (9.0, FURTHEST)
    )
    for field in fields(typical):
        np.testing.assert_array_equal(getattr(nothing, field.name), getattr(typical, field.name))
        np.testing.assert_array_equal(getattr(beyond, field.name), getattr(furthest, field.name))


def test_one_year_without_cells_is_the_reference(natural):
    courses = natural.courses(SEVERITY, WIDTH, [365.0])
    assert courses.axon_log_odds == pytest.approx(0, abs=1e-9)
    assert courses.conduction == pytest.approx(1)
    assert courses.grey_loss == pytest.approx(1)
    assert ((courses.growth > 0.9) & (courses.growth <= 1)).all()


def test_a_share_leads_to_the_severity_that_leaves_it(natural):
    left = simulate_tissue(HARDER, ACROSS, [365.0]).spared_share[:, 0]
    found = natural.severity_for(left, ACROSS)
    assert simulate_tissue(found, ACROSS, [365.0]).spared_share[:, 0] == pytest.approx(left, abs=0.005)
    some = left > 0.005
    assert found[some] == pytest.approx(HARDER[some], abs=0.005)


def test_shares_that_a_severe_contusion_does_not_leave_lead_to_severities_above_one(natural):
    severity = natural.severity_for([0.01, 0.003], [12.0, 12.0])
    assert (severity > 1).all()
    left = simulate_tissue(severity, [12.0, 12.0], [365.0]).spared_share[:, 0]
    assert left == pytest.approx([0.01, 0.003], rel=0.1)


def test_shares_beyond_the_model_are_clipped(natural):
    assert natural.severity_for([1e-6, 0.0, 1.0], [10.0, 10.0, 10.0])[2] == 0.0
    shares = np.linspace(0, 1, 200)
    assert (np.diff(natural.severity_for(shares, np.full(200, 12.0))) <= 0).all()


def test_cells_only_help_axons_after_their_day_in_the_atlas(natural, treated):
    days = np.array([1.0, 6.9, 30.0, 365.0])
    gain = treated.courses(SEVERITY, WIDTH, days).axon_log_odds - natural.courses(SEVERITY, WIDTH, days).axon_log_odds
    assert np.abs(gain[:, :2]).max() < 2e-3
    assert (gain[SEVERITY > 0.2, 3] > 0).all()


def test_each_patient_has_own_days_and_a_missing_day_stays_missing(natural):
    days = np.array([[1.0, np.nan], [30.0, 90.0]])
    courses = natural.courses(SEVERITY[:2], WIDTH[:2], days)
    assert np.isnan(courses.growth).tolist() == [[False, True], [False, False]]
    assert courses.growth[1, 1] == natural.courses(SEVERITY[1:2], WIDTH[1:2], [90.0]).growth[0, 0]


def test_widths_are_clipped_to_the_stated_range(natural):
    wide, widest = (natural.courses([0.6], [width], DAYS).axon_log_odds for width in (WIDTH_RANGE_MM[1], 80.0))
    assert np.array_equal(wide, widest)


def test_days_beyond_the_atlas_are_refused():
    atlas = TissueAtlas.build(30.0)
    with pytest.raises(InputError, match="days"):
        atlas.courses([0.5], [10.0], [31.0])
    with pytest.raises(InputError, match="days"):
        atlas.courses([0.5], [10.0], [-0.1])


def test_a_bad_regimen_is_refused_before_anything_is_simulated():
    with pytest.raises(InputError, match=r"regimen.doses.0..day"):
        TissueAtlas.build(30.0, Regimen((Dose(-2.0, 1e6, Route.INTRATHECAL),)))


def test_a_longer_plastic_window_slows_growth(natural):
    slow = TissueAtlas.build(365.0, parameters=load_parameters()._replace(plastic_days=180.0))
    early = slow.courses([0.6], [12.0], [60.0]).growth, natural.courses([0.6], [12.0], [60.0]).growth
    assert early[0] < early[1]
    assert slow.courses([0.6], [12.0], [365.0]).growth < 0.95


@pytest.mark.parametrize("plastic_days", [40.0, 180.0, 400.0])
@pytest.mark.parametrize("regimen", [None, REGIMEN], ids=["natural", "treated"])
def test_growth_integrated_anew_is_the_growth_of_a_simulation_with_that_window(natural, treated, regimen, plastic_days):
    atlas = natural if regimen is None else treated
    anew = atlas.courses(SEVERITY, WIDTH, DAYS, plastic_days)
    parameters = load_parameters()._replace(plastic_days=plastic_days)
    simulated = TissueAtlas.build(365.0, regimen, parameters).courses(SEVERITY, WIDTH, DAYS)
    np.testing.assert_allclose(anew.growth, simulated.growth, atol=3e-3)
    np.testing.assert_array_equal(anew.axon_log_odds, simulated.axon_log_odds)
