"""What was found of one escalation design under one truth."""

from dataclasses import dataclass

from cordwise.trial.escalation.characteristics import EscalationCharacteristics
from cordwise.trial.escalation.plan import EscalationTruth


@dataclass(frozen=True, slots=True)
class DesignFinding:
    """One design under one truth; `exact` has the chances of selection where theory gives them."""

    design: str
    truth: EscalationTruth
    characteristics: EscalationCharacteristics
    exact: tuple[float, ...] | None
