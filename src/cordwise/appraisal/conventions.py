"""The few numbers an appraisal takes by convention or judgement, from their table."""

from cordwise.base.tables import packaged_values


def convention(name: str) -> float:
    """Return the number of that name."""
    return packaged_values("cordwise.appraisal", "conventions")[name]
