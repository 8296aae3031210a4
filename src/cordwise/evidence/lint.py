"""Check the tables of the evidence base, and target files of the same form; every fault is found, not the first."""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from cordwise.base.errors import Fault, InputError
from cordwise.base.tables import RawTable, Row, packaged_table, read_table, table_bytes
from cordwise.evidence import row_rules
from cordwise.evidence.cell_rules import cells_fit_their_kind
from cordwise.evidence.faults import Reporter, Rule, TableFault
from cordwise.evidence.held_out import held_out_results_stay_out, is_given
from cordwise.evidence.printed import first_number, number, standard_deviation
from cordwise.evidence.schema import PACKAGE, SOURCE_OF_TARGETS, TARGETS, TableSchema, table_schemas

PERCENT = 100.0
ROUNDING = 1e-9

TARGET_RULES: tuple[Rule, ...] = (
    row_rules.columns_are_complete,
    row_rules.rows_have_a_cell_for_every_column,
    cells_fit_their_kind,
    row_rules.ids_are_unique,
    row_rules.values_fit_their_measure,
    row_rules.followup_is_not_before_baseline,
    row_rules.categories_and_statistics_suit_measures,
)
TABLE_RULES: tuple[Rule, ...] = (
    *TARGET_RULES,
    row_rules.columns_are_known,
    row_rules.rows_name_a_source,
    row_rules.seen_rows_have_an_address,
    row_rules.counts_by_grade_add_up,
    row_rules.improved_are_part_of_the_group,
    row_rules.scores_add_up,
    held_out_results_stay_out,
)


def lint_table(table: RawTable) -> tuple[TableFault, ...]:
    """Return every fault of one table of the evidence base, in the order of its rows."""
    schema = table_schemas()[table.name]
    rows = {row.number: row for row in table}
    faults = [fault for rule in TABLE_RULES for fault in rule(table, schema)]
    return _in_order(fault for fault in faults if not _passes(fault, schema, rows.get(fault.row)))


def lint_package() -> tuple[TableFault, ...]:
    """Return every fault of the tables that cordwise ships."""
    tables = {name: packaged_table(PACKAGE, name) for name in table_schemas()}
    within = [fault for table in tables.values() for fault in lint_table(table)]
    return (*within, *targets_agree_with_their_source(tables[TARGETS], tables[SOURCE_OF_TARGETS]))


def lint_targets(table: RawTable) -> tuple[Fault, ...]:
    """Return every fault of a table of targets; a user's own results are not asked for sources."""
    schema = table_schemas()[TARGETS]
    if not set(table.columns) & set(schema.column_names):
        advice = "Part the columns by commas and name them in the first row."
        columns = ", ".join(schema.column_names)
        return (Fault(table.file, f"a CSV file with the columns {columns}", f"the columns {table.columns}", advice),)
    if not table.rows:
        return (Fault(table.file, "at least one target", "a header without rows"),)
    return _in_order(fault for rule in TARGET_RULES for fault in rule(table, schema))


def read_target_table(path: Path) -> tuple[RawTable, bytes]:
    """Return the rows of a target file, and its bytes; raise `InputError` with all its faults."""
    data = table_bytes(path)
    table = read_table(data, path, name=TARGETS)
    if faults := lint_targets(table):
        raise InputError(faults)
    return table, data


def targets_agree_with_their_source(targets: RawTable, source: RawTable) -> Iterator[TableFault]:
    """Every packaged target repeats the value, n and standard deviation of the row it names."""
    report = Reporter("target-disagrees", targets, table_schemas()[TARGETS])
    origins = {row["id"]: row for row in source}
    for target in targets:
        origin = origins.get(target["target_id"])
        if origin is None:
            yield report.cell(target, "target_id", f"the id of a row in {source.file}")
            continue
        for column, expected in _figures_of_source(origin).items():
            if not _same(number(target[column]), expected):
                yield report.cell(target, column, f"{expected:g}, as in {source.file} row {origin.number}")


def _figures_of_source(origin: Row) -> dict[str, float]:
    scale = PERCENT if origin["statistic"].startswith("proportion_pct") else 1.0
    return {
        "value": number(origin["value"]) / scale,
        "n": first_number(origin["n"]),
        "sd": standard_deviation(origin["spread"]),
    }


def _same(first: float, second: float) -> bool:
    return abs(first - second) < ROUNDING or (math.isnan(first) and math.isnan(second))


def _passes(fault: TableFault, schema: TableSchema, row: Row | None) -> bool:
    return row is not None and is_given(fault.rule, schema.name, schema.row_id(row), row)


def _in_order(faults: Iterable[TableFault]) -> tuple[TableFault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.row))
