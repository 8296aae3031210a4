"""Numbers that dose-escalation designs take by convention, from `data/conventions.csv`, with their sources."""

from cordwise.base.tables import packaged_values


def convention(name: str) -> float:
    """Return the number of that name.

    Examples
    --------
    >>> convention("boin_underdosing")
    0.6
    """
    return packaged_values("cordwise.stats.dose_finding", "conventions")[name]
