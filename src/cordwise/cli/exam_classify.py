"""`cordwise exam classify`: one examination, its classification, and every step to it in words."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from cordwise.cli.exam_options import ReadingOptions
from cordwise.cli.options import ExaminationsName, Flag

if TYPE_CHECKING:
    from cordwise.isncsci.files.one_exam import NamedExam
    from cordwise.isncsci.zpp import NonKeyZpp


def classify(
    source: ExaminationsName,
    /,
    *,
    name: Annotated[str | None, Parameter(name="--id")] = None,
    explain: Flag = False,
    json: Flag = False,
    reading: ReadingOptions | None = None,
) -> None:
    """Classify one examination, and say why if asked.

    Parameters
    ----------
    source
        The examination: one JSON object (.json), or a file as `cordwise exam batch` reads it.
    name
        Which examination of the file, by its name; needed where there are several.
    explain
        Give every step in words: the cell that decides, the scores found there, and what open scores leave possible.
    json
        Print the classification as JSON.
    """
    from cordwise.base.examples import find_input
    from cordwise.isncsci.files.one_exam import read_one_exam

    reading = reading or ReadingOptions()
    found = read_one_exam(find_input(source, "examinations"), reading.layout(), name)
    if found.converted:
        print(f"{found.converted} motor scores 5* were read as 5.", file=sys.stderr)
    (_print_explanation if explain else _print_classification)(found, reading.rule(), json=json)


def _print_explanation(found: "NamedExam", rule: "NonKeyZpp", *, json: bool) -> None:
    from cordwise.isncsci.explanation.steps import explain_exam

    explanation = explain_exam(found.exam, 0, found.id, non_key_zpp=rule)
    if json:
        _print_json(explanation.to_dict())
    else:
        print(explanation, end="")


def _print_classification(found: "NamedExam", rule: "NonKeyZpp", *, json: bool) -> None:
    from cordwise.isncsci.classified_exam import classified_exams
    from cordwise.present.exam.text import worksheet_text

    (exam,) = classified_exams(found.exam, [found.id], non_key_zpp=rule)
    if json:
        _print_json(exam.to_dict())
    else:
        print(worksheet_text(exam), end="")


def _print_json(values: dict[str, Any]) -> None:
    from cordwise.base.provenance import to_json
    from cordwise.present.exam.text import RESEARCH_ONLY

    print(to_json(values), end="")
    print(RESEARCH_ONLY, file=sys.stderr)
