"""The numbers that a sensitivity analysis itself needs, each with its source."""

from cordwise.base.tables import SourcedNumber, packaged_numbers, packaged_values


def settings() -> tuple[SourcedNumber, ...]:
    """Return the rows of `data/sensitivity_settings.csv`."""
    return packaged_numbers("cordwise.experiment", "sensitivity_settings")


def setting_of(name: str) -> float:
    """Return one number."""
    return packaged_values("cordwise.experiment", "sensitivity_settings")[name]
