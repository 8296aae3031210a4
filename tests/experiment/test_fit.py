"""The fit of rates to facts: what pulls, what is left alone, and that the shipped rates are where it ends."""

import numpy as np
import pytest

from cordwise.cord.parameters import SIGN_FREE, Species, tissue_parameter_rows
from cordwise.experiment.bands import Band, all_bands, no_effect, perturbation_facts
from cordwise.experiment.facts import fact_values, read_fact_experiments
from cordwise.experiment.fit import FittedRate, parameter_sets, prior_residuals, rates_to_fit, slope_of
from cordwise.experiment.misfit import band_residual, band_residuals
from paths import ROOT

EXPERIMENTS = ROOT / "experiments"
SCORE = Band("a score", 1.0, 2.0, "points", in_fit=True, source="judgement", status="judgement")
SHARE = Band("a share", 0.98, 1.0, "share", in_fit=True, source="judgement", status="judgement")


@pytest.mark.parametrize(
    ("band", "value", "residual"),
    [
        (SCORE, 1.5, 0.0),
        (SCORE, 1.1, 0.0),
        (SCORE, 1.0, -1.0),  # at the edge: one margin of the unit, 1 point
        (SCORE, 0.9, -2.0),
        (SCORE, 2.1, 2.0),
        (SHARE, 1.0, 0.0),  # a share cannot pass 1
        (SHARE, 0.98, -1.0),
        (SHARE, 0.97, -6.0),  # half the width of the band outside
        (SCORE, np.nan, 20.0),
        (SCORE, -100.0, -20.0),
    ],
)
def test_a_row_pulls_when_it_leaves_the_inside_of_its_band(band, value, residual):
    assert band_residual(band, np.array([value]))[0] == pytest.approx(residual)


def test_a_ratio_is_measured_by_its_distance_from_no_change():
    grey = next(fact.band for fact in perturbation_facts() if fact.band.row == "no border: grey left")
    assert no_effect(grey) == 1
    nothing, half = band_residual(grey, np.array([1.0, (1 + grey.high) / 2]))
    assert nothing == pytest.approx(11)  # the whole unit and the margin
    assert half == pytest.approx(6)


def test_the_slope_is_that_of_the_function():
    def residuals(logs):
        return np.stack([logs[:, 0] ** 2, logs[:, 0] * logs[:, 1], np.sin(logs[:, 1])], axis=1)

    slope = slope_of(residuals)(np.array([0.7, -0.4]))
    assert slope == pytest.approx(np.array([[1.4, 0.0], [-0.4, 0.7], [0.0, np.cos(0.4)]]), abs=1e-4)


def test_rates_known_only_through_facts_that_are_held_out_are_left_alone():
    fitted = {rate.name for rate in rates_to_fit()}
    assert {"axon_cytokine_hazard", "grey_leukocyte_hazard", "plastic_days"} <= fitted
    survival = {"graft_loss", "graft_cytokine_loss", "graft_rejection", "rejection_day"}
    assert not fitted & (survival | {"rejection_power", "axon_cytokine_half", "cell_anti", "length_scale"})


def test_a_rate_of_one_species_changes_only_that_species():
    rates = rates_to_fit()
    places = np.array([[rate.place_of(rate.value) for rate in rates]])
    at = next(i for i, rate in enumerate(rates) if (rate.name, rate.species) == ("plastic_days", "rodent"))
    places = np.concatenate([places, places + np.log(2) * (np.arange(len(rates)) == at)])
    human, rodent = (parameter_sets(rates, places, species).plastic_days for species in (Species.HUMAN, Species.RODENT))
    assert human[0] == human[1]
    assert rodent[1] == pytest.approx(2 * rodent[0])


@pytest.mark.parametrize("name", sorted(SIGN_FREE))
def test_a_rate_of_either_sign_moves_on_its_own_scale_and_may_be_nothing(name):
    weight = FittedRate(name, "both", 0.0, -0.5, 1.0)
    assert weight.place_of(weight.value) == 0
    assert (weight.middle, weight.sd) == (0.25, pytest.approx(1.5 / (2 * 1.6449), rel=1e-4))
    for value in (-0.5, 0.0, 0.3):
        sets = parameter_sets([weight], np.array([[weight.place_of(value)]]), Species.RODENT)
        assert getattr(sets, name)[0] == value


def test_a_rate_that_cannot_change_its_sign_moves_on_the_scale_of_its_logarithm():
    rate = FittedRate("monocyte_entry", "both", 2.0, 1.0, 4.0)
    assert rate.value_at(rate.middle) == pytest.approx(2.0)
    assert rate.value_at(rate.middle - 100 * rate.sd) > 0


@pytest.mark.slow
def test_the_shipped_rates_are_where_the_fit_ends():
    rates, bands = rates_to_fit(), [band for band in all_bands() if band.in_fit]
    experiments = read_fact_experiments(EXPERIMENTS)

    def residuals(places):
        rodent, human = (parameter_sets(rates, places, species) for species in (Species.RODENT, Species.HUMAN))
        values = fact_values(rodent, human, experiments)
        return np.concatenate([band_residuals(bands, values), prior_residuals(rates, places)], axis=1)

    shipped = np.array([rate.place_of(rate.value) for rate in rates])
    slope, now = slope_of(residuals)(shipped), residuals(shipped[None])[0]
    step = np.linalg.lstsq(slope, -now, rcond=None)[0]
    still_to_gain = (now**2).sum() - ((now + slope @ step) ** 2).sum()
    assert still_to_gain < 0.15 * (now**2).sum()
    status = {row.name: row.status for row in tissue_parameter_rows()}
    assert sum(status[rate.name] == "fitted" for rate in rates) > len(rates) / 2
