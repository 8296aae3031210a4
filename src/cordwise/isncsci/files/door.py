"""Examinations classified and explained from Python: what `cordwise.classify` and `cordwise.explain` do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from cordwise.base.errors import Fault, InputError
from cordwise.base.examples import find_input
from cordwise.isncsci.classified_batch import Classification
from cordwise.isncsci.explanation.result import Explanation
from cordwise.isncsci.zpp import NonKeyZpp

if TYPE_CHECKING:
    import polars

    from cordwise.isncsci.files.one_exam import NamedExam
    from cordwise.isncsci.files.pieces import Piece

ExamRecord = Mapping[str, Any]
"""One examination as the JSON object of a line."""
Rule = NonKeyZpp | Literal["standard", "peer", "never"]

_BATCH: Final = "a polars DataFrame, a list of dicts, one dict, or the path or example name of a file"
_SINGLE: Final = "one dict, or the path or example name of a file that holds one examination"
_ONE_OBJECT: Final = ".json"


def classify(
    examinations: "polars.DataFrame | Sequence[ExamRecord] | ExamRecord | str | Path",
    *,
    non_key_zpp: Rule = "standard",
) -> Classification:
    """Classify ISNCSCI examinations by the 2019 revision.

    Parameters
    ----------
    examinations
        A polars DataFrame with a column for each cell (`id`, `vac`, `dap`, `right_motor_C5`, …), a list of dicts as
        the lines of a `.jsonl` file hold them, one such dict, or the path or example name of a file
        (`.jsonl`, `.csv`, `.tsv`, `.parquet`, or `.json` for one examination).
    non_key_zpp
        When a non-key muscle enters the motor zone of partial preservation.

    Returns
    -------
    Classification
        One row an examination. One that cannot be read is refused, with all its faults, and the others are classified.

    Raises
    ------
    InputError
        The file cannot be read, columns are missing, or an argument is of another kind.

    Examples
    --------
    >>> import cordwise as cw
    >>> graded = cw.classify("registry.csv")
    >>> graded.to_frame().select("id", "nli", "ais")
    """
    return _classification(list(_pieces(examinations)), _rule(non_key_zpp))


def explain(examination: ExamRecord | str | Path, *, non_key_zpp: Rule = "standard") -> Explanation:
    """Say why one ISNCSCI examination is classified as it is, step by step.

    Parameters
    ----------
    examination
        One dict as a line of a `.jsonl` file holds it, or the path or example name of a file with one examination.
    non_key_zpp
        When a non-key muscle enters the motor zone of partial preservation.

    Raises
    ------
    InputError
        The examination cannot be read; all its faults are named.

    Examples
    --------
    >>> import cordwise as cw
    >>> print(cw.explain("examination.json"))
    """
    from cordwise.isncsci.explanation.steps import explain_exam

    one = _one_exam(examination)
    return explain_exam(one.exam, 0, one.id, non_key_zpp=_rule(non_key_zpp))


def _rule(name: str) -> NonKeyZpp:
    if name not in tuple(NonKeyZpp):
        raise InputError([Fault("non_key_zpp", f"one of {', '.join(NonKeyZpp)}", repr(name), is_argument=True)])
    return NonKeyZpp(name)


def _pieces(examinations: object) -> "Iterator[Piece]":
    import polars as pl

    from cordwise.isncsci.files.formats import read_pieces
    from cordwise.isncsci.files.json_records import read_records
    from cordwise.isncsci.files.tables import read_frame

    if isinstance(examinations, pl.DataFrame):
        yield read_frame(examinations)
    elif isinstance(examinations, str | Path):
        path = find_input(examinations, "examinations")
        yield from [_one_exam(path).as_piece()] if path.suffix.lower() == _ONE_OBJECT else read_pieces(path)
    elif isinstance(examinations, Mapping):
        yield read_records([examinations])
    elif isinstance(examinations, Sequence) and all(isinstance(one, Mapping) for one in examinations):
        yield read_records(examinations)
    else:
        raise InputError([Fault("examinations", _BATCH, type(examinations).__name__, is_argument=True)])


def _classification(pieces: "Sequence[Piece]", rule: NonKeyZpp) -> Classification:
    """Return what the examinations of some pieces of a file show, as one result."""
    import polars as pl

    from cordwise.isncsci.files.answer_tables import nested_table
    from cordwise.isncsci.files.pieces import values_of
    from cordwise.isncsci.possible import classify_recorded
    from cordwise.isncsci.set_names import words_by_output
    from cordwise.isncsci.worksheet import exams_of

    ids = [name for piece in pieces for name in values_of(piece.names)]
    number_names = all(isinstance(name, int | None) for name in ids) and any(name is not None for name in ids)
    tables = []
    for piece in pieces:
        exams = exams_of(piece.codes)
        words = words_by_output(classify_recorded(exams, non_key_zpp=rule))
        tables.append(nested_table(piece, exams, words, number_names=number_names))
    return Classification(ids=tuple(ids), table=pl.concat(tables))


def _one_exam(examination: object) -> "NamedExam":
    from cordwise.isncsci.files.json_records import read_records
    from cordwise.isncsci.files.layout import layout_of
    from cordwise.isncsci.files.one_exam import NamedExam, read_one_exam
    from cordwise.isncsci.files.pieces import join

    if isinstance(examination, str | Path):
        return read_one_exam(find_input(examination, "examinations"), layout_of())
    if not isinstance(examination, Mapping):
        raise InputError([Fault("examination", _SINGLE, type(examination).__name__, is_argument=True)])
    reading = join([read_records([examination])])
    if reading.refusals:
        raise InputError(replace(fault, where=f"examination: {fault.where}") for fault in reading.refusals[0].faults)
    return NamedExam(reading.ids[0], reading.exams, reading.converted)
