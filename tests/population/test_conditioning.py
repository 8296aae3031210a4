"""A registry's own figures narrow its forecast: exact where figures are straight lines and errors are normal."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.patient.parameters import parameter_table, to_working_scale
from cordwise.population import conditioning
from cordwise.population.conditioning import conditioned_on
from cordwise.population.posterior import StructureSpread
from cordwise.population.prediction import Prediction
from cordwise.population.registries import moved_parameters, moves
from cordwise.population.structure import tolerance
from cordwise.population.target_predictions import predict_targets
from small_population import conversion, small_fit, stated_row

SD, LINES = 9.0, {"block_days": 6.0, "normal_strength_drive": 5.0, "plasticity": -4.0, "examination_day_power": 5.0}
ROWS = tuple(row for row in parameter_table() if row.name in LINES)


def straight(sets):
    """Return a mean score of each set that is a straight line in a few parameters, on their working scales."""
    centre = to_working_scale(small_fit(1).best, ROWS)
    slopes = np.array([LINES[row.name] for row in ROWS])
    return np.array([25.0 + slopes @ (to_working_scale(each, ROWS) - centre) for each in sets])


@pytest.fixture
def linear(monkeypatch):
    """Replace the simulated people by a straight line."""

    def answer(figures, sets, streams, *, patients, quiet):
        value = np.stack([straight(sets)] * len(figures), axis=1)
        random = streams("noise").generator()
        value = value + SD / np.sqrt(patients) * random.standard_normal(value.shape)
        return Prediction(value, np.full(value.shape, SD), np.full(value.shape, float(patients)), value)

    monkeypatch.setattr(conditioning, "figures_by_set", answer)


def exact(prior, value, n, missing=1.0):
    """Return mean and SD of the straight score given one figure, by the normal formulas."""
    error = np.hypot(missing * tolerance("uems"), SD / np.sqrt(n))
    mean, variance = prior.mean(), prior.var()
    gain = variance / (variance + error**2)
    return mean + gain * (value - mean), np.sqrt(gain) * error


POSTERIOR = small_fit(100, between=0.6).unseen


@pytest.mark.parametrize(("value", "n"), [(20.0, 30.0), (28.0, 400.0), (25.0, 5.0)])
def test_one_figure_moves_and_narrows_as_the_normal_formulas_say(linear, value, n):
    found = conditioned_on(POSTERIOR, [stated_row(value=value, sd=SD, n=n)], Streams(1), patients=100_000)
    mean, sd = exact(straight(POSTERIOR.draws), value, n)
    after = straight(found.draws)
    assert after.mean() == pytest.approx(mean, abs=4 * sd / np.sqrt(len(after)) + 0.1)
    assert after.std() == pytest.approx(sd, rel=0.25)


@pytest.mark.parametrize("patients", [50, 400])
def test_few_simulated_people_blur_the_update_and_do_not_bias_it(linear, patients):
    found = conditioned_on(POSTERIOR, [stated_row(value=20.0, sd=SD, n=200.0)], Streams(2), patients=patients)
    mean, sd = exact(straight(POSTERIOR.draws), 20.0, 200.0)
    after = straight(found.draws)
    assert after.mean() == pytest.approx(mean, abs=1.2)
    assert 0.7 * sd < after.std() < 2 * sd


def test_sets_of_a_known_registry_keep_what_its_own_figures_tied_together(linear):
    # Where a registry was fitted, its place makes up for the common parameters: the score is known well already.
    fit = small_fit(200, between=0.6)
    rows = moved_parameters()
    strength = [row.name for row in rows].index("block_days")
    direction = int(np.flatnonzero(moves(rows)[strength])[0])
    places = np.zeros_like(fit.places["EMSCI"])
    shared = straight(fit.common)
    places[:, direction] = (25.0 - shared) / LINES["block_days"] + 0.02 * np.random.default_rng(1).normal(size=200)
    known = replace(fit, places={"EMSCI": places}).of_registry("EMSCI")
    before = straight(known.draws)
    assert before.std() < 0.3 * shared.std()
    found = conditioned_on(known, [stated_row(value=26.0, sd=SD, n=100.0)], Streams(3), patients=100_000)
    mean, sd = exact(before, 26.0, 100.0)
    after = straight(found.draws)
    assert after.mean() == pytest.approx(mean, abs=0.1)
    assert after.std() == pytest.approx(sd, rel=0.25)
    assert found.registry == "EMSCI"


def test_more_people_narrow_more(linear):
    widths = []
    for n in (3.0, 30.0, 3000.0):
        found = conditioned_on(POSTERIOR, [stated_row(value=24.0, sd=SD, n=n)], Streams(1), patients=10_000)
        widths.append(straight(found.draws).std())
    assert straight(POSTERIOR.draws).std() > widths[0] > widths[1] > widths[2]


def test_a_structure_that_misses_more_narrows_less(linear):
    widths = []
    for missing in (0.0, 3.0):
        spread = StructureSpread(*(np.full(200, value) for value in (0.3, missing, 0.01)))
        posterior = replace(POSTERIOR, structure=spread)
        found = conditioned_on(posterior, [stated_row(value=24.0, sd=SD, n=500.0)], Streams(1), patients=10_000)
        widths.append(straight(found.draws).std())
    assert widths[0] < 0.6 * widths[1]


def test_every_parameter_that_registries_differ_in_follows_the_place_of_its_registry(linear):
    found = conditioned_on(POSTERIOR, [stated_row(value=15.0, sd=SD, n=500.0)], Streams(1), patients=10_000)
    only_moved = tuple(row for row in moved_parameters() if row.prior_sd is None)  # what has no prior has no other part
    assert only_moved
    for place, draw in zip(found.places, found.draws, strict=True):
        centre = to_working_scale(small_fit(1).best, only_moved)
        np.testing.assert_allclose(to_working_scale(draw, only_moved) - centre, moves(only_moved) @ place, atol=1e-9)
    assert (found.places != POSTERIOR.places).any(axis=0).all()


def test_parent_and_structure_stay_with_their_set(linear):
    found = conditioned_on(POSTERIOR, [stated_row(value=24.0, sd=SD, n=50.0)], Streams(1), patients=1000)
    np.testing.assert_array_equal(found.parent, POSTERIOR.parent)
    assert found.structure is POSTERIOR.structure
    assert found.fit is POSTERIOR.fit


def test_figures_whom_nobody_resembles_are_refused_all_at_once():
    small = small_fit(2).unseen
    nobody = [stated_row(name, level_first=1, level_last=0) for name in ("gone", "lost")]
    with pytest.raises(InputError) as raised:
        conditioned_on(small, [nobody[0], stated_row("fine"), nobody[1]], Streams(1), patients=60)
    assert [fault.where for fault in raised.value.faults] == ["registry data, gone", "registry data, lost"]
    assert all("30 or more" in fault.expected and fault.found == "0" for fault in raised.value.faults)


FIGURES = [stated_row(value=20.0, sd=15.0, n=80.0), conversion(value=0.6, n=90.0)]


def test_the_same_seed_gives_the_same_sets_and_another_gives_others():
    small = small_fit(10).unseen
    one, again, other = (conditioned_on(small, FIGURES, Streams(seed), patients=60) for seed in (7, 7, 8))
    assert one.draws == again.draws
    np.testing.assert_array_equal(one.places, again.places)
    assert one.draws != other.draws


def test_simulated_people_come_nearer_to_the_figures_of_the_registry():
    sets, figure = small_fit(100, between=0.6).unseen, [conversion(value=0.5, n=400.0)]
    before = predict_targets(figure, sets, Streams(3), patients=100)
    after = predict_targets(figure, conditioned_on(sets, figure, Streams(4)), Streams(3), patients=100)
    assert abs(after.predicted[0] - 0.5) < 0.8 * abs(before.predicted[0] - 0.5)


MIDDLE, STEEP = -0.9, 0.08  # log odds of a share where the straight score is 25, and for each point of it


@pytest.fixture
def linear_odds(monkeypatch):
    """Replace the simulated people by a share whose log odds are a straight line."""

    def answer(figures, sets, streams, *, patients, quiet):
        share = np.stack([expit(log_odds(sets))] * len(figures), axis=1)
        return Prediction(share, np.sqrt(share * (1 - share)), np.full(share.shape, float(patients)), share)

    monkeypatch.setattr(conditioning, "figures_by_set", answer)


def log_odds(sets):
    return MIDDLE + STEEP * (straight(sets) - 25.0)


def converted_of(value, n):
    """Return the log odds of the sets once so many of `n` people are known to have converted."""
    return log_odds(conditioned_on(POSTERIOR, [conversion(value=value, n=n)], Streams(1), patients=100_000).draws)


@pytest.mark.parametrize("n", [10.0, 30.0, 1e9])
def test_the_more_converted_the_more_are_expected_from_nobody_to_everybody(linear_odds, n):
    means = [converted_of(value, n).mean() for value in (0.0, 0.1, 0.3, 0.5, 0.9, 1.0)]
    assert np.all(np.diff(means) > 0)


@pytest.mark.parametrize("value", [0.0, 0.2, 0.5, 1.0])
def test_a_share_moves_log_odds_as_a_binomial_count_does(linear_odds, value):
    n, prior, structure = 30.0, log_odds(POSTERIOR.draws), POSTERIOR.structure
    people = n / (1 + (n - 1) * float(structure.dispersion[0]))
    odds = np.linspace(-6, 5, 1101)
    beyond = norm.ppf((np.arange(101) + 0.5) / 101) * float(structure.grade[0])  # what the grade converts beyond
    p = expit(odds[:, None] + beyond)
    density = norm.pdf(odds, prior.mean(), prior.std()) * np.mean(
        p ** (value * people) * (1 - p) ** ((1 - value) * people), axis=1
    )
    exact_mean = np.average(odds, weights=density)
    assert converted_of(value, n).mean() == pytest.approx(exact_mean, abs=0.12)
