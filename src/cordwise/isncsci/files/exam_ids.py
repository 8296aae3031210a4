"""Names of examinations as JSON tokens, so that a number stays a number and a text a text from table to table."""

import json
from collections.abc import Sequence

import polars as pl

_NEEDS_ESCAPE = r'[\\"\x00-\x1f]'
NAMELESS = "null"


def tokens_of(columns: Sequence[pl.Series]) -> list[str]:
    """Return the names that one or more columns make together; several are joined by a space, blanks left out."""
    if len(columns) == 1 and columns[0].dtype.is_integer():
        return columns[0].cast(pl.String).fill_null(NAMELESS).to_list()
    texts = [column.cast(pl.String).str.strip_chars().replace("", None) for column in columns]
    frame = pl.DataFrame([text.alias(str(number)) for number, text in enumerate(texts)])
    joined = frame.select(name=pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
    plain = '"' + joined + '"'
    if joined.str.contains(_NEEDS_ESCAPE).any():
        plain = pl.Series([json.dumps(text, ensure_ascii=False) for text in joined], dtype=pl.String)
    return pl.select(pl.when(joined == "").then(pl.lit(NAMELESS)).otherwise(plain)).to_series().to_list()


def texts_of(names: Sequence[str]) -> pl.Series:
    """Return the names as a column of text without quotes, null for none."""
    tokens = pl.Series(names, dtype=pl.String)
    if tokens.str.contains("\\", literal=True).any():
        values = (json.loads(token) for token in tokens)
        return pl.Series([None if value is None else str(value) for value in values], dtype=pl.String)
    return tokens.str.strip_chars('"').replace(NAMELESS, None)
