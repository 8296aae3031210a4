"""Which figures judge the population, on which scale, and how far each may be off by chance."""

import numpy as np
import pytest
from scipy.special import expit

from cordwise.base.randomness import Streams
from cordwise.evidence import packaged_targets
from cordwise.patient.counterfactual import without_cells
from cordwise.patient.parameters import prior_centre, to_working_scale
from cordwise.population.fit.figures import (
    COURSE,
    MIX,
    SCORE,
    SHARE,
    SPREAD,
    STUDY,
    family_correlation,
    figures_of,
    fitted_targets,
    on_fitted_scale,
)
from cordwise.population.fit.published_mix import registry_case_mix
from cordwise.population.fit.simulated_figures import Point, searched_rows, simulator_of
from cordwise.population.prediction import PROPORTION, Prediction
from cordwise.population.registries import directions, known_registries
from cordwise.population.sampling_error import number_behind
from cordwise.population.structure import missing_scale

TARGETS = tuple(packaged_targets())
SPREADS = {target.target_id: 10.0 for target in TARGETS}
FIGURES = figures_of(TARGETS, SPREADS, 3)


def test_a_table_of_grades_is_not_told_twice():
    kept = fitted_targets(TARGETS)
    shares = [each for each in kept if each.measure == PROPORTION]
    groups = {}
    for each in shares:
        key = (each.source, each.levels, each.baseline_ais, each.baseline_day_max, each.followup_day)
        groups.setdefault(key, []).append(each)
    for rows in groups.values():
        singles = [each for each in rows if each.category_low == each.category_high]
        assert sum(each.value for each in singles) < 1 - 1e-9  # the share of at least one category is left to follow
    assert {each.target_id for each in kept} <= {each.target_id for each in TARGETS}


def test_every_figure_that_is_not_a_share_of_grades_is_fitted():
    scores = {each.target_id for each in TARGETS if each.measure != PROPORTION}
    kept = {each.target_id for each in fitted_targets(TARGETS)}
    assert len(scores - kept) < 0.1 * len(scores)


def test_figures_stand_in_order_with_the_registry_that_printed_them():
    kinds = list(dict.fromkeys(FIGURES.kind))
    assert set(kinds[:2]) == {SHARE, SCORE}
    assert kinds[2:] == [SPREAD, COURSE, MIX, STUDY]
    assert (FIGURES.registry[FIGURES.kind == STUDY] == -1).all()
    assert (FIGURES.kind == STUDY).sum() == 3
    home = FIGURES.registries.index("EMSCI")
    assert (FIGURES.registry[np.isin(FIGURES.kind, (COURSE, MIX))] == home).all()
    assert set(FIGURES.registries) <= {registry.name for registry in known_registries()}
    assert FIGURES.of("EMSCI").sum() == (FIGURES.registry == home).sum()
    assert not FIGURES.of("nobody").any()


def test_chance_of_a_mean_falls_with_its_patients_and_its_structure_has_the_scale_of_its_measure():
    means = FIGURES.kind[: len(FIGURES.targets)] == SCORE
    for place in np.flatnonzero(means)[::20]:
        target = FIGURES.targets[place]
        sd = target.sd if np.isfinite(target.sd) else 10.0
        assert FIGURES.error[place] == pytest.approx(sd / np.sqrt(number_behind(target)))
        assert FIGURES.missing[place] == missing_scale(target)
    assert not FIGURES.missing[FIGURES.kind != SCORE].any()
    assert not FIGURES.error[FIGURES.is_share].any()
    assert (np.hypot(FIGURES.error, FIGURES.missing)[~FIGURES.is_share] > 0).all()


def test_a_spread_that_is_not_printed_is_taken_from_simulated_people_and_kept():
    without = {each.target_id for each in FIGURES.targets if each.measure != PROPORTION and not np.isfinite(each.sd)}
    assert set(FIGURES.unprinted_spreads) == without
    again = figures_of(TARGETS, FIGURES.unprinted_spreads, 3)
    np.testing.assert_array_equal(again.error, FIGURES.error)


