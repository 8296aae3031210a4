"""`cordwise exam classify`: one examination, its classification, and every step to it in words."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from cordwise.cli.exam_options import ReadingOptions
from cordwise.cli.options import Flag

if TYPE_CHECKING:
    from cordwise.isncsci.files.one_exam import NamedExam
    from cordwise.isncsci.zpp import NonKeyZpp


def classify(
    source: Path,
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
    from cordwise.isncsci.files.one_exam import read_one_exam

    reading = reading or ReadingOptions()
    found = read_one_exam(source, reading.layout(), name)
    if found.converted:
        print(f"{found.converted} motor scores 5* were read as 5.", file=sys.stderr)
    (_print_json if json else _print_page)(found, reading.rule(), explain=explain)


def _print_json(found: "NamedExam", rule: "NonKeyZpp", *, explain: bool) -> None:
    from cordwise.base.provenance import to_json
    from cordwise.isncsci.explanation.run import explain as steps_of
    from cordwise.present.exam.text import RESEARCH_ONLY

    answer = _answer(found, rule)
    if explain:
        answer["steps"] = [step.as_json() for step in steps_of(found.exam, 0, non_key_zpp=rule).steps]
    print(to_json(answer), end="")
    print(RESEARCH_ONLY, file=sys.stderr)


def _print_page(found: "NamedExam", rule: "NonKeyZpp", *, explain: bool) -> None:
    from cordwise.isncsci.explanation.run import explain as steps_of
    from cordwise.present.exam.text import explanation_page, worksheet_page

    answer = _answer(found, rule)
    if explain:
        print(explanation_page(answer, steps_of(found.exam, 0, non_key_zpp=rule).steps), end="")
    else:
        print(worksheet_page(answer), end="")


def _answer(found: "NamedExam", rule: "NonKeyZpp") -> dict[str, Any]:
    """Return the object of the line that `exam batch` would write."""
    from json import loads

    from cordwise.isncsci.contradictions import warnings_of
    from cordwise.isncsci.files.answers import classification_lines
    from cordwise.isncsci.possible import classify_recorded

    (line,) = classification_lines([found.id], classify_recorded(found.exam, non_key_zpp=rule))
    answer = loads(line)
    if warnings := warnings_of(found.exam).get(0):
        answer["warnings"] = list(warnings)
    return answer
