"""The search on figures that are straight lines, where its end is known; and the file that its draws make."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.evidence import packaged_targets, released_targets
from cordwise.patient.parameters import free_rows, prior_centre, to_working_scale
from cordwise.population.choice import choose_population
from cordwise.population.fit.calibrate import Settings, draw_fit, rmse, search, search_tag, start_point, targets_sha256
from cordwise.population.fit.hierarchy import Hierarchy
from cordwise.population.fit.refit import calibrate_into, shipped_linearisation
from cordwise.population.fit.scales import find_mode
from cordwise.population.fit.simulated_figures import FigureSimulator, Point, searched_rows
from cordwise.population.posterior import shipped_fit
from cordwise.population.registries import directions, moves
from small_hierarchy import REGISTRIES, small_linearised
from small_population import small_fit, stated_row

NEAR = small_linearised()
SETTINGS = Settings(rounds=1, steps=4, draws=12)


class StraightSimulator(FigureSimulator):
    """Figures that move with the parameters as `small_linearised` says, a little bent if asked."""

    def __init__(self, bend=0.0):
        held = {"figures": NEAR.figures, "base": prior_centre(), "bend": bend, "slopes_taken": 0}
        for name, value in held.items():
            object.__setattr__(self, name, value)

    def at(self, point):
        registry = NEAR.figures.registry
        effects = np.where((registry >= 0)[:, None], (point.effects - NEAR.point.effects)[registry], 0.0)
        away = NEAR.slopes @ (point.common - NEAR.point.common)
        away = away + ((NEAR.slopes @ moves(searched_rows())) * effects).sum(axis=1)
        return NEAR.at_point + away + self.bend * away**2

    def slopes(self, point, *, quiet=True):
        object.__setattr__(self, "slopes_taken", self.slopes_taken + 1)
        step, columns = 1e-4, []
        for move in step * np.eye(len(point.common)):
            up, down = (self.at(Point(point.common + sign * move, point.effects)) for sign in (1, -1))
            columns.append((up - down) / (2 * step))
        return np.stack(columns, axis=1)


def test_the_search_of_straight_figures_ends_where_the_posterior_mean_is():
    steps = []
    fitted = search(StraightSimulator(), NEAR.point, replace(SETTINGS, steps=12), report=steps.append)
    place = find_mode(Hierarchy(fitted.near), fitted.mode.scales).place
    np.testing.assert_allclose(fitted.near.point.common[: len(free_rows())], place.common, atol=0.02)
    np.testing.assert_allclose(fitted.near.point.effects, place.effects, atol=0.02)
    assert steps[0].share == 1.0
    assert all(value < 1e-9 for step in steps for value in step.off_the_line.values())


def test_the_search_of_bent_figures_gets_nearer_and_says_how_far_off_the_line_they_are():
    simulator, steps = StraightSimulator(bend=0.05), []
    fitted = search(simulator, NEAR.point, replace(SETTINGS, rounds=2), report=steps.append)
    model, scales, eta = Hierarchy(fitted.near), fitted.mode.scales, fitted.mode.eta
    before, after = (model.cost(point, simulator.at(point), scales, eta) for point in (NEAR.point, fitted.near.point))
    assert after < before
    assert steps[-1].rmse == rmse(simulator.figures, fitted.near.at_point)
    assert max(steps[0].off_the_line.values()) > 1e-3
    assert simulator.slopes_taken == 2


def test_what_is_not_fitted_stays_where_it_was():
    fitted = search(StraightSimulator(), NEAR.point, SETTINGS)
    free = len(free_rows())
    np.testing.assert_array_equal(fitted.near.point.common[free:], NEAR.point.common[free:])


def test_a_search_goes_on_where_it_was_cut_off(tmp_path):
    file, simulator = tmp_path / "search.npz", StraightSimulator(bend=0.05)
    search(simulator, NEAR.point, replace(SETTINGS, rounds=1), checkpoint=file, tag="one")
    steps = []
    search(simulator, NEAR.point, replace(SETTINGS, rounds=2), checkpoint=file, tag="one", report=steps.append)
    assert {step.round for step in steps} <= {1}
    assert simulator.slopes_taken == 2
    steps.clear()
    search(simulator, NEAR.point, replace(SETTINGS, rounds=1), checkpoint=file, tag="another", report=steps.append)
    assert {step.round for step in steps} == {0}


def test_a_search_that_is_done_takes_no_slopes_again(tmp_path):
    file, simulator = tmp_path / "search.npz", StraightSimulator()
    first = search(simulator, NEAR.point, SETTINGS, checkpoint=file, tag="one")
    again = search(simulator, NEAR.point, SETTINGS, checkpoint=file, tag="one")
    assert simulator.slopes_taken == 1
    np.testing.assert_array_equal(again.near.point.common, first.near.point.common)
    np.testing.assert_allclose(again.near.slopes, first.near.slopes, rtol=1e-5, atol=1e-7)


def test_known_slopes_serve_the_first_round():
    simulator = StraightSimulator()
    search(simulator, NEAR.point, SETTINGS, slopes=NEAR.slopes)
    assert simulator.slopes_taken == 0


@pytest.fixture(scope="module")
def fitted():
    return search(StraightSimulator(), NEAR.point, SETTINGS)


def test_draws_hold_every_registry_and_spread_around_the_mode(fitted):
    fit = draw_fit(fitted, SETTINGS, Streams(1), {"made": "here"})
    assert tuple(fit.places) == REGISTRIES
    assert len(fit.common) == SETTINGS.draws
    assert fit.between.shape == (SETTINGS.draws, len(directions()))
    assert (fit.between > 0).all()
    assert (fit.structure.dispersion > 0).all()
    np.testing.assert_allclose(to_working_scale(fit.best, free_rows()), fitted.mode.place.common)
    again = draw_fit(fitted, SETTINGS, Streams(1), {})
    assert again.common == fit.common
    assert draw_fit(fitted, SETTINGS, Streams(2), {}).common != fit.common


def test_a_search_starts_at_the_means_of_a_fit_and_a_new_registry_at_the_mean_of_registries():
    fit = small_fit(8)
    point = start_point(fit.best, ("Sygen", "a new one"), fit.places)
    np.testing.assert_allclose(point.common, to_working_scale(fit.best, searched_rows()))
    np.testing.assert_allclose(point.effects[0], fit.places["Sygen"].mean(axis=0))
    assert not point.effects[1].any()


def test_the_tag_of_a_search_is_that_of_its_figures_and_settings():
    targets = tuple(packaged_targets())
    tag = search_tag(targets, SETTINGS)
    assert search_tag(targets, replace(SETTINGS)) == tag
    assert search_tag(targets, replace(SETTINGS, patients=7)) != tag
    assert search_tag(targets[1:], SETTINGS) != tag


def test_targets_with_one_name_twice_are_refused(tmp_path):
    twice = tuple(packaged_targets()) + tuple(packaged_targets())[:1]
    with pytest.raises(InputError, match="a target_id that occurs twice"):
        calibrate_into(tmp_path, twice, SETTINGS)


def test_targets_without_the_registry_whose_case_mix_is_fitted_are_refused(tmp_path):
    others = tuple(target for target in packaged_targets() if "EMSCI" not in target.source)
    with pytest.raises(InputError, match="EMSCI's LEMS in week 4"):
        calibrate_into(tmp_path / "out", others, SETTINGS)
    assert not (tmp_path / "out").exists()


def test_figures_of_people_whom_nobody_simulated_resembles_are_refused(tmp_path):
    normal = stated_row("normal", value=49.0, sd=2.0, n=80.0, baseline_grade_low=4, baseline_grade_high=4)
    with pytest.raises(InputError, match=r"normal.*simulated ones resemble"):
        calibrate_into(tmp_path / "out", (*released_targets(), normal), Settings(patients=50), quiet=True)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_refit_of_few_patients_is_written_and_can_be_drawn_from(tmp_path):
    added = stated_row("new", value=30.0, sd=15.0, n=80.0, source="A new registry 2031")
    settings = Settings(patients=300, rounds=1, steps=1, draws=4)
    found = calibrate_into(tmp_path, (*packaged_targets(), added), settings, quiet=True)
    assert (
        choose_population(found.file, registry="a new registry 2031").posterior(Streams(1)).registry
        == "A new registry 2031"
    )
    assert choose_population(found.file).posterior(Streams(1)).has_pairs
    assert (tmp_path / "learned.md").is_file()


def test_the_fit_that_ships_names_the_targets_it_was_fitted_to_and_keeps_its_slopes():
    log, targets = shipped_fit().log, tuple(released_targets())
    assert log["targets_sha256"] == targets_sha256(targets)
    near = shipped_linearisation().near
    assert {kind: int((near.figures.kind == kind).sum()) for kind in set(near.figures.kind)} == log["figures"]
    assert near.slopes.shape == (len(near.figures), len(searched_rows()))
    # The mean of registries that ships is the posterior mean around the point that was kept.
    place = shipped_linearisation().mode.place
    scale = np.array([row.prior_sd for row in free_rows()])
    off = (to_working_scale(shipped_fit().best, free_rows()) - place.common) / scale
    assert np.abs(off).max() < 0.1
