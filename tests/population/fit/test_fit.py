import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.evidence import packaged_targets
from cordwise.patient.counterfactual import without_cells
from cordwise.patient.parameters import free_rows, prior_centre, to_working_scale
from cordwise.population.fit.calibrate import Problem, Settings, search, search_tag
from cordwise.population.fit.laplace import VISITS_PER_STRATUM, draw_ensemble
from cordwise.population.fit.least_squares import iterate, start_fit
from cordwise.population.fit.misfit import Misfit, build_misfit, mean_residuals, registry_case_mix
from cordwise.population.posterior import load_posterior, posterior_text
from cordwise.population.prediction import Prediction

TARGETS = tuple(packaged_targets())


class StraightMisfit(Misfit):
    """A misfit that is linear in two parameters, so that the posterior is known."""

    def __init__(self, slopes, observed):
        object.__setattr__(self, "slopes", slopes)
        object.__setattr__(self, "observed", observed)

    def residuals(self, parameters):
        point = np.array([parameters.scim_intercept, parameters.wisci_intercept])
        return self.slopes @ point - self.observed


@pytest.fixture
def straight():
    rows = tuple(row for row in free_rows("function") if row.name in {"scim_intercept", "wisci_intercept"})
    slopes = np.array([[2.0, 0.5], [0.3, 1.5], [1.0, -1.0]])
    return Problem(rows, prior_centre(), StraightMisfit(slopes, np.array([-5.0, -4.0, 1.0])))


def test_the_search_climbs_over_the_steps_of_whole_grades():
    def stepwise(point):
        return np.round(10 * (point - np.array([0.7, -1.2]))) / 2

    fit = start_fit(stepwise, np.zeros(2))
    for _ in range(12):
        fit = iterate(stepwise, fit, np.ones(2))
    np.testing.assert_allclose(fit.point, [0.7, -1.2], atol=0.1)


def test_the_search_of_a_straight_problem_ends_at_the_posterior_mode(straight):
    prior = to_working_scale(prior_centre(), straight.rows)
    precision = straight.misfit.slopes.T @ straight.misfit.slopes + np.diag(straight.scale**-2)
    mode = np.linalg.solve(precision, straight.misfit.slopes.T @ straight.misfit.observed + straight.scale**-2 * prior)
    np.testing.assert_allclose(search(straight, 30).point, mode, atol=1e-3)


def test_a_search_goes_on_where_it_was_cut_off(straight, tmp_path):
    kept = tmp_path / "search.json"
    first = search(straight, 1, checkpoint=kept, tag="one")
    again = search(straight, 1, checkpoint=kept, tag="one")
    assert again.cost < first.cost
    assert search(straight, 1, checkpoint=kept, tag="another").cost == pytest.approx(first.cost)


def test_the_ensemble_of_a_straight_problem_has_the_known_mean_and_spread(straight):
    best = search(straight, 30).point
    found = draw_ensemble(straight, best, Streams(3)("ensemble"), count=2000, proposals=4000)
    slopes = straight.misfit.slopes / np.sqrt(VISITS_PER_STRATUM)
    covariance = np.linalg.inv(slopes.T @ slopes + np.diag(straight.scale**-2))
    # The mode weighs the data in full and the ensemble a fifth of it, so the draws are pulled a little to the prior.
    prior = to_working_scale(prior_centre(), straight.rows)
    pulled = covariance @ (
        slopes.T @ straight.misfit.observed / np.sqrt(VISITS_PER_STRATUM) + straight.scale**-2 * prior
    )
    error = 4 * np.sqrt(np.diag(covariance) / 500)
    assert (np.abs(found.points.mean(axis=0) - pulled) < error + np.abs(best - pulled)).all()
    np.testing.assert_allclose(np.cov(found.points.T), covariance, atol=0.2 * np.diag(covariance).max())


def test_a_prediction_that_hits_leaves_no_residual():
    values = np.array([target.value for target in TARGETS])
    hit = Prediction(values, np.ones(len(TARGETS)), np.ones(len(TARGETS)), values)
    np.testing.assert_array_equal(mean_residuals(TARGETS, hit), 0)


def test_a_shared_offset_of_another_registry_counts_less_than_a_wrong_change():
    sygen = [target for target in TARGETS if "Sygen" in target.source and target.measure == "uems"]
    values = np.array([target.value for target in sygen])
    ones = np.ones(len(sygen))
    is_last = np.array([target.followup_day == 28 for target in sygen])
    shared = mean_residuals(sygen, Prediction(values + 2, 12 * ones, ones, values))
    changed = mean_residuals(sygen, Prediction(values + 2 * is_last - 2 * ~is_last, 12 * ones, ones, values))
    assert shared @ shared < 0.75 * changed @ changed


def test_the_registrys_case_mix_is_that_of_its_tables():
    mix = registry_case_mix(TARGETS)
    np.testing.assert_allclose(mix.grades, [0.395, 0.12, 0.189, 0.295], atol=1e-9)
    np.testing.assert_allclose(mix.levels, [0.53, 0.357, 0.113], atol=1e-9)
    assert mix.tetraplegia.sum() == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_residuals():
    few = [target for target in TARGETS if target.measure == "ais"]
    best = load_posterior().best
    one, two = (
        build_misfit(few, Streams(5), count=300, counterfactual=without_cells()).residuals(best) for _ in range(2)
    )
    np.testing.assert_array_equal(one, two)


def test_the_log_names_the_targets_it_was_fitted_to():
    log = load_posterior().log
    from cordwise.population.fit.calibrate import targets_sha256

    assert log["targets_sha256"] == targets_sha256(TARGETS)
    assert log["search_sha256"] == search_tag(TARGETS, Settings(**log["settings"]))


def test_the_ensemble_that_ships_carries_spread_where_registries_are_blind():
    posterior = load_posterior()
    assert len(posterior.draws) >= 100
    text = posterior_text(posterior.best, posterior.draws)
    assert text.count("\n") == len(posterior.draws) + 2
    spread = np.std([np.log(draw.block_days_spread) for draw in posterior.draws])
    assert 0.03 < spread < 0.6


def test_more_is_missed_elsewhere_than_at_home_except_in_changes():
    posterior = load_posterior()
    for measure in {target.measure for target in TARGETS}:
        assert posterior.discrepancy(measure, "elsewhere") >= posterior.discrepancy(measure)
    assert posterior.discrepancy("uems", "elsewhere") > posterior.discrepancy("uems", "matched")
    assert posterior.discrepancy("uems_change", "elsewhere") == posterior.discrepancy("uems")
