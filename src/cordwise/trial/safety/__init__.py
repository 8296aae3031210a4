"""Safety: what the evidence says of adverse events, and when a monitoring board should stop a trial."""

from cordwise.trial.safety.evidence import AdverseEventRate, adverse_event_rates
from cordwise.trial.safety.stopping import (
    SafetyCharacteristics,
    SafetyRule,
    calibrated,
    characteristics,
    first_stop,
    stopping_table,
)

__all__ = [
    "AdverseEventRate",
    "SafetyCharacteristics",
    "SafetyRule",
    "adverse_event_rates",
    "calibrated",
    "characteristics",
    "first_stop",
    "stopping_table",
]
