"""One classified examination in the words of the worksheet: what a line of answers holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cordwise.isncsci.contradictions import warnings_of
from cordwise.isncsci.possible import OUTPUTS, classify_recorded
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.set_names import TOTAL_PREFIX, answers_in_words
from cordwise.isncsci.zpp import NonKeyZpp

ExamId = str | int


@dataclass(frozen=True, slots=True)
class ClassifiedExam:
    """What one examination shows, every value as text.

    Parameters
    ----------
    id
        The name of the examination.
    values
        For each of `OUTPUTS` all possible values joined by commas, NA first, then rostral to caudal.
    tagged
        The outputs whose value is not the one that the scores as examined would give.
    totals
        Sums of the scores by the keys of `TOTAL_NAMES`; `ND` not determinable, `NA` not available.
    warnings
        What someone should look at again, as sentences.
    """

    id: ExamId
    values: Mapping[str, str]
    tagged: tuple[str, ...]
    totals: Mapping[str, str]
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the line that `exam batch` writes."""
        line = {"id": self.id, **self.values, "tagged": list(self.tagged), "totals": dict(self.totals)}
        return line | ({"warnings": list(self.warnings)} if self.warnings else {})


def classified_exams(
    exams: RecordedExams, ids: Sequence[ExamId], *, non_key_zpp: NonKeyZpp = NonKeyZpp.STANDARD
) -> list[ClassifiedExam]:
    """Return what each of a handful of exams shows; `files.door` does so for many.

    Parameters
    ----------
    exams
        Exams as written down, testable or not.
    ids
        Their names.
    non_key_zpp
        When a non-key muscle enters the motor zone.
    """
    warnings = warnings_of(exams)
    found = answers_in_words(classify_recorded(exams, non_key_zpp=non_key_zpp))
    return [
        classified_exam(name, words, warnings.get(row, ()))
        for row, (name, words) in enumerate(zip(ids, found, strict=True))
    ]


def classified_exam(name: ExamId, words: Mapping[str, str], warnings: tuple[str, ...]) -> ClassifiedExam:
    """Return one exam from its words by output, as `answers_in_words` gives them."""
    return ClassifiedExam(
        name,
        {output: words[output] for output in OUTPUTS},
        tuple(words["tagged"].split(",")) if words["tagged"] else (),
        {key.removeprefix(TOTAL_PREFIX): word for key, word in words.items() if key.startswith(TOTAL_PREFIX)},
        warnings,
    )
