"""What the cells of a row, and the rows of a table, must be to one another."""

import math
from collections.abc import Iterator

from cordwise.base.tables import RawTable, Row
from cordwise.evidence.faults import Reporter, TableFault
from cordwise.evidence.printed import GRADES, baseline_day, followup_day, grade_range, number, standard_deviation
from cordwise.evidence.schema import TableSchema, figure_bounds, measures

_SUMS = (("uems_right", "uems_left", "uems"), ("lems_right", "lems_left", "lems"), ("uems", "lems", "motor_total"))
_NESTED_COUNTS = (
    ("n_improved_ge1_ais", "n"),
    ("n_improved_ge2_ais", "n_improved_ge1_ais"),
    ("n_improved_ge2_ais", "n"),
    ("n_improved_ge1", "n"),
)


def columns_are_complete(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Ask for every column, once."""
    report = Reporter("columns", table, schema)
    for column in schema.columns:
        if column.need != "none" and column.name not in table.columns:
            yield report.whole(f"a column named {column.name} ({column.meaning})", "no such column", column=column.name)
    for name in sorted({name for name in table.columns if table.columns.count(name) > 1}):
        yield report.whole(f"one column named {name}", f"{table.columns.count(name)} of them", column=name)


def columns_are_known(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Refuse columns that the schema does not describe."""
    report = Reporter("columns", table, schema)
    for name in sorted(set(table.columns) - set(schema.column_names)):
        yield report.whole("the columns of the schema only", f'a column named "{name}"', column=name)


def rows_have_a_cell_for_every_column(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Refuse rows that are shorter or longer than the header."""
    report = Reporter("row-width", table, schema)
    for row in table:
        if row.width != len(table.columns):
            advice = "A text that holds a comma must stand in double quotes."
            place = table.columns[min(row.width, len(table.columns)) - 1]
            yield report.cell(row, place, f"{len(table.columns)} cells in the row", f"{row.width}", advice)


def ids_are_unique(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Refuse a second row with the same id."""
    report = Reporter("duplicate-id", table, schema)
    first_seen: dict[str, int] = {}
    keys = [column.name for column in schema.columns if column.is_key]
    for row in table:
        name = schema.row_id(row)
        earlier = first_seen.setdefault(name, row.number)
        if name and earlier != row.number:
            yield report.cell(row, " + ".join(keys), "an id used once", f"{name}, as in row {earlier}")


def rows_name_a_source(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Ask every row for a citation, a DOI or an address."""
    report = Reporter("missing-source", table, schema)
    names = [column.name for kind in ("source", "address") for column in schema.of_kind(kind)]
    for row in table:
        if not any(row[name] for name in names):
            yield report.cell(row, names[0], "a citation, a DOI or an address")


def seen_rows_have_an_address(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Ask every row marked seen where it was seen."""
    report = Reporter("seen-without-address", table, schema)
    for row in table if schema.of_kind("address") else ():
        if row["status"] == "seen" and not row["seen_at"]:
            yield report.cell(row, "seen_at", "the address of the text that was read", advice="Or mark it recalled.")


def values_fit_their_measure(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Hold every figure and its standard deviation to the range of the measure, or of the statistic."""
    report = Reporter("out-of-range", table, schema)
    for row in table if schema.of_kind("measure") else ():
        bounds = figure_bounds(schema.name, row["measure"], row["statistic"])
        value = number(row["value"])
        if not math.isnan(value) and value not in bounds:
            yield report.cell(row, "value", f"{row['statistic']} of {row['measure']} within {bounds}")
        column = "sd" if "sd" in schema.column_names else "spread"
        deviation = number(row["sd"]) if column == "sd" else standard_deviation(row["spread"])
        if deviation > bounds.high - bounds.low:
            yield report.cell(row, column, f"a standard deviation within 0 to {bounds.high - bounds.low:g}")


def counts_by_grade_add_up(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Add the grades at follow-up up to n, and those above the baseline grade to the number improved."""
    report = Reporter("counts-by-grade", table, schema)
    for row in table if "to_A" in schema.column_names else ():
        counts = [number(row[f"to_{grade}"]) for grade in GRADES]
        total, n = sum(counts), number(row["n"])
        if not math.isnan(total) and total != n:
            yield report.cell(row, "n", f"{total:g}, the sum of the counts by grade")
        elif sum(count for count in counts if not math.isnan(count)) > n:
            yield report.cell(row, "n", "at least the sum of the counts by grade")
        baseline = grade_range(row["baseline_ais"])
        better = math.nan if baseline is None else sum(counts[baseline[1] + 1 :])
        improved = number(row["n_improved_ge1"])
        if not math.isnan(better + improved) and better != improved:
            yield report.cell(row, "n_improved_ge1", f"{better:g}, the sum of the grades above the baseline grade")


def improved_are_part_of_the_group(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Refuse more people improved than were there, and more by two grades than by one."""
    report = Reporter("improved-above-n", table, schema)
    for part, group in _NESTED_COUNTS:
        for row in table if part in schema.column_names and group in schema.column_names else ():
            if number(row[part]) > number(row[group]):
                yield report.cell(row, part, f"at most {row[group]}, the cell of {group}")


def scores_add_up(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Add right and left up to both sides, arms and legs to the total."""
    report = Reporter("scores-add-up", table, schema)
    for first, second, total in _SUMS if "motor_total" in schema.column_names else ():
        for row in table:
            expected = number(row[first]) + number(row[second])
            if not math.isnan(expected + number(row[total])) and expected != number(row[total]):
                yield report.cell(row, total, f"{expected:g}, the sum of {first} and {second}")


def followup_is_not_before_baseline(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Refuse an examination before the first day of its baseline, and a baseline window that ends before it starts."""
    report = Reporter("followup-before-baseline", table, schema)
    is_target = "baseline_day_min" in schema.column_names
    for row in table if is_target or "baseline_time_days" in schema.column_names else ():
        column = "followup_day" if is_target else "followup_months"
        if followup_day(row) < baseline_day(row):
            yield report.cell(row, column, f"day {baseline_day(row):g}, the first of the baseline, or later")
        if is_target and number(row["baseline_day_max"]) < baseline_day(row):
            yield report.cell(row, "baseline_day_max", f"day {baseline_day(row):g}, baseline_day_min, or later")


def categories_and_statistics_suit_measures(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Ask targets of grades for the proportion of a category, and targets of scores for a mean without one."""
    report = Reporter("category", table, schema)
    known = measures(schema.name)
    for row in table if "category" in schema.column_names else ():
        measure = known.get(row["measure"])
        if measure is None:
            continue
        if row["statistic"] and row["statistic"] != measure.statistic:
            yield report.cell(row, "statistic", f"{measure.statistic}, as {measure.name} is given")
        yield from _category_faults(row, report)


def _category_faults(row: Row, report: Reporter) -> Iterator[TableFault]:
    if row["measure"] == "ais" and not row["category"]:
        yield report.cell(row, "category", "an AIS grade, a range such as B-E, or improved")
    if row["measure"] != "ais" and row["category"]:
        yield report.cell(row, "category", f"nothing, since {row['measure']} has no categories")
