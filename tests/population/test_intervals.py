"""Intervals of forecasts on ensembles made by hand: which part of their width is whose."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.population.intervals import Parts, forecast_figure, pairs_covariance
from cordwise.population.posterior import StructureSpread
from cordwise.population.structure import tolerance
from small_population import conversion, small_fit, stated_row

PAIRS, PEOPLE, SD = 100, 400.0, 9.0
MEASURES = ["uems", "ais"]


def posterior_with(grade=0.0, missing=0.0, dispersion=1e-6, fit=None):
    fit = fit or small_fit(PAIRS, spread=0.0)
    sets = fit.unseen
    spread = StructureSpread(*(np.full(len(sets.parent), value) for value in (grade, missing, dispersion)))
    return replace(sets, structure=spread)


def forecast(values, *, measure="uems", n=100.0, seed=1, posterior=None, people=PEOPLE, noise=True):
    """Return the forecast of a figure that every set shows with the noise of its people."""
    random = np.random.default_rng(seed)
    is_share = measure == "ais"
    target = conversion(n=n) if is_share else stated_row(measure=measure, n=n, sd=SD)
    sd = np.sqrt(values * (1 - values)) if is_share else np.full(len(values), SD)
    seen = values + noise * sd / np.sqrt(people) * random.standard_normal(len(values))
    seen = np.clip(seen, 0, 1) if is_share else seen
    counts = np.full(len(values), people)
    return forecast_figure(target, seen, sd, counts, posterior or posterior_with(), np.random.default_rng(seed))


def truth_of(measure, by_parent, by_set, seed=2):
    """Return the true figure of every set: a part of its parent and one of its own."""
    random = np.random.default_rng(seed)
    parent = np.repeat(random.standard_normal(PAIRS), 2)
    own = random.standard_normal(2 * PAIRS)
    centre, unit = (0.4, 0.08) if measure == "ais" else (25.0, 4.0)
    return centre + unit * (by_parent * parent + by_set * own), unit


@pytest.mark.parametrize("measure", MEASURES)
def test_where_only_parents_differ_registries_have_no_part(measure):
    values, unit = truth_of(measure, 1.0, 0.0)
    parts = forecast(values, measure=measure).parts
    assert parts.registry < 0.3 * unit
    assert parts.parameters == pytest.approx(values.std(), rel=0.15)


@pytest.mark.parametrize("measure", MEASURES)
def test_where_only_registries_differ_parameters_have_no_part(measure):
    values, unit = truth_of(measure, 0.0, 1.0)
    parts = forecast(values, measure=measure).parts
    assert parts.parameters < 0.45 * unit  # the sample covariance of a hundred pairs is that near to nothing
    assert parts.registry == pytest.approx(values.std(), rel=0.15)


@pytest.mark.parametrize("measure", MEASURES)
def test_parts_add_up_to_the_width_of_the_interval(measure):
    values, _ = truth_of(measure, 1.0, 0.7)
    found = forecast(values, measure=measure, posterior=posterior_with(0.3, 1.0, 0.01))
    parts = found.parts
    whole = np.sqrt(parts.chance**2 + parts.parameters**2 + parts.registry**2 + parts.structure**2)
    assert found.high95 - found.low95 == pytest.approx(2 * 1.96 * whole, rel=0.08)


def test_what_the_structure_misses_in_a_mean_is_its_factor_times_the_scale_of_the_measure():
    values, _ = truth_of("uems", 1.0, 0.7)
    parts = forecast(values, posterior=posterior_with(missing=1.5)).parts
    assert parts.structure == pytest.approx(1.5 * tolerance("uems"), rel=0.05)
    assert forecast(values).parts.structure == 0


def test_what_the_structure_misses_in_a_share_acts_on_its_log_odds():
    parts = forecast(np.full(2 * PAIRS, 0.3), measure="ais", posterior=posterior_with(grade=0.2)).parts
    assert parts.structure == pytest.approx(0.2 * 0.3 * 0.7, rel=0.1)


@pytest.mark.parametrize("share", [0.0, 0.003, 0.5, 0.999, 1.0])
@pytest.mark.parametrize("n", [1, 7, 5000])
def test_shares_stay_shares(share, n):
    found = forecast(np.full(2 * PAIRS, share), measure="ais", n=float(n), posterior=posterior_with(1.0, 1.0, 0.05))
    assert 0 <= found.low95 <= found.high95 <= 1
    assert 0 <= found.centre <= 1
    assert np.isfinite(list(vars_of(found.parts))).all()


def vars_of(parts: Parts):
    return (parts.chance, parts.parameters, parts.registry, parts.structure)


@pytest.mark.parametrize("value", [-3.0, 1.0, 49.0, 60.0])
def test_scores_stay_within_what_can_be_scored(value):
    found = forecast(np.full(2 * PAIRS, value), n=4.0)
    assert 0 <= found.low95 <= found.high95 <= 50


def test_a_change_may_be_a_loss():
    found = forecast(np.full(2 * PAIRS, 1.0), measure="uems_change", n=10.0)
    assert found.low95 < 0 < found.high95


@pytest.mark.parametrize("measure", MEASURES)
def test_a_figure_of_few_people_is_mostly_chance_and_one_of_many_hardly(measure):
    values, _ = truth_of(measure, 0.5, 0.4)
    few, many = (forecast(values, measure=measure, n=n).parts for n in (3.0, 100_000.0))
    assert few.chance > 2 * max(few.parameters, few.registry, few.structure)
    assert many.chance < 0.1 * many.parameters
    assert many.parameters == few.parameters
    assert many.registry == few.registry


def test_chance_of_a_share_is_that_of_a_beta_binomial():
    parts = forecast(np.full(2 * PAIRS, 0.3), measure="ais", n=80.0, posterior=posterior_with(dispersion=0.02)).parts
    assert parts.chance == pytest.approx(np.sqrt(0.3 * 0.7 * (1 + 79 * 0.02) / 80), rel=0.05)


def test_the_noise_of_few_simulated_people_is_no_part_of_the_interval():
    values, _ = truth_of("uems", 1.0, 0.7)
    few, many = (forecast(values, people=people) for people in (30.0, 30_000.0))
    assert few.high95 - few.low95 == pytest.approx(many.high95 - many.low95, rel=0.12)
    assert few.mcse > 10 * many.mcse


def test_a_known_registry_has_no_part_of_registries():
    known = small_fit(2 * PAIRS, spread=0.0).of_registry("EMSCI")
    values, _ = truth_of("uems", 1.0, 0.7)
    parts = forecast(values, posterior=known).parts
    assert parts.registry == 0
    assert parts.parameters == pytest.approx(values.std(), rel=0.1)


def test_sets_without_anybody_are_left_out_of_the_forecast_and_of_its_pairs():
    values, _ = truth_of("uems", 1.0, 0.0)
    counts = np.where(np.arange(2 * PAIRS) % 7 == 0, 0.0, PEOPLE)
    seen = np.where(counts > 0, values, np.nan)
    target = stated_row(sd=SD)
    found = forecast_figure(
        target, seen, np.where(counts > 0, SD, np.nan), counts, posterior_with(), np.random.default_rng(1)
    )
    assert found.centre == pytest.approx(values.mean(), abs=0.4)
    assert found.parts.registry < 1.2


def test_nobody_at_all_has_no_forecast():
    nothing = np.full(2 * PAIRS, np.nan)
    posterior, random = posterior_with(), np.random.default_rng(1)
    assert forecast_figure(stated_row(), nothing, nothing, np.zeros(2 * PAIRS), posterior, random) is None


def test_sets_that_do_not_differ_at_all_leave_chance_alone():
    found = forecast(np.full(2 * PAIRS, 25.0), noise=False)
    assert found.parts.parameters == found.parts.registry == 0
    assert found.centre == 25.0


def test_pairs_share_the_variance_of_their_parents():
    random, pairs = np.random.default_rng(3), 4000
    values = np.repeat(2.0 * random.standard_normal(pairs), 2) + 3.0 * random.standard_normal(2 * pairs)
    parent, weight = np.repeat(np.arange(pairs), 2), np.ones(2 * pairs)
    assert pairs_covariance(values, parent, weight) == pytest.approx(4.0, abs=4 * 13 / np.sqrt(pairs))
    weight[::2] = 0
    assert np.isnan(pairs_covariance(values, parent, weight))
    assert np.isnan(pairs_covariance(values, np.arange(2 * pairs), np.ones(2 * pairs)))


def test_only_the_spread_of_what_a_known_registry_converts_makes_its_share_uncertain():
    known = posterior_with()
    parts = []
    for spread in (0.0, 0.3):
        own = np.full((2 * PAIRS, 5), 0.8) + spread * np.random.default_rng(1).standard_normal((2 * PAIRS, 5))
        sets = replace(known, structure=replace(known.structure, conversion=own))
        parts.append(forecast(np.full(2 * PAIRS, 0.3), measure="ais", posterior=sets, noise=False).parts)
    share = 0.3 * np.exp(0.8) / (0.7 + 0.3 * np.exp(0.8))
    assert parts[0].structure == pytest.approx(0, abs=1e-9)
    assert parts[1].structure == pytest.approx(0.3 * share * (1 - share), rel=0.15)
