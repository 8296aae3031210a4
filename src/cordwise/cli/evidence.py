"""`cordwise evidence`: list, show and check the evidence base."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from cordwise.cli.options import Flag

if TYPE_CHECKING:
    from cordwise.base.errors import Fault
    from cordwise.base.tables import Row

FOUND_FAULTS = 2
RECALLED_HEADING = "Recalled: not read in a source, verify before use."

app = App(name="evidence", help="List, show and check the evidence base.")


@app.command(name="list")
def list_tables(*, json: Flag = False) -> None:
    """List the tables with their rows, and how many were seen in a source or recalled.

    Parameters
    ----------
    json
        Print the list as JSON.
    """
    from cordwise.evidence import evidence_version

    tables = [_summary(name) for name in _table_names()]
    if json:
        _print_json({"kind": "evidence_list", "version": evidence_version(), "tables": tables})
        return
    width = max(len(table["name"]) for table in tables)
    _print(f"Evidence base {evidence_version()}")
    _print(f"{'table':<{width}}  {'rows':>5}  {'seen':>5}  {'recalled':>8}  what it holds")
    for table in tables:
        counts = f"{table['rows']:>5}  {table['seen']:>5}  {table['recalled']:>8}"
        _print(f"{table['name']:<{width}}  {counts}  {table['meaning']}")


@app.command
def show(
    table: str,
    /,
    *,
    where: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative=())] = (),
    json: Flag = False,
) -> None:
    """Show the rows of a table; those recalled stand apart.

    Parameters
    ----------
    table
        A table that `cordwise evidence list` names.
    where
        Only rows whose cell is this text, as column=value. May be given more than once.
    json
        Print the rows as JSON.
    """
    from cordwise.evidence import raw_table

    rows = _matching(raw_table(table), _conditions(table, where))
    seen = [row for row in rows if not _recalled(table, row)]
    recalled = [row for row in rows if _recalled(table, row)]
    if json:
        cells = [_as_json(table, row) for row in seen + recalled]
        _print_json({"kind": "evidence_rows", "table": table, "rows": cells})
        return
    _print_rows(table, seen)
    if recalled:
        _print(RECALLED_HEADING + "\n")
        _print_rows(table, recalled)
    _print(f"{_count(len(rows), 'row')} of {table}: {len(seen)} seen, {len(recalled)} recalled.")


@app.command
def lint(file: Path | None = None, /, *, json: Flag = False) -> int:
    """Check the tables of the evidence base, or a file of targets of the same form.

    Parameters
    ----------
    file
        A CSV file with the columns of calibration_targets; without it the tables of the evidence base are checked.
    json
        Print the faults as JSON.
    """
    from cordwise.base.errors import InputError
    from cordwise.evidence import lint_package, read_targets

    faults: Sequence[Fault] = lint_package() if file is None else ()
    try:
        if file is not None:
            read_targets(file)
    except InputError as error:
        faults = error.faults
    _print_faults(faults, "the evidence base" if file is None else file.name, as_json=json)
    return FOUND_FAULTS if faults else 0


def _table_names() -> tuple[str, ...]:
    from cordwise.evidence import table_names

    return table_names()


def _summary(name: str) -> dict[str, Any]:
    from cordwise.evidence import raw_table, table_schemas

    table = raw_table(name)
    recalled = sum(_recalled(name, row) for row in table)
    counts = {"rows": len(table), "seen": len(table) - recalled, "recalled": recalled}
    return {"name": name, **counts, "meaning": table_schemas()[name].meaning}


def _recalled(table: str, row: "Row") -> bool:
    from cordwise.evidence import is_recalled

    return is_recalled(table, row)


def _conditions(table: str, where: Sequence[str]) -> dict[str, str]:
    from cordwise.base.errors import Fault, InputError
    from cordwise.evidence import raw_table

    columns = raw_table(table).columns
    pairs = [condition.partition("=") for condition in where]
    faults = [
        Fault(
            f"--where {''.join(pair)}", f"column=value with a column of {table}: {', '.join(columns)}", f'"{pair[0]}"'
        )
        for pair in pairs
        if pair[0] not in columns or not pair[1]
    ]
    if faults:
        raise InputError(faults)
    return {column: value for column, _, value in pairs}


def _matching(rows: Iterable["Row"], conditions: Mapping[str, str]) -> list["Row"]:
    return [row for row in rows if all(row[column] == value for column, value in conditions.items())]


def _as_json(table: str, row: "Row") -> dict[str, Any]:
    from cordwise.evidence import cite

    citation = cite(table, row)
    return {"row": row.number, "recalled": citation.is_recalled, "citation": citation.as_json(), **dict(row.cells)}


def _print_rows(table: str, rows: Iterable["Row"]) -> None:
    from cordwise.evidence import cite, marked, table_schemas

    schema = table_schemas()[table]
    for row in rows:
        _print(f"{schema.row_id(row)}  [{cite(table, row).label}]")
        for column in schema.column_names:
            if row[column]:
                _print(f"  {column}: {marked(table, row, column)}")
        _print("")


def _print_faults(faults: Sequence["Fault"], name: str, *, as_json: bool) -> None:
    if as_json:
        from dataclasses import asdict

        _print_json({"kind": "evidence_lint", "checked": name, "faults": [asdict(fault) for fault in faults]})
        return
    for fault in faults:
        _print(str(fault))
    _print(f"{_count(len(faults), 'fault')} in {name}." if faults else f"No fault in {name}.")


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _print_json(result: Mapping[str, Any]) -> None:
    from cordwise.base.provenance import to_json

    _print(to_json(result).rstrip("\n"))


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
