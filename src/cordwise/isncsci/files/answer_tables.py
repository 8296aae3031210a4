"""Classifications as tables with a row for each exam: flat for CSV, in the shape of the lines for Parquet."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from cordwise.isncsci.contradictions import warnings_of
from cordwise.isncsci.files.answer_lines import errors_of
from cordwise.isncsci.files.exam_ids import texts_of
from cordwise.isncsci.files.pieces import Piece
from cordwise.isncsci.possible import OUTPUTS
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.set_names import TOTAL_NAMES, TOTAL_PREFIX

_ERROR: Final = pl.List(pl.Struct({"where": pl.String, "expected": pl.String, "got": pl.String}))


def flat_table(
    piece: Piece, exams: RecordedExams, words: Mapping[str, Sequence[str]], *, number_names: bool
) -> pl.DataFrame:
    """Return a flat table; a refused exam has its faults as JSON text and nothing else, warnings are one text."""
    table = _table(piece, words, number_names=number_names)
    return table.with_columns(_warnings(exams).list.join(" "))


def nested_table(
    piece: Piece, exams: RecordedExams, words: Mapping[str, Sequence[str]], *, number_names: bool
) -> pl.DataFrame:
    """Return a table in the shape of the lines: `tagged` and warnings are lists, `totals` and each error an object."""
    members = pl.struct(pl.col(f"{TOTAL_PREFIX}{name}").alias(name) for name in TOTAL_NAMES)
    shaped = {
        "tagged": pl.when(pl.col("tagged") == "")
        .then(pl.lit([], pl.List(pl.String)))
        .otherwise(pl.col("tagged").str.split(",")),
        "totals": pl.when(pl.col("ais").is_not_null()).then(members),
        "errors": pl.col("errors").str.json_decode(_ERROR),
    }
    table = _table(piece, words, number_names=number_names).select("id", *OUTPUTS, **shaped)
    return table.with_columns(_warnings(exams))


def _table(piece: Piece, words: Mapping[str, Sequence[str]], *, number_names: bool) -> pl.DataFrame:
    ids = texts_of(piece.names).alias("id")
    errors: list[str | None] = [None] * len(piece)
    for refusal in piece.refusals:
        errors[refusal.row] = json.dumps(errors_of(refusal))
    shown = pl.DataFrame(words, schema=dict.fromkeys(words, pl.String))
    if piece.refusals:
        shown = shown.select(pl.when(pl.Series(piece.is_read())).then(pl.all()))
    return shown.insert_column(0, ids.cast(pl.Int64) if number_names else ids).with_columns(
        pl.Series("errors", errors, pl.String)
    )


def _warnings(exams: RecordedExams) -> pl.Series:
    """Return what someone should look at again, null for none."""
    found = warnings_of(exams)
    return pl.Series("warnings", [found.get(row) for row in range(len(exams))], pl.List(pl.String))
