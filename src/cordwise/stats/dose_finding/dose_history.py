"""The data of many simulated trials under way, by dose, and the protocol of a design that decides on them."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from jaxtyping import Float, Int
from numpy import ndarray

STOP = -1  # in place of a dose: the trial ends, or no dose is selected


@dataclass(frozen=True, slots=True)
class Pending:
    """Patients under observation without toxicity so far: their dose and the part of the window behind them.

    A patient who is not pending has part 1 and is counted among the observed.
    """

    dose: Int[ndarray, "replicate patient"]
    part: Float[ndarray, "replicate patient"]


@dataclass(frozen=True, slots=True)
class DoseHistory:
    """A batch of trials under way.

    Attributes
    ----------
    patients, toxicities
        Observed so far at each dose; patients without toxicity count once their window is over.
    dose
        The dose of the last cohort.
    last_toxicities
        Toxicities known in the last cohort.
    pending
        Patients still under observation, for designs that do not wait for them.
    """

    patients: Int[ndarray, "replicate dose"]
    toxicities: Int[ndarray, "replicate dose"]
    dose: Int[ndarray, " replicate"]
    last_toxicities: Int[ndarray, " replicate"]
    pending: Pending | None = None


@runtime_checkable  # so that the annotation can be checked at run time
class EscalationRule(Protocol):
    """A dose-escalation design: the next cohort's dose, and at the end the dose it selects."""

    @property
    def waits(self) -> bool:
        """Whether a new cohort enters only when the last one's window is over."""
        ...

    def next_dose(self, history: DoseHistory) -> Int[ndarray, " replicate"]:
        """Return the dose of the next cohort, counted from 0, or STOP."""
        ...

    def selected(self, history: DoseHistory) -> Int[ndarray, " replicate"]:
        """Return the dose selected at the end, counted from 0, or STOP for none."""
        ...
