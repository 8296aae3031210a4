"""When a trial may stop: boundaries, their operating characteristics, inference after stopping, many hypotheses."""

from cordwise.trial.boundaries.calendar import spend
from cordwise.trial.boundaries.planned import boundaries
from cordwise.trial.boundaries.spec import BetaSpending, Boundaries, BoundarySpec, FutilityLimits

__all__ = ["BetaSpending", "Boundaries", "BoundarySpec", "FutilityLimits", "boundaries", "spend"]
