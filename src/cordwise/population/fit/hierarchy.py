"""Registries as random effects: the posterior of what they have in common, and of each one's own place.

On the scale on which figures are compared, around a point where slopes are known,

    eta = eta0 + G (theta - theta0) + D b_r + u_rg + delta,

with `theta` the common parameters under the priors of their table, `b_r` the place of registry r on a few directions,
`u_rg` what a registry's grade converts beyond that (shares), and `delta` what the structure misses in the means of a
stratum, mostly alike at all its visits. Their SDs have half-normal priors. Counts are over-dispersed binomial and enter
by the working response of logistic regression. Everything but the scales is normal, so that a draw of the posterior is
a draw of the prior corrected by what it misses (Matheron's rule).
"""

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.special import expit

from cordwise.patient.parameters import free_rows, prior_centre, to_working_scale
from cordwise.population.fit.figures import Figures, family_correlation
from cordwise.population.fit.simulated_figures import Point, searched_rows
from cordwise.population.observation import table
from cordwise.population.registries import directions, moves

_TINY = 1e-6
_SHARE_LIMITS = (0.004, 0.996)  # of the working response, whose weight fades to nothing at 0 and 1
_LONGEST_RESPONSE = 4.0  # logits
_INNER = 3
GRADES = "ABCDE"
_HALF = 0.5
# Of the search through the scales: how many move at a time, by how much at first and at most, what share of the moves
# is wanted to be taken, and how fast steps are adapted to that; priors leave next to nothing beyond the limits.


def hierarchy_setting(name: str) -> float:
    """Return a number of `hierarchy_settings.csv`."""
    return hierarchy_table()[name]


@cache
def hierarchy_table() -> dict[str, float]:
    """Return the numbers of `hierarchy_settings.csv`."""
    return {row["name"]: float(row["value"]) for row in table("hierarchy_settings")}


@dataclass(frozen=True, slots=True)
class Scales:
    """How far registries lie apart, and what the structure misses.

    Attributes
    ----------
    between
        SD between registries along each direction, on the scale of its parameters.
    grade
        SD, in logits, of what a registry's grade converts beyond that.
    missing
        Factor on the scale of what the structure misses in means.
    dispersion
        Intraclass correlation of the patients behind a share.
    """

    between: Float[ndarray, " direction"]
    grade: float
    missing: float
    dispersion: float

    @classmethod
    def of(cls, logs: Float[ndarray, " scale"]) -> "Scales":
        """Return the scales whose logarithms are given."""
        values = np.exp(logs)
        return cls(values[:-3], float(values[-3]), float(values[-2]), float(values[-1]))

    @property
    def logs(self) -> Float[ndarray, " scale"]:
        """Return their logarithms."""
        return np.log(np.concatenate([self.between, [self.grade, self.missing, self.dispersion]]))


@dataclass(frozen=True, slots=True)
class Linearised:
    """Figures near a point: their values there and their slopes along each parameter of `searched_rows`."""

    figures: Figures
    point: Point
    at_point: Float[ndarray, " figure"]
    slopes: Float[ndarray, "figure parameter"]

    def without(self, registry: str) -> "Linearised":
        """Return the same without the figures of a registry."""
        return self.only(~self.figures.of(registry))

    def only(self, kept: ndarray) -> "Linearised":
        """Return some of the figures; their registries keep their numbers."""
        names = ("kind", "registry", "grade", "grade_names", "better", "stratum", "value", "n", "error", "missing")
        chosen = {name: getattr(self.figures, name)[kept] for name in names}
        return replace(
            self, figures=replace(self.figures, **chosen), at_point=self.at_point[kept], slopes=self.slopes[kept]
        )


