"""The simulated population: drawing patients, fitting them to registries, following them, banking their outcomes."""

from cordwise.cohort.outcomes import Outcomes
from cordwise.cohort.posterior import Posterior, load_posterior
from cordwise.cohort.world import AssumedEffect, World

__all__ = ["AssumedEffect", "Outcomes", "Posterior", "World", "load_posterior"]
