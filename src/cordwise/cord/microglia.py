"""Resident microglia: they grow from their own kind only, clear debris first, and take part in the border.

Microglia are 1 at rest.  They do no harm to axons themselves: cells that touch retracting axons come from the blood.
"""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.response import square_saturation


@scalar
def microglia_rates(
    microglia: float, alarmin: float, cytokine: float, depletion: float, p: TissueParameters
) -> tuple[float, float]:
    """Return production and loss of microglia: logistic growth to a ceiling that the alarm raises, death by alarmin.

    `depletion` is a drug's part of the loss (1/d).
    """
    call = square_saturation(alarmin + cytokine, p.microglia_half)
    ceiling = 1 + p.microglia_rise * call
    growth = p.microglia_growth / p.clock
    return growth * microglia, growth * microglia / ceiling + p.microglia_death * alarmin / p.clock + depletion


@scalar
def microglial_clearance(debris: float, microglia: float, p: TissueParameters) -> float:
    """Return the rate (1/d) at which microglia clear debris; they are full where much lies."""
    half = p.microglia_meal_half
    return p.microglia_clearance * microglia * debris / (half * half + debris * debris) / p.clock


@scalar
def microglial_share(microglia: float, weight: float) -> float:
    """Return the factor that microglia of a given number bring to what they take part in; 1 at rest, never below 0."""
    return max(1 + weight * (microglia - 1), 0.0)
