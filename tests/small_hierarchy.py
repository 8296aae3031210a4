"""A straight model small enough for dense formulas: three registries with shares and means, and a study of none."""

import numpy as np

from cordwise.population.fit.figures import COURSE, SCORE, SHARE, STUDY, Figures
from cordwise.population.fit.hierarchy import Linearised, Scales
from cordwise.population.fit.published_mix import CaseMix
from cordwise.population.fit.simulated_figures import Point, searched_rows
from cordwise.population.registries import directions

REGISTRIES = ("EMSCI", "Marino1999", "Kirshblum2004")  # the last two are of one family
# kind, registry, grade, stratum, patients
ROWS = (
    (SHARE, 0, 0, 0, 60), (SHARE, 0, 0, 0, 45), (SHARE, 0, 1, 1, 80), (SCORE, 0, 0, 2, 50), (SCORE, 0, 0, 2, 40),
    (COURSE, 0, 1, 3, 1), (SHARE, 1, 0, 4, 70), (SHARE, 1, 1, 5, 30), (SCORE, 1, 1, 6, 90), (SCORE, 1, 1, 6, 90),
    (SHARE, 2, 0, 7, 55), (SCORE, 2, 0, 8, 25), (STUDY, -1, 2, 9, 1),
)  # fmt: skip
_NO_MIX = CaseMix(np.zeros(4), np.zeros(3), np.zeros(4))


def small_scales(seed=0):
    """Return scales away from those of the priors."""
    sd = np.array([each.spread for each in directions()])
    return Scales(sd * np.random.default_rng(seed).uniform(0.3, 1.2, len(sd)), 0.3, 1.4, 0.02)


def small_linearised(seed=0, values=None, spread=0.3):
    """Return figures with random slopes of each parameter, by default with random values near those at the point."""
    random, parameters = np.random.default_rng(seed), len(searched_rows())
    kind, registry, grade, stratum, n = map(np.array, zip(*ROWS, strict=True))
    is_share = kind == SHARE
    at_point = np.where(is_share, random.normal(0, 0.7, len(ROWS)), random.normal(20, 3, len(ROWS)))
    near = at_point + spread * random.standard_normal(len(ROWS))
    figures = Figures(
        targets=(),
        kind=kind,
        registry=registry,
        grade=grade,
        grade_names=np.array(["A", "B", ""])[grade],
        better=is_share.astype(float),
        stratum=stratum,
        value=np.where(is_share, 1 / (1 + np.exp(-near)), near) if values is None else values,
        n=n.astype(float),
        error=np.where(is_share, 0.0, 0.7),
        missing=np.where(kind == SCORE, 0.8, 0.0),
        registries=REGISTRIES,
        has_spread=np.zeros(0, bool),
        mix=_NO_MIX,
        unprinted_spreads={},
    )
    point = Point(random.normal(0, 0.3, parameters), random.normal(0, 0.2, (len(REGISTRIES), len(directions()))))
    slopes = random.normal(0, 0.25, (len(ROWS), parameters))
    return Linearised(figures, point, at_point, slopes)
