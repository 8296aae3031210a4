"""The few numbers that outcomes and banks take by judgement, from their table."""

from cordwise.base.tables import packaged_values


def bank_parameter(name: str) -> float:
    """Return the number of that name."""
    return packaged_values("cordwise.patient", "outcome_parameters")[name]
