"""Statistics of clinical trials as a library of its own: it knows no disease and no trial file.

Importing it costs nothing; a room is imported when it is first asked for, and within it each name's own module.

Examples
--------
>>> import cordwise.stats as stats
>>> plan = stats.sequential.boundaries(stats.sequential.BoundarySpec("obrien_fleming"), [0.5, 1], alpha=0.025)
>>> plan.efficacy.round(3).tolist()
[2.797, 1.977]
"""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats import (
        adaptive,
        bayes,
        dose_finding,
        longitudinal,
        meta_analysis,
        missing,
        monte_carlo,
        multiplicity,
        nested_means,
        ordinal,
        random_effects,
        sample_size,
        sequential,
        single_arm,
        two_arm,
    )

__all__ = [
    "adaptive",
    "bayes",
    "dose_finding",
    "longitudinal",
    "meta_analysis",
    "missing",
    "monte_carlo",
    "multiplicity",
    "nested_means",
    "ordinal",
    "random_effects",
    "sample_size",
    "sequential",
    "single_arm",
    "two_arm",
]

__getattr__, __dir__ = lazy_names(__name__, dict.fromkeys(__all__, ""))
