"""What a result rests on: each number or choice that was taken and not computed, with where it comes from."""

from dataclasses import dataclass, field

from cordwise.base.codec import OMIT_NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One assumption of a result.

    Attributes
    ----------
    what
        What is assumed, in words.
    value
        The number, or the words that say it.
    unit
        The unit of a number, where `what` does not name it; None, and absent from JSON, otherwise.
    source
        Where it comes from.
    status
        How sure that is: `seen`, `recalled`, `fitted`, `judgement` or `computed`.
    """

    what: str
    value: int | float | str | tuple[float, ...]
    unit: str | None = field(default=None, metadata=OMIT_NONE)
    source: str
    status: str = "judgement"
