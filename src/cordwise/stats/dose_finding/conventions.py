"""The few numbers that dose-escalation designs take by convention, from their table."""

from cordwise.base.tables import packaged_values


def convention(name: str) -> float:
    """Return the number of that name."""
    return packaged_values("cordwise.stats.dose_finding", "conventions")[name]
