"""Many hypotheses: adjusted p values, closed tests, many treated arms against one control."""

from cordwise.stats.multiplicity.adjusted_p import benjamini_hochberg, hochberg, holm, hommel, simes
from cordwise.stats.multiplicity.closed_testing import closed_dunnett, closed_simes, closed_test
from cordwise.stats.multiplicity.many_to_one import dunnett, dunnett_critical

__all__ = [
    "benjamini_hochberg",
    "closed_dunnett",
    "closed_simes",
    "closed_test",
    "dunnett",
    "dunnett_critical",
    "hochberg",
    "holm",
    "hommel",
    "simes",
]