@dataclass(frozen=True)
class Hierarchy:
    """The model around one point; `spread_factor` multiplies the prior scales of the SDs between registries."""

    near: Linearised
    spread_factor: float = 1.0

    @cached_property
    def spread(self) -> Float[ndarray, " direction"]:
        """Prior scales of the SDs between registries."""
        return self.spread_factor * np.array([direction.spread for direction in directions()])

    @cached_property
    def prior_sd(self) -> Float[ndarray, " free"]:
        """Prior SDs of the common parameters."""
        return np.array([row.prior_sd for row in free_rows()])

    @cached_property
    def prior_mean(self) -> Float[ndarray, " free"]:
        """Prior centre of the common parameters."""
        return to_working_scale(prior_centre(), free_rows())

    @cached_property
    def common(self) -> Float[ndarray, "figure free"]:
        """Slopes along the common parameters."""
        return self.near.slopes[:, : len(self.prior_sd)]

    @cached_property
    def own(self) -> Float[ndarray, "figure direction"]:
        """Slopes along the directions in which registries differ; none for studies without a registry."""
        has = (self.near.figures.registry >= 0)[:, None]
        return has * (self.near.slopes @ moves(searched_rows()))

    @cached_property
    def centre(self) -> Float[ndarray, " figure"]:
        """Figures at the prior centre, every registry at the mean."""
        point, registry = self.near.point, self.near.figures.registry
        placed = np.where((registry >= 0)[:, None], point.effects[registry], 0.0)
        away = point.common[: len(self.prior_mean)] - self.prior_mean
        return self.near.at_point - self.common @ away - (self.own * placed).sum(axis=1)

    def figures_at(
        self, common: Float[ndarray, " free"], effects: Float[ndarray, "registry direction"]
    ) -> Float[ndarray, " figure"]:
        """Return the figures of common parameters (on their working scale) and registries' places."""
        registry = self.near.figures.registry
        placed = np.where((registry >= 0)[:, None], effects[registry], 0.0)
        return self.centre + self.common @ (common - self.prior_mean) + (self.own * placed).sum(axis=1)

    @cached_property
    def alike(self) -> Float[ndarray, "registry registry"]:
        """How far the places of registries go together."""
        return family_correlation(self.near.figures.registries, hierarchy_setting("family_correlation"))

    @cached_property
    def between_registries(self) -> Float[ndarray, "figure figure"]:
        """How far the places of the figures' registries go together."""
        registry = self.near.figures.registry
        return self.alike[registry][:, registry] * np.outer(registry >= 0, registry >= 0)

    @cached_property
    def same_grade(self) -> Float[ndarray, "figure figure"]:
        """Which shares are of the same grade in the same registry, and whether they move together or apart."""
        found = self.near.figures
        both = (found.registry[:, None] == found.registry) & (self.letter[:, None] == self.letter)
        return both * np.outer(self.near.figures.better, self.near.figures.better)

    @cached_property
    def missed_together(self) -> Float[ndarray, "figure figure"]:
        """Covariance of what the structure misses, at a factor of 1: mostly alike at all visits of a stratum."""
        found, lasting = self.near.figures, hierarchy_setting("discrepancy_correlation")
        same = (found.stratum[:, None] == found.stratum).astype(float)
        return np.outer(found.missing, found.missing) * (lasting * same + (1 - lasting) * np.eye(len(found)))

    @cached_property
    def common_covariance(self) -> Float[ndarray, "figure figure"]:
        """Prior covariance of the figures that the common parameters make."""
        scaled = self.common * self.prior_sd
        return scaled @ scaled.T

    def working(
        self, eta: Float[ndarray, " figure"], dispersion: float
    ) -> tuple[Float[ndarray, " figure"], Float[ndarray, " figure"]]:
        """Return the observed figures on the fitted scale, around `eta`, and their sampling variances."""
        found = self.near.figures
        p = np.clip(expit(np.where(found.is_share, eta, 0.0)), *_SHARE_LIMITS)
        n = found.n * self.weights
        response = np.clip((found.value - p) / (p * (1 - p)), -_LONGEST_RESPONSE, _LONGEST_RESPONSE)
        variance = (1 + (n - 1) * dispersion) / (n * p * (1 - p))
        return np.where(found.is_share, eta + response, found.value), np.where(found.is_share, variance, found.error**2)

    @cached_property
    def weights(self) -> Float[ndarray, " figure"]:
        """Share of the patients behind a share that no other table counts again: EMSCI printed some twice."""
        found = self.near.figures
        return np.where(found.is_share & found.of("EMSCI"), hierarchy_setting("emsci_conversions_weight"), 1.0)

    def covariance(self, scales: Scales, sampling: Float[ndarray, " figure"]) -> Float[ndarray, "figure figure"]:
        """Return the covariance of the figures."""
        scaled = self.own * scales.between
        found = self.common_covariance + (scaled @ scaled.T) * self.between_registries
        found += scales.grade**2 * self.same_grade + scales.missing**2 * self.missed_together
        found[np.diag_indices_from(found)] += sampling + _TINY
        return found

    def log_posterior(self, logs: Float[ndarray, " scale"], eta: Float[ndarray, " figure"]) -> float:
        """Return the log posterior density of the logarithms of the scales, up to a constant."""
        scales = Scales.of(logs)
        observed, sampling = self.working(eta, scales.dispersion)
        lower = cholesky(self.covariance(scales, sampling), lower=True, check_finite=False)
        missed = solve_triangular(lower, observed - self.centre, lower=True, check_finite=False)
        return float(-_HALF * missed @ missed - np.log(np.diag(lower)).sum() + self._log_prior(logs))

    def descent(
        self, logs: Float[ndarray, " scale"], eta: Float[ndarray, " figure"]
    ) -> tuple[float, Float[ndarray, " scale"]]:
        """Return minus the log posterior density of the logarithms of the scales, and its gradient."""
        scales = Scales.of(logs)
        observed, sampling = self.working(eta, scales.dispersion)
        lower = cholesky(self.covariance(scales, sampling), lower=True, check_finite=False)
        inverse = cho_solve((lower, True), np.eye(len(sampling)), check_finite=False)
        pull = inverse @ (observed - self.centre)
        # d log density / d covariance; the product with a part of the covariance gives the slope along its scale.
        steep = _HALF * (np.outer(pull, pull) - inverse)
        scaled, together = self.own * scales.between, steep * self.between_registries
        found, sampled = self.near.figures, np.diag(steep)
        p = np.clip(expit(np.where(found.is_share, eta, 0.0)), *_SHARE_LIMITS)
        n = found.n * self.weights
        dispersed = np.where(found.is_share, (n - 1) * scales.dispersion / (n * p * (1 - p)), 0.0)
        half_normal = np.append(self.spread, hierarchy_setting("grade_spread"))
        slopes = np.concatenate(
            [
                2 * np.einsum("ik,ik->k", scaled, together @ scaled),
                [2 * scales.grade**2 * (steep * self.same_grade).sum()],
                [2 * scales.missing**2 * (steep * self.missed_together).sum()],
                [sampled @ dispersed],
            ]
        )
        slopes[:-2] += 1 - (np.exp(logs[:-2]) / half_normal) ** 2
        slopes[-2] -= logs[-2] / hierarchy_setting("discrepancy_log_sd") ** 2
        slopes[-1] += 1 - (scales.dispersion / hierarchy_setting("dispersion_scale")) ** 2
        density = -_HALF * pull @ (observed - self.centre) - np.log(np.diag(lower)).sum() + self._log_prior(logs)
        return -float(density), -slopes

    def _log_prior(self, logs: Float[ndarray, " scale"]) -> float:
        """Return the log prior density of the logarithms of the scales, up to a constant."""
        half_normal = np.append(self.spread, hierarchy_setting("grade_spread"))
        prior = -_HALF * np.sum((np.exp(logs[:-2]) / half_normal) ** 2) + logs[:-2].sum()
        prior += -_HALF * (logs[-2] / hierarchy_setting("discrepancy_log_sd")) ** 2
        return float(prior - _HALF * (np.exp(logs[-1]) / hierarchy_setting("dispersion_scale")) ** 2 + logs[-1])

    def cost(
        self, point: Point, values: Float[ndarray, " figure"], scales: Scales, eta: Float[ndarray, " figure"]
    ) -> float:
        """Return minus twice the log posterior density of a point whose simulated figures are `values`, given scales.

        What the scales alone decide is left out: the cost compares points, not scales.
        """
        observed, sampling = self.working(eta, scales.dispersion)
        apart = scales.grade**2 * self.same_grade + scales.missing**2 * self.missed_together
        apart[np.diag_indices_from(apart)] += sampling + _TINY
        missed = observed - values
        away = (point.common[: len(self.prior_mean)] - self.prior_mean) / self.prior_sd
        placed = point.effects / scales.between
        pull = float((placed * np.linalg.solve(self.alike, placed)).sum())
        return float(missed @ np.linalg.solve(apart, missed) + away @ away + pull)

    def first_guess(self) -> Scales:
        """Return scales from which a search can start: half the scales of the priors."""
        return Scales(
            _HALF * self.spread,
            _HALF * hierarchy_setting("grade_spread"),
            1.0,
            _HALF * hierarchy_setting("dispersion_scale"),
        )

    def mean(self, scales: Scales, eta: Float[ndarray, " figure"]) -> "Place":
        """Return the posterior mean given the scales."""
        observed, sampling = self.working(eta, scales.dispersion)
        lower = cholesky(self.covariance(scales, sampling), lower=True, check_finite=False)
        pull = cho_solve((lower, True), observed - self.centre, check_finite=False)
        nowhere, nothing = np.zeros_like(self.near.point.effects), np.zeros((len(self.near.point.effects), len(GRADES)))
        return self._moved(np.zeros(len(self.prior_sd)), nowhere, nothing, scales, pull)

    def settled(self, scales: Scales, eta: Float[ndarray, " figure"]) -> tuple["Place", Float[ndarray, " figure"]]:
        """Return the posterior mean, and the shares about which the working response is taken, once they agree."""
        for _ in range(_INNER):
            found = self.mean(scales, eta)
            eta = _HALF * (eta + found.eta)
        return found, eta

    def draw(self, scales: Scales, eta: Float[ndarray, " figure"], generator: np.random.Generator) -> "Place":
        """Return a draw of the posterior given the scales, by Matheron's rule."""
        return self.draws(scales, eta, generator, 1)[0]

    def draws(
        self, scales: Scales, eta: Float[ndarray, " figure"], generator: np.random.Generator, count: int
    ) -> "list[Place]":
        """Return several draws given the scales; what costs most is done once for all."""
        observed, sampling = self.working(eta, scales.dispersion)
        lower = cholesky(self.covariance(scales, sampling), lower=True, check_finite=False)
        root = np.linalg.cholesky(self.alike)
        prior = []
        for _ in range(count):
            common = self.prior_sd * generator.standard_normal(len(self.prior_sd))
            effects = root @ generator.standard_normal(self.near.point.effects.shape) * scales.between
            conversions = self.conversions(scales, generator)
            simulated = self.figures_at(self.prior_mean + common, effects) + self.converted(conversions)
            simulated = simulated + self.missed_means(scales, generator)
            simulated = simulated + np.sqrt(sampling + _TINY) * generator.standard_normal(len(sampling))
            prior.append((common, effects, conversions, observed - simulated))
        pulls = cho_solve((lower, True), np.stack([missed for *_, missed in prior], axis=1), check_finite=False)
        return [
            self._moved(common, effects, conversions, scales, pull)
            for (common, effects, conversions, _), pull in zip(prior, pulls.T, strict=True)
        ]

    def missed(self, scales: Scales, generator: np.random.Generator) -> Float[ndarray, " figure"]:
        """Draw what the structure misses: of a stratum's means, and of what a registry's grade converts."""
        return self.missed_means(scales, generator) + self.converted(self.conversions(scales, generator))

    def missed_means(self, scales: Scales, generator: np.random.Generator) -> Float[ndarray, " figure"]:
        """Draw what the structure misses in means, mostly alike at all visits of a stratum."""
        found, lasting = self.near.figures, hierarchy_setting("discrepancy_correlation")
        of_stratum = generator.standard_normal(int(found.stratum.max()) + 1)[found.stratum]
        alone = generator.standard_normal(len(found))
        return scales.missing * found.missing * (np.sqrt(lasting) * of_stratum + np.sqrt(1 - lasting) * alone)

    def conversions(self, scales: Scales, generator: np.random.Generator) -> Float[ndarray, "registry grade"]:
        """Draw what each registry's grades convert beyond its place, in logits."""
        return scales.grade * generator.standard_normal((len(self.near.point.effects), len(GRADES)))

    def converted(self, conversions: Float[ndarray, "registry grade"]) -> Float[ndarray, " figure"]:
        """Return what that adds to the figures: shares that are no better off move against the rest."""
        return self.near.figures.better * conversions[self.near.figures.registry, self.letter]

    @cached_property
    def letter(self) -> Int[ndarray, " figure"]:
        """Number of each figure's grade at baseline, that of the first of several; 0 where there is none."""
        return np.array([max(GRADES.find(name[:1]), 0) if name else 0 for name in self.near.figures.grade_names])

    def _moved(
        self,
        common: Float[ndarray, " free"],
        effects: Float[ndarray, "registry direction"],
        conversions: Float[ndarray, "registry grade"],
        scales: Scales,
        pull: Float[ndarray, " figure"],
    ) -> "Place":
        registry = self.near.figures.registry
        common = common + self.prior_sd**2 * (self.common.T @ pull)
        summed = np.zeros_like(effects)
        np.add.at(summed, registry[registry >= 0], (self.own * pull[:, None])[registry >= 0])
        effects = effects + scales.between**2 * (self.alike @ summed)
        pulled = np.zeros_like(conversions)
        np.add.at(pulled, (registry, self.letter), self.near.figures.better * pull)
        conversions = conversions + scales.grade**2 * pulled
        eta = self.figures_at(self.prior_mean + common, effects) + self.converted(conversions)
        return Place(self.prior_mean + common, effects, conversions, eta)


@dataclass(frozen=True, slots=True)
class Place:
    """A draw or the mean of the posterior.

    Common parameters on their working scale, registries' places, what their grades convert beyond, and the figures.
    """

    common: Float[ndarray, " free"]
    effects: Float[ndarray, "registry direction"]
    conversions: Float[ndarray, "registry grade"]
    eta: Float[ndarray, " figure"]

    def as_point(self, base: Point) -> Point:
        """Return the point of `searched_rows` at this place; what is not fitted stays as in `base`."""
        return Point(np.concatenate([self.common, base.common[len(self.common) :]]), self.effects)
