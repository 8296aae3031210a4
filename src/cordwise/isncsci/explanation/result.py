"""An explained examination: what it shows, and the step that led to each conclusion."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final

from cordwise.base.result import Result
from cordwise.isncsci.classified_exam import ClassifiedExam
from cordwise.isncsci.explanation.open_scores import Deciding
from cordwise.isncsci.worksheet import CELLS

if TYPE_CHECKING:
    import polars

_TEXT: Final = "cordwise.present.exam.text"  # named, not imported: results stand below the room that shows them
_IN_WORDS: Final = ("output", "value", "reason", "where", "words")


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One step in words.

    Parameters
    ----------
    output
        One of `OUTPUTS`, `sacral_sensation` or `motor_sparing`.
    value
        All possible values joined by commas, as in a line of answers; `Yes` and `No` for the two facts.
    reason
        Name of the `Reason`, or `OPEN`, or `WHATEVER`.
    where
        The level that the reason speaks of, with its side; the most decisive open cell; or nothing.
    words
        The sentence.
    deciding
        The open cells that decide, most decisive first.
    """

    output: str
    value: str
    reason: str
    where: str
    words: str
    deciding: tuple[Deciding, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain JSON values."""
        step: dict[str, Any] = {name: getattr(self, name) for name in _IN_WORDS}
        if self.deciding:
            step["deciding"] = [
                {"cell": CELLS[one.place].path, "leaves": {str(score): left for score, left in one.leaves.items()}}
                for one in self.deciding
            ]
        return step


@dataclass(frozen=True, kw_only=True, repr=False)
class Explanation(Result):
    """Why one examination is classified as it is.

    Parameters
    ----------
    exam
        The classification.
    steps
        The steps to it, in the order of the standard.
    """

    kind: ClassVar[str] = "explanation"

    exam: ClassifiedExam
    steps: tuple[ExplainedStep, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What someone should look at again, as sentences."""
        return self.exam.warnings

    def to_dict(self) -> dict[str, Any]:
        """Return exactly what `cordwise exam classify --explain --json` prints."""
        return self.exam.to_dict() | {"steps": [step.to_dict() for step in self.steps]}

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the names of the tables that `to_frame` gives."""
        return ("steps",)

    def to_frame(self, part: str | None = None) -> "polars.DataFrame":
        """Return the steps as a polars frame, one row a step."""
        import polars as pl

        if part not in (None, *self.parts):
            return super().to_frame(part)
        rows = [step.to_dict() for step in self.steps]
        return pl.DataFrame(
            {name: [row[name] for row in rows] for name in ("output", "value", "reason", "where", "words")}
        )

    def __str__(self) -> str:
        """Return what `cordwise exam classify --explain` prints."""
        return import_module(_TEXT).explanation_text(self)
