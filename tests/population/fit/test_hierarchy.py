"""The hierarchy of registries on a small straight model, beside dense formulas written anew."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import chi2, halfnorm, multivariate_normal, norm

from cordwise.patient.parameters import free_rows, prior_centre, to_working_scale
from cordwise.population.fit.hierarchy import Hierarchy, Scales, hierarchy_setting
from cordwise.population.fit.scales import find_mode, sample_scales
from cordwise.population.fit.simulated_figures import Point, searched_rows
from cordwise.population.registries import directions, moves
from small_hierarchy import ROWS, small_linearised, small_scales

NEAR, SCALES = small_linearised(), small_scales()
MODEL = Hierarchy(NEAR)
FREE, DIRECTIONS, REGISTRIES = len(free_rows()), len(directions()), len(NEAR.figures.registries)
PRIOR_SD = np.array([row.prior_sd for row in free_rows()])
ETA = NEAR.at_point
EFFECTS_FIRST = FREE
GRADE_FIRST = FREE + REGISTRIES * DIRECTIONS
TINY = 1e-6


def dense(near=NEAR, scales=SCALES):
    """Return the design of all latent numbers, their prior covariance, and that of the noise, entry by entry.

    Latent numbers are the common parameters off their centre, then registry by registry its place, then one for each
    grade of each registry; what the structure misses in means is part of the noise.
    """
    figures, total = near.figures, len(near.figures)
    cells = sorted({(figures.registry[k], figures.grade[k]) for k in range(total) if figures.kind[k] == "share"})
    design = np.zeros((total, GRADE_FIRST + len(cells)))
    own = near.slopes @ moves(searched_rows())
    for k in range(total):
        design[k, :FREE] = near.slopes[k, :FREE]
        registry = figures.registry[k]
        if registry >= 0:
            first = EFFECTS_FIRST + registry * DIRECTIONS
            design[k, first : first + DIRECTIONS] = own[k]
        if figures.kind[k] == "share":
            design[k, GRADE_FIRST + cells.index((registry, figures.grade[k]))] = 1
    prior = np.zeros((design.shape[1],) * 2)
    prior[:FREE, :FREE] = np.diag(PRIOR_SD**2)
    family = [0, 1, 1]
    for a in range(REGISTRIES):
        for b in range(REGISTRIES):
            alike = 1.0 if a == b else hierarchy_setting("family_correlation") * (family[a] == family[b])
            for d in range(DIRECTIONS):
                prior[EFFECTS_FIRST + a * DIRECTIONS + d, EFFECTS_FIRST + b * DIRECTIONS + d] = (
                    alike * scales.between[d] ** 2
                )
    prior[GRADE_FIRST:, GRADE_FIRST:] = scales.grade**2 * np.eye(len(cells))
    lasting, noise = hierarchy_setting("discrepancy_correlation"), np.zeros((total, total))
    for a in range(total):
        for b in range(total):
            if figures.stratum[a] == figures.stratum[b]:
                share = 1.0 if a == b else lasting
                noise[a, b] = share * scales.missing**2 * figures.missing[a] * figures.missing[b]
    return design, prior, noise


def observed(near=NEAR, scales=SCALES, eta=ETA):
    """Return the figures on the fitted scale around `eta`, and their sampling variances."""
    figures, seen, variance = near.figures, np.zeros(len(eta)), np.zeros(len(eta))
    for k, kind in enumerate(figures.kind):
        if kind != "share":
            seen[k], variance[k] = figures.value[k], figures.error[k] ** 2
            continue
        weight = hierarchy_setting("emsci_conversions_weight") if figures.registry[k] == 0 else 1.0
        p, n = expit(eta[k]), weight * figures.n[k]
        seen[k] = eta[k] + (figures.value[k] - p) / (p * (1 - p))
        variance[k] = (1 + (n - 1) * scales.dispersion) / (n * p * (1 - p))
    return seen, variance


def centre(near=NEAR):
    """Return the figures where all latent numbers are 0."""
    design, _, _ = dense(near)
    away = near.point.common[:FREE] - to_working_scale(prior_centre(), free_rows())
    latent = np.concatenate([away, near.point.effects.ravel()])
    return near.at_point - design[:, :GRADE_FIRST] @ latent


def posterior_of_latents(near=NEAR, scales=SCALES, eta=ETA):
    """Return mean and covariance of the latent numbers given the figures, by the dense formulas."""
    design, prior, noise = dense(near, scales)
    seen, variance = observed(near, scales, eta)
    total = design @ prior @ design.T + noise + np.diag(variance + TINY)
    gain = prior @ design.T @ np.linalg.inv(total)
    return gain @ (seen - centre(near)), prior - gain @ design @ prior


def test_the_log_posterior_of_the_scales_is_a_normal_density_and_the_priors():
    def plain(logs):
        scales = Scales.of(logs)
        design, prior, noise = dense(scales=scales)
        seen, variance = observed(scales=scales)
        total = design @ prior @ design.T + noise + np.diag(variance + TINY)
        density = multivariate_normal.logpdf(seen, centre(), total)
        spread = [each.spread for each in directions()]
        density += halfnorm.logpdf(scales.between, scale=spread).sum() + np.log(scales.between).sum()
        density += halfnorm.logpdf(scales.grade, scale=hierarchy_setting("grade_spread")) + np.log(scales.grade)
        density += norm.logpdf(np.log(scales.missing), scale=hierarchy_setting("discrepancy_log_sd"))
        dispersion = hierarchy_setting("dispersion_scale")
        return density + halfnorm.logpdf(scales.dispersion, scale=dispersion) + np.log(scales.dispersion)

    places = [small_scales(seed).logs for seed in range(4)]
    places.append(places[0] + np.linspace(-1, 1, len(places[0])))
    apart = [MODEL.log_posterior(logs, ETA) - plain(logs) for logs in places]
    np.testing.assert_allclose(apart, apart[0], atol=1e-7)  # the same but for a constant


def test_the_gradient_of_a_descent_is_that_of_numerical_differences():
    logs, step = SCALES.logs, 1e-5
    value, gradient = MODEL.descent(logs, ETA)
    assert value == pytest.approx(-MODEL.log_posterior(logs, ETA))
    numerical = [
        (MODEL.descent(logs + move, ETA)[0] - MODEL.descent(logs - move, ETA)[0]) / (2 * step)
        for move in step * np.eye(len(logs))
    ]
    np.testing.assert_allclose(gradient, numerical, rtol=1e-5, atol=1e-6)


def test_the_mean_is_the_generalised_least_squares_solution():
    mean, _ = posterior_of_latents()
    found = MODEL.mean(SCALES, ETA)
    np.testing.assert_allclose(found.common - MODEL.prior_mean, mean[:FREE], atol=1e-9)
    np.testing.assert_allclose(found.effects.ravel(), mean[EFFECTS_FIRST:GRADE_FIRST], atol=1e-9)
    np.testing.assert_allclose(found.eta, centre() + dense()[0] @ mean, atol=1e-9)


def test_draws_have_the_mean_and_covariance_of_the_posterior():
    mean, covariance = posterior_of_latents()
    random, count = np.random.default_rng(1), 6000
    places = [MODEL.draw(SCALES, ETA, random) for _ in range(count)]
    latent = np.array([np.concatenate([each.common - MODEL.prior_mean, each.effects.ravel()]) for each in places])
    sd = np.sqrt(np.diag(covariance)[:GRADE_FIRST])
    assert (np.abs(latent.mean(axis=0) - mean[:GRADE_FIRST]) < 4.5 * sd / np.sqrt(count)).all()
    correlation = covariance[:GRADE_FIRST, :GRADE_FIRST] / np.outer(sd, sd)
    found = np.cov(latent.T) / np.outer(sd, sd)
    # The standard error of an entry of a sample covariance, in units of the two SDs.
    error = np.sqrt((1 + correlation**2) / count)
    assert np.abs((found - correlation) / error).max() < 5.5


def test_without_figures_draws_are_those_of_the_prior():
    # Figures of hardly any patients say nothing.
    silent = replace(NEAR.figures, n=np.full(len(ROWS), 1e-9), error=np.full(len(ROWS), 1e6))
    model = Hierarchy(replace(NEAR, figures=silent))
    random, count = np.random.default_rng(2), 4000
    places = [model.draw(SCALES, ETA, random) for _ in range(count)]
    common, effects = (np.array([getattr(each, name) for each in places]) for name in ("common", "effects"))
    assert (np.abs(common.mean(axis=0) - model.prior_mean) < 4.5 * PRIOR_SD / np.sqrt(count)).all()
    np.testing.assert_allclose(common.std(axis=0), PRIOR_SD, rtol=4.5 / np.sqrt(2 * count))
    np.testing.assert_allclose(
        effects.std(axis=0), np.tile(SCALES.between, (REGISTRIES, 1)), rtol=4.5 / np.sqrt(2 * count)
    )
    together = [np.corrcoef(effects[:, 1, k], effects[:, 2, k])[0, 1] for k in range(DIRECTIONS)]
    assert np.mean(together) == pytest.approx(hierarchy_setting("family_correlation"), abs=0.03)
    apart = [np.corrcoef(effects[:, 0, k], effects[:, 1, k])[0, 1] for k in range(DIRECTIONS)]
    assert np.mean(apart) == pytest.approx(0, abs=0.03)


def test_the_point_of_least_cost_is_the_mean():
    rest = NEAR.point.common[FREE:]

    def point_of(numbers):
        return Point(np.concatenate([numbers[:FREE], rest]), numbers[FREE:].reshape(REGISTRIES, DIRECTIONS))

    def cost(numbers):
        point = point_of(numbers)
        return MODEL.cost(point, MODEL.figures_at(point.common[:FREE], point.effects), SCALES, ETA)

    scale = np.concatenate([PRIOR_SD, np.tile(SCALES.between, REGISTRIES)])
    mean = MODEL.mean(SCALES, ETA)
    best = np.concatenate([mean.common, mean.effects.ravel()])
    # The cost is a parabola, so that its gradient at the mean tells whether its least value lies there.
    step = 1e-3
    gradient = [(cost(best + move) - cost(best - move)) / (2 * step) for move in step * np.diag(scale)]
    assert np.abs(gradient).max() < 1e-6
    start = best + scale * np.random.default_rng(3).normal(size=len(best))
    found = minimize(lambda shift: cost(start + scale * shift), np.zeros(len(best)), method="L-BFGS-B")
    np.testing.assert_allclose((start + scale * found.x - best) / scale, 0, atol=0.02)


def test_figures_at_the_point_are_those_that_were_simulated_there():
    found = MODEL.figures_at(NEAR.point.common[:FREE], NEAR.point.effects)
    np.testing.assert_allclose(found, NEAR.at_point)


def test_a_registry_that_is_left_out_leaves_its_number_to_no_other():
    rest = NEAR.without("Marino1999")
    assert set(rest.figures.registry) == {-1, 0, 2}
    np.testing.assert_array_equal(rest.slopes, NEAR.slopes[NEAR.figures.registry != 1])
    assert Hierarchy(rest).mean(SCALES, rest.at_point).effects.shape == (REGISTRIES, DIRECTIONS)


def test_the_working_response_of_a_share_that_the_model_expects_is_itself():
    expected = expit(ETA)
    figures = replace(NEAR.figures, value=np.where(NEAR.figures.is_share, expected, NEAR.figures.value))
    found, variance = Hierarchy(replace(NEAR, figures=figures)).working(ETA, 0.0)
    share = figures.is_share
    np.testing.assert_allclose(found[share], ETA[share])
    n = figures.n[share] * np.where(figures.registry[share] == 0, hierarchy_setting("emsci_conversions_weight"), 1)
    np.testing.assert_allclose(variance[share], 1 / (n * expected[share] * (1 - expected[share])))


def test_a_share_of_nobody_or_of_all_has_a_finite_response():
    for value in (0.0, 1.0):
        figures = replace(NEAR.figures, value=np.where(NEAR.figures.is_share, value, NEAR.figures.value))
        model = Hierarchy(replace(NEAR, figures=figures))
        mode = find_mode(model, outer=2)
        assert np.isfinite(mode.place.common).all()
        assert np.isfinite(mode.scales.logs).all()


def test_the_mode_of_the_scales_is_no_worse_than_any_near_it():
    mode = find_mode(MODEL, outer=6, steps=200)
    best = MODEL.log_posterior(mode.scales.logs, mode.eta)
    random = np.random.default_rng(4)
    for _ in range(30):
        logs = mode.scales.logs + 0.2 * random.standard_normal(len(mode.scales.logs))
        assert MODEL.log_posterior(logs, mode.eta) < best + 1e-3


def test_sampled_scales_of_figures_that_say_nothing_are_those_of_their_priors():
    silent = replace(NEAR.figures, n=np.full(len(ROWS), 1e-9), error=np.full(len(ROWS), 1e6))
    model = Hierarchy(replace(NEAR, figures=silent))
    mode = find_mode(model)
    found = sample_scales(model, mode, np.random.default_rng(5), count=250, thin=60)
    assert len(found) == 250
    between = np.array([each.between for each in found]) / model.spread
    # 250 draws of each direction follow half-normal priors; neighbours in the chain are nearly independent.
    assert np.mean(between) == pytest.approx(halfnorm.mean(), abs=0.08)
    assert np.mean([each.grade for each in found]) == pytest.approx(
        hierarchy_setting("grade_spread") * halfnorm.mean(), rel=0.35
    )
    assert np.std([np.log(each.missing) for each in found]) == pytest.approx(
        hierarchy_setting("discrepancy_log_sd"), rel=0.35
    )


@dataclass(frozen=True)
class SeenOnTheFittedScale(Hierarchy):
    """A hierarchy whose shares are observed as log odds with a known error, where it is exactly straight."""

    seen: np.ndarray = None
    variance: np.ndarray = None

    def working(self, eta, dispersion):
        return self.seen, self.variance


def test_ranks_of_drawn_truths_among_draws_of_the_posterior_are_even():
    random, draws, rounds, bins = np.random.default_rng(6), 19, 240, 5
    _, variance = MODEL.working(ETA, SCALES.dispersion)
    alike, ranks = np.linalg.cholesky(MODEL.alike), []
    for _ in range(rounds):
        effects = alike @ random.standard_normal((REGISTRIES, DIRECTIONS)) * SCALES.between
        common = MODEL.prior_mean + PRIOR_SD * random.standard_normal(FREE)
        eta = MODEL.figures_at(common, effects) + MODEL.missed(SCALES, random)
        seen = eta + np.sqrt(variance + TINY) * random.standard_normal(len(eta))
        model = SeenOnTheFittedScale(NEAR, seen=seen, variance=variance)
        found = [model.draw(SCALES, ETA, random) for _ in range(draws)]
        truth = np.concatenate([common[:4], effects[:, :3].ravel()])
        drawn = np.array([np.concatenate([each.common[:4], each.effects[:, :3].ravel()]) for each in found])
        ranks.append((drawn < truth).sum(axis=0))
    for column in np.array(ranks).T:
        counts = np.bincount(column * bins // (draws + 1), minlength=bins)
        statistic = ((counts - rounds / bins) ** 2 / (rounds / bins)).sum()
        assert statistic < chi2.isf(1e-4, bins - 1)
