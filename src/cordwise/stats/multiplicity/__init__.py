"""Several hypotheses: adjusted p values, closed tests, many treated arms against one control."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.multiplicity.adjusted_p import benjamini_hochberg, hochberg, holm, hommel, simes
    from cordwise.stats.multiplicity.closed_testing import Intersection, closed_dunnett, closed_test
    from cordwise.stats.multiplicity.many_to_one import dunnett, dunnett_critical

__all__ = [
    "Intersection",
    "benjamini_hochberg",
    "closed_dunnett",
    "closed_test",
    "dunnett",
    "dunnett_critical",
    "hochberg",
    "holm",
    "hommel",
    "simes",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "adjusted_p": "benjamini_hochberg hochberg holm hommel simes",
        "closed_testing": "Intersection closed_dunnett closed_test",
        "many_to_one": "dunnett dunnett_critical",
    },
)
