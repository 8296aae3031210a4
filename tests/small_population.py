"""Small fits made by hand: they stand still when the population that ships is fitted anew."""

from dataclasses import replace

import numpy as np

from cordwise.evidence import packaged_targets
from cordwise.isncsci import level_index
from cordwise.patient.parameters import free_rows, from_working_scale, prior_centre, to_working_scale
from cordwise.population.posterior import PopulationFit, StructureSpread
from cordwise.population.registries import directions

REGISTRIES = ("EMSCI", "Sygen")


def small_fit(draws=6, *, spread=0.2, between=0.5, shift=0.0, seed=1, structure=(0.3, 1.0, 0.01)):
    """Return a fit around the prior centre.

    `shift` and `spread` are in prior SDs of the common parameters; `between` is in the directions' own scales.
    """
    random, rows = np.random.default_rng(seed), free_rows()
    scale = np.array([row.prior_sd for row in rows])
    centre = to_working_scale(prior_centre(), rows) + shift * scale
    sets = tuple(
        from_working_scale(centre + spread * scale * random.standard_normal(len(rows)), rows, prior_centre())
        for _ in range(draws)
    )
    sd = between * np.array([each.spread for each in directions()])
    return PopulationFit(
        best=from_working_scale(centre, rows, prior_centre()),
        common=sets,
        between=np.tile(sd, (draws, 1)),
        places={name: sd * random.standard_normal((draws, len(sd))) for name in REGISTRIES},
        structure=StructureSpread(*(np.full(draws, value) for value in structure)),
        log={"made": "by hand"},
    )


def stated_row(name="row", measure="uems", value=25.0, **changes):
    """Return a figure of a registry nobody knows: people of all grades and levels, seen first in week 2."""
    given = {
        "target_id": name, "source": "a registry", "baseline_ais": "A-D", "baseline_grade_low": 0,
        "baseline_grade_high": 3, "levels": "C1-S5", "level_first": 0, "level_last": level_index("S4-5"),
        "baseline_day_min": 7.0, "baseline_day_max": 21.0, "followup_day": 365.0, "measure": measure, "category": "",
        "category_low": 0, "category_high": 4, "is_improvement": False, "statistic": "mean", "value": value,
        "sd": np.nan, "n": 100.0,
    }  # fmt: skip
    return replace(packaged_targets()[0], **(given | changes))


def conversion(name="converted", value=0.3, **changes):
    """Return the share of people of grade A who are better than A at follow-up."""
    own = {
        "statistic": "proportion", "baseline_ais": "A", "baseline_grade_high": 0, "category": "B-E", "category_low": 1,
        "category_high": 4,
    }  # fmt: skip
    return stated_row(name, "ais", value, **(own | changes))
