"""The steps from an examination to its classification, in words, for examinations with and without open scores.

A step says what was decided and why. The reason comes from the rule that decided (`decisions.py`). With open scores it
is given where all completions share it; an output with several possible values names the scores that decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from cordwise.isncsci.anatomy import INTACT, LEVELS
from cordwise.isncsci.classified_exam import ExamId, classified_exam
from cordwise.isncsci.contradictions import warnings_of
from cordwise.isncsci.decisions import DecisionStep, decisions
from cordwise.isncsci.explanation.open_scores import (
    Answer,
    Codes,
    Fillings,
    answers_of,
    as_examined,
    as_testable,
    corners,
    deciding_cells,
    deciding_tags,
    ends_of,
    filled_in,
    open_words,
    tag_words,
)
from cordwise.isncsci.explanation.result import ExplainedStep, Explanation
from cordwise.isncsci.explanation.sentences import TITLES, ReasonCase, filled, side_of, value_words, wording_of
from cordwise.isncsci.possible import OUTPUTS
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.testable import Exams
from cordwise.isncsci.worksheet import CELLS, codes_of
from cordwise.isncsci.zpp import NonKeyZpp

OPEN: Final = "OPEN_SCORES"
"""The reason of a step that open scores decide."""
WHATEVER: Final = "ANY_OPEN_SCORE"
"""The reason of a step on whose value, but not on whose reason, all completions agree."""


def explain_exam(
    exams: RecordedExams, row: int, name: ExamId = "", *, non_key_zpp: NonKeyZpp = NonKeyZpp.STANDARD
) -> Explanation:
    """Return why one exam of a batch is classified as it is.

    Parameters
    ----------
    exams
        Exams as written down, testable or not.
    row
        Which of them.
    name
        What the exam is called.
    non_key_zpp
        When a non-key muscle enters the motor zone.
    """
    one = exams[row : row + 1]
    story = _Story.of(codes_of(one)[0], NonKeyZpp(non_key_zpp))
    exam = classified_exam(name, story.answer, warnings_of(one).get(0, ()))
    return Explanation(exam=exam, steps=tuple(story.step(output) for output in TITLES))


@dataclass(frozen=True, slots=True)
class _Story:
    """What is known of one exam: its answers, those with one open score filled, and the decisions at its corners."""

    codes: Codes
    rule: NonKeyZpp
    answer: Answer
    examined: Answer
    fillings: Fillings
    cases: Sequence[ReasonCase]

    @classmethod
    def of(cls, codes: Codes, rule: NonKeyZpp) -> "_Story":
        ends = ends_of(codes)
        filled_exams = filled_in(codes, ends)
        rows = np.array([codes, as_examined(codes), *(exam for _, _, exam in filled_exams)])
        answer, examined, *left = answers_of(rows, rule)
        fillings = [(cell, score, one) for (cell, score, _), one in zip(filled_exams, left, strict=True)]
        completions = as_testable(corners(ends))
        cases = [_case(codes, completions[place : place + 1], rule) for place in range(len(completions))]
        return cls(codes, rule, answer, examined, fillings, cases)

    def step(self, output: str) -> ExplainedStep:
        """Return one step in words."""
        if output not in OUTPUTS:
            return self._fact(output)
        value = self.answer[output]
        tagged = output in self.answer["tagged"].split(",")
        title = f"{TITLES[output]} {value_words(output, value)}{'*' if tagged else ''}"
        tag = f". {self._tag(output)}" if tagged else ""
        if "," in value:
            deciding = deciding_cells(output, self.codes, self.answer, self.rule, self.fillings)
            words = f"{title}: {open_words(output, self.codes, deciding)}{tag}."
            return ExplainedStep(output, value, OPEN, CELLS[deciding[0].place].path, words, tuple(deciding))
        reason, where, words = self._shared_reason(output)
        return ExplainedStep(output, value, reason, where, f"{title}: {words}{tag}.")

    def _tag(self, output: str) -> str:
        cells = deciding_tags(output, self.codes, self.rule)
        return tag_words(output, self.codes, self.examined[output], cells)

    def _fact(self, name: str) -> ExplainedStep:
        """Return a step on the way to the outputs, which has a value only where all completions agree."""
        values = sorted({case.steps[name].value for case in self.cases})
        value = ",".join(("No", "Yes")[one] for one in values)
        title = f"{TITLES[name]} {value_words(name, value)}"
        if len(values) > 1:
            return ExplainedStep(name, value, OPEN, "", f"{title}: open scores decide.")
        reason, where, words = self._shared_reason(name)
        return ExplainedStep(name, value, reason, where, f"{title}: {words}.")

    def _shared_reason(self, output: str) -> tuple[str, str, str]:
        """Return the reason, place and sentence that all completions share, or as much of it as they do."""
        steps = [case.steps[output] for case in self.cases]
        reasons = {step.reason.name for step in steps}
        reason = reasons.pop() if len(reasons) == 1 else WHATEVER
        if len(sentences := self._sentences(output, "words")) == 1:
            return reason, _where(steps[0]), sentences.pop()
        if len(shared := self._sentences(output, "shared")) == 1 and (words := shared.pop()):
            return reason, "", f"{words}, whatever the open scores are"
        return reason, "", "every way to fill the open scores gives this answer"

    def _sentences(self, output: str, kind: Literal["words", "shared"]) -> set[str]:
        """Return the sentences of all completions."""
        steps = [(case.steps[output], case) for case in self.cases]
        return {filled(getattr(wording_of(step), kind), step, case) for step, case in steps}


def _case(codes: Codes, completion: Exams, rule: NonKeyZpp) -> ReasonCase:
    steps: Mapping[str, DecisionStep] = {step.decided: step for step in decisions(completion, 0, non_key_zpp=rule)}
    return ReasonCase(codes, completion, steps, rule)


def _where(step: DecisionStep) -> str:
    """Return the level that a reason speaks of, with its side where it has one."""
    level = "INT" if step.place == INTACT else LEVELS[step.place]
    return f"{side_of(step)} {level}".strip()
