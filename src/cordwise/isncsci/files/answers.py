"""Classifications as files hold them: lines of JSON, or a table with a row for each exam."""

import json
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy import ndarray

from cordwise.isncsci.files.exam_ids import texts_of
from cordwise.isncsci.files.pieces import Refusal
from cordwise.isncsci.possible import OUTPUTS, PossibleAnswers
from cordwise.isncsci.set_names import TOTAL_NAMES, TOTAL_PREFIX, named_sets

_ERROR: Final = pl.List(pl.Struct({"where": pl.String, "expected": pl.String, "got": pl.String}))


def word_table(answers: PossibleAnswers) -> pl.DataFrame:
    """Return the answers in words, one column for each output, `tagged` and each total (`totals_uems`, …)."""
    return pl.DataFrame({name: _worded(*named) for name, named in named_sets(answers).items()})


def _worded(values: ndarray, words: Callable[[int], str]) -> pl.Series:
    """Return a word for each value; each value that occurs is put into words once."""
    series = pl.Series(values)
    found = series.unique()
    if found.is_empty():
        return pl.Series(dtype=pl.String)
    return series.replace_strict(found, [words(value) for value in found.to_list()], return_dtype=pl.String)


def json_lines_of(names: pl.Series, words: pl.DataFrame) -> pl.Series:
    """Return the lines of exams whose names are JSON tokens; the words of the standard need no escape."""
    totals = [name for name in words.columns if name.startswith(TOTAL_PREFIX)]
    parts: list[pl.Expr] = [pl.lit('{"id": '), pl.col("_name")]
    for name in OUTPUTS:
        parts += [pl.lit(f', "{name}": "' if name == OUTPUTS[0] else f'", "{name}": "'), pl.col(name)]
    parts += [pl.lit('", "tagged": ['), _quoted(pl.col("tagged")), pl.lit('], "totals": {')]
    for number, name in enumerate(totals):
        parts += [pl.lit(f'{", " if number else ""}"{name.removeprefix(TOTAL_PREFIX)}": "'), pl.col(name) + '"']
    return words.with_columns(names.alias("_name")).select(pl.concat_str([*parts, pl.lit("}}")])).to_series()


def _quoted(words: pl.Expr) -> pl.Expr:
    """Return a list of words, joined by commas, as the items of a JSON list."""
    return pl.when(words == "").then(pl.lit("")).otherwise('"' + words.str.replace_all(",", '", "') + '"')


def errors_of(refusal: Refusal) -> list[dict[str, str]]:
    """Return the faults of a refused exam as the contract names them."""
    return [{"where": fault.where, "expected": fault.expected, "got": fault.found} for fault in refusal.faults]


def refusal_line(refusal: Refusal) -> str:
    """Return the line of JSON that says why an exam was refused."""
    return json.dumps({"id": refusal.id, "errors": errors_of(refusal)})


def lines_with_refusals(names: pl.Series, words: pl.DataFrame, refusals: Sequence[Refusal]) -> pl.Series:
    """Return a line for each row, in their order."""
    lines = json_lines_of(names, words)
    if refusals:
        lines = lines.scatter([one.row for one in refusals], [refusal_line(one) for one in refusals])
    return lines


def table_with_refusals(
    names: pl.Series, words: pl.DataFrame, refusals: Sequence[Refusal], *, number_names: bool
) -> pl.DataFrame:
    """Return a flat table with a row for each exam; a refused one has its faults as JSON text and nothing else."""
    ids = texts_of(names).alias("id")
    errors: list[str | None] = [None] * len(names)
    read = np.ones(len(names), bool)
    for refusal in refusals:
        errors[refusal.row] = json.dumps(errors_of(refusal))
        read[refusal.row] = False
    kept = pl.Series(read)
    shown = words.select(pl.when(kept).then(pl.all())) if refusals else words
    return shown.insert_column(0, ids.cast(pl.Int64) if number_names else ids).with_columns(
        pl.Series("errors", errors, pl.String)
    )


def nested(table: pl.DataFrame, *, number_names: bool) -> pl.DataFrame:
    """Return a flat table in the shape of the lines: `tagged` a list, `totals` and each error an object."""
    members = pl.struct(pl.col(f"{TOTAL_PREFIX}{name}").alias(name) for name in TOTAL_NAMES)
    shaped = {
        "tagged": pl.when(pl.col("tagged") == "")
        .then(pl.lit([], pl.List(pl.String)))
        .otherwise(pl.col("tagged").str.split(",")),
        "totals": pl.when(pl.col("ais").is_not_null()).then(members),
        "errors": pl.col("errors").str.json_decode(_ERROR),
    }
    return table.select("id", *OUTPUTS, **shaped).cast({"id": pl.Int64 if number_names else pl.String})