def test_a_prediction_that_hits_leaves_no_distance():
    value = np.array([target.value for target in FIGURES.targets])
    sd = np.array([target.sd for target in FIGURES.targets])
    people = np.full(len(value), 1e6)
    found = on_fitted_scale(Prediction(value, sd, people, value), FIGURES, registry_case_mix(TARGETS), np.zeros(3))
    assert len(found) == len(FIGURES)
    found[FIGURES.is_share] = expit(found[FIGURES.is_share])
    in_reach = ~FIGURES.is_share | ((FIGURES.value > 0.002) & (FIGURES.value < 0.998))
    np.testing.assert_allclose(found[in_reach], FIGURES.value[in_reach], atol=1e-6)


def test_a_share_that_no_simulated_patient_shows_has_finite_log_odds():
    value = np.array([0.0 if target.measure == PROPORTION else target.value for target in FIGURES.targets])
    for people in (0.0, 3.0, 1e9):
        prediction = Prediction(value, value, np.full(len(value), people), value)
        assert np.isfinite(on_fitted_scale(prediction, FIGURES, registry_case_mix(TARGETS), np.zeros(3))).all()


def test_registries_of_one_family_go_together_in_part():
    found = family_correlation(("EMSCI", "Marino1999", "Lee2016", "Somebody 2031"), 0.4)
    np.testing.assert_allclose(found, [[1, 0, 0, 0], [0, 1, 0.4, 0], [0, 0.4, 1, 0], [0, 0, 0, 1]], atol=1e-12)
    np.linalg.cholesky(found)


def test_the_registrys_case_mix_is_that_of_its_tables():
    mix = registry_case_mix(TARGETS)
    np.testing.assert_allclose(mix.grades, [0.395, 0.12, 0.189, 0.295], atol=1e-9)
    np.testing.assert_allclose(mix.levels, [0.53, 0.357, 0.113], atol=1e-9)
    assert mix.tetraplegia.sum() == pytest.approx(1.0)


FEW = tuple(target for target in TARGETS if target.measure == "ais" and "EMSCI" not in target.source)[:6]


@pytest.fixture(scope="module")
def simulator():
    home = [target for target in TARGETS if target.measure == "lems" and "EMSCI" in target.source]
    return simulator_of((*home[:20], *FEW), Streams(5), count=300, counterfactual=without_cells(), start=prior_centre())


def test_the_same_seed_gives_the_same_figures_and_a_place_moves_its_registry_alone(simulator):
    figures, nowhere = simulator.figures, np.zeros((len(simulator.figures.registries), len(directions())))
    common = to_working_scale(prior_centre(), searched_rows())
    here = simulator.at(Point(common, nowhere))
    np.testing.assert_array_equal(simulator.at(Point(common, nowhere)), here)
    moved = nowhere.copy()
    moved[-1] = [2 * each.spread for each in directions()]
    there = simulator.at(Point(common, moved))
    own = figures.registry == len(figures.registries) - 1
    assert (there != here)[own].any()
    np.testing.assert_array_equal(there[~own], here[~own])


def test_slopes_are_those_of_wide_steps_to_either_side(simulator):
    common = to_working_scale(prior_centre(), searched_rows())
    nowhere = np.zeros((len(simulator.figures.registries), len(directions())))
    slopes = simulator.slopes(Point(common, nowhere))
    place = [row.name for row in searched_rows()].index("severe_share")
    step = np.zeros(len(common))
    step[place] = 0.3 * searched_rows()[place].prior_sd
    up, down = (simulator.at(Point(common + sign * step, nowhere)) for sign in (1, -1))
    np.testing.assert_allclose(slopes[:, place], (up - down) / (2 * step[place]))
    assert np.abs(slopes[:, place]).max() > 0
