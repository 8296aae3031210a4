"""The tables of the evidence base as typed data frames."""

from functools import cache
from typing import TYPE_CHECKING

from cordwise.base.errors import EvidenceError, Fault
from cordwise.base.tables import RawTable, packaged_table, packaged_text
from cordwise.evidence.schema import PACKAGE, TableSchema, table_schemas

if TYPE_CHECKING:
    from polars import DataFrame


def table_names() -> tuple[str, ...]:
    """Return the names of the tables of the evidence base."""
    return tuple(table_schemas())


def evidence_version() -> str:
    """Return the version of the evidence base, which belongs to every result made from it."""
    return packaged_text(PACKAGE, "VERSION").strip()


def table_schema(name: str) -> TableSchema:
    """Return the schema of a table, or say which tables there are."""
    try:
        return table_schemas()[name]
    except KeyError:
        raise EvidenceError([Fault("table", f"one of {', '.join(table_names())}", f'"{name}"')]) from None


def raw_table(name: str) -> RawTable:
    """Return a table as it is written, with row numbers."""
    return packaged_table(PACKAGE, table_schema(name).name)


@cache
def load_table(name: str) -> "DataFrame":
    """Return a table with numbers as numbers and blank cells as null.

    Columns of kind `number` are Float64, of kinds `whole` and `year` Int64; figures "as printed", which may be
    ranges or carry remarks, stay text.
    """
    import polars

    types = {"number": polars.Float64, "whole": polars.Int64, "year": polars.Int64}
    table, schema = raw_table(name), table_schema(name)
    text = polars.DataFrame(
        {column: [row[column] or None for row in table] for column in schema.column_names},
        schema=dict.fromkeys(schema.column_names, polars.String),
    )
    return text.with_columns(
        polars.col(column.name).cast(polars.Float64).cast(types[column.kind])
        for column in schema.columns
        if column.kind in types
    )
