"""Every rule is shown a copy of a real table with one thing broken, and must name that and nothing else."""

from dataclasses import replace

import pytest

from cordwise.base.tables import RawTable, Row, packaged_table, parse_table
from cordwise.evidence import lint_package, lint_table, table_names, table_schemas
from cordwise.evidence.held_out import held_out_results_stay_out, held_out_sources
from cordwise.evidence.lint import targets_agree_with_their_source


def altered(table: RawTable, number: int, **cells: str) -> RawTable:
    rows = [replace(row, cells={**row.cells, **cells}) if row.number == number else row for row in table]
    assert rows != list(table.rows)
    return replace(table, rows=tuple(rows))


def with_row(table: RawTable, like: int, **cells: str) -> RawTable:
    template = next(row for row in table if row.number == like)
    added = Row(table.rows[-1].number + 1, template.width, {**template.cells, **cells})
    return replace(table, rows=(*table.rows, added))


def places(faults) -> list[tuple[str, str, int, str]]:
    return [(fault.rule, fault.file, fault.row, fault.column) for fault in faults]


BREAKS = [
    ("measure", "natural_history", 2, "measure", "UEMSS"),
    ("statistic", "natural_history", 2, "statistic", "average"),
    ("status", "natural_history", 2, "status", "read"),
    ("category", "cell_trials", 20, "route", "by mouth"),
    ("category", "biology", 2, "unit", "fortnight"),
    ("category", "biology", 2, "species", "unicorn"),
    ("category", "natural_history", 2, "baseline_ais", "F"),
    ("number", "natural_history", 2, "value", "about 16"),
    ("number", "calibration_targets", 2, "sd", "-1"),
    ("whole", "calibration_targets", 2, "n", "4.5"),
    ("whole", "patients_celltop_pt1", 2, "light_touch_total", "113"),
    ("year", "natural_history", 2, "year", "202"),
    ("reported", "natural_history", 2, "followup_months", "later"),
    ("grade", "patients_honmou2021", 2, "ais_6m", "B-D"),
    ("grade_range", "calibration_targets", 2, "baseline_ais", "D-B"),
    ("category_grade", "calibration_targets", 270, "category", "better"),
    ("levels", "calibration_targets", 2, "levels", "T1-C5"),
    ("levels", "calibration_targets", 2, "levels", "C1-T13"),
    ("levels_text", "natural_history", 378, "level_group", "L1-T1"),
    ("address", "natural_history", 2, "seen_at", "same"),
    ("value-missing", "natural_history", 2, "population", ""),
    ("value-missing", "calibration_targets", 2, "value", ""),
    ("duplicate-id", "biology", 7, "id", "B001"),
    ("seen-without-address", "natural_history", 2, "seen_at", ""),
    ("out-of-range", "natural_history", 2, "value", "50.1"),
    ("out-of-range", "natural_history", 2, "value", "-0.1"),
    ("out-of-range", "natural_history", 2, "spread", "SD 51"),
    ("out-of-range", "natural_history", 324, "value", "100.5"),
    ("out-of-range", "natural_history", 574, "value", "1.2"),
    ("out-of-range", "calibration_targets", 2, "value", "50.1"),
    ("out-of-range", "calibration_targets", 270, "value", "30.2"),
    ("out-of-range", "calibration_targets", 2, "sd", "51"),
    ("counts-by-grade", "grade_matrices", 5, "to_A", "1"),
    ("counts-by-grade", "grade_matrices", 15, "to_C", "21"),
    ("counts-by-grade", "grade_matrices", 5, "n_improved_ge1", "3"),
    ("improved-above-n", "grade_matrices", 6, "n_improved_ge1", "9"),
    ("improved-above-n", "cell_trials", 2, "n_improved_ge1_ais", "14"),
    ("improved-above-n", "comparator_trials", 2, "n_improved_ge1_ais", "132"),
    ("scores-add-up", "patients_celltop_pt1", 2, "lems_right", "18"),
    ("followup-before-baseline", "calibration_targets", 2, "followup_day", "0"),
    ("followup-before-baseline", "calibration_targets", 2, "baseline_day_max", "0"),
    ("category", "calibration_targets", 2, "category", "B"),
    ("category", "calibration_targets", 270, "category", ""),
    ("category", "calibration_targets", 270, "statistic", "mean"),
]
COLUMN_OF_THE_FAULT = {
    ("counts-by-grade", "to_A"): "n",
    ("counts-by-grade", "to_C"): "n",
    ("scores-add-up", "lems_right"): "lems",
}


def test_the_shipped_tables_have_no_fault():
    assert lint_package() == ()


@pytest.mark.parametrize(("rule", "name", "number", "column", "text"), BREAKS)
def test_a_broken_cell_is_named_with_its_rule_file_row_and_column(rule, name, number, column, text):
    faults = lint_table(altered(packaged_table("cordwise.evidence", name), number, **{column: text}))
    place = COLUMN_OF_THE_FAULT.get((rule, column), column)
    assert places(faults) == [(rule, f"{name}.csv", number, place)]
    assert f"{name}.csv row {number} " in faults[0].where


def test_every_kind_of_column_that_is_checked_has_a_broken_cell_above():
    free = {"id", "text", "source", "figure"}
    kinds = {column.kind for name in table_names() for column in table_schemas()[name].columns} - free
    assert kinds <= {rule for rule, *_ in BREAKS}


def test_a_row_without_citation_doi_and_address_lacks_a_source():
    blank = {"short_citation": "", "registry_or_doi": "", "seen_at": ""}
    faults = lint_table(altered(packaged_table("cordwise.evidence", "comparator_trials"), 19, **blank))
    assert places(faults) == [("missing-source", "comparator_trials.csv", 19, "short_citation")]


def test_more_improved_by_two_grades_than_by_one_is_refused():
    faults = lint_table(altered(packaged_table("cordwise.evidence", "comparator_trials"), 3, n_improved_ge2_ais="46"))
    assert places(faults) == [("improved-above-n", "comparator_trials.csv", 3, "n_improved_ge2_ais")]


def test_a_follow_up_in_months_before_the_day_of_baseline_is_refused():
    table = altered(
        packaged_table("cordwise.evidence", "natural_history"),
        2,
        baseline_time_days="30 (SD 27)",
        followup_months="0.9",
    )
    assert places(lint_table(table)) == [("followup-before-baseline", "natural_history.csv", 2, "followup_months")]


def test_a_missing_column_is_one_fault_of_the_table():
    table = packaged_table("cordwise.evidence", "patients_keio_ips2025")
    kept = tuple(column for column in table.columns if column != "sex")
    rows = tuple(
        Row(row.number, len(kept), {name: text for name, text in row.cells.items() if name != "sex"}) for row in table
    )
    faults = lint_table(replace(table, columns=kept, rows=rows))
    assert places(faults) == [("columns", "patients_keio_ips2025.csv", 0, "sex")]


def test_an_unknown_column_and_a_doubled_one_are_faults():
    text = "id,id,colour\nB001,B001,red\n"
    faults = lint_table(parse_table(text, name="biology", file="biology.csv"))
    named = {(fault.rule, fault.column, fault.expected) for fault in faults}
    assert ("columns", "colour", "the columns of the schema only") in named
    assert ("columns", "id", "one column named id") in named


def test_a_row_with_a_comma_outside_quotes_is_too_wide():
    table = packaged_table("cordwise.evidence", "biology")
    rows = (replace(table.rows[0], width=12), *table.rows[1:])
    faults = lint_table(replace(table, rows=rows))
    assert [(fault.rule, fault.row, fault.found) for fault in faults] == [("row-width", 2, "12")]


def test_counts_that_the_source_leaves_incomplete_pass_only_as_given():
    table = packaged_table("cordwise.evidence", "grade_matrices")
    number = next(row.number for row in table if row["study_id"] == "tien2019")
    assert lint_table(table) == ()
    assert [fault.rule for fault in lint_table(altered(table, number, notes="checked"))] == ["counts-by-grade"]


@pytest.mark.parametrize(("column", "text"), [("value", "16.4"), ("sd", "15.1"), ("n", "403"), ("n", "")])
def test_a_target_that_departs_from_the_row_it_names_is_found(column, text):
    targets = altered(packaged_table("cordwise.evidence", "calibration_targets"), 2, **{column: text})
    faults = targets_agree_with_their_source(targets, packaged_table("cordwise.evidence", "natural_history"))
    assert places(faults) == [("target-disagrees", "calibration_targets.csv", 2, column)]


def test_a_target_without_a_row_in_natural_history_is_found():
    targets = altered(packaged_table("cordwise.evidence", "calibration_targets"), 2, target_id="NH9999")
    faults = targets_agree_with_their_source(targets, packaged_table("cordwise.evidence", "natural_history"))
    assert places(faults) == [("target-disagrees", "calibration_targets.csv", 2, "target_id")]


NEW_ROW = {"id": "NH9001", "value": "20"}


@pytest.mark.parametrize(
    ("source", "cells"),
    [
        ("Sygen", {"registry": "Sygen", "followup_months": "1.84"}),
        ("Sygen", {"population": "GM-1 trial, all arms", "followup_months": "12"}),
        ("Sygen", {"registry": "Sygen", "followup_months": ""}),
        ("Sygen", {"source_short": "Harrop2011 via Kirshblum2021", "followup_months": "mixed"}),
        ("SCIMS", {"registry": "SCIMS"}),
        ("SCIMS", {"population": "US Model Systems, 2010-2016"}),
        ("RISCIS", {"registry": "RISCIS"}),
        ("NISCI", {"source_short": "NISCI trial"}),
        ("INSPIRE", {"population": "INSPIRE, scaffold arm"}),
        ("SPRING", {"source_short": "Cethrin trial"}),
        ("SPRING", {"population": "VX-210, all doses"}),
        ("ProCord", {"registry": "Pro-Cord"}),
        ("G-CSF", {"population": "G-CSF arm"}),
        ("Kirshblum 2022", {"source_short": "Kirshblum2022"}),
        ("Kirshblum 2022", {"source_short": "Kirshblum et al.", "year": "2022"}),
        ("Marino 2020", {"source_short": "Marino RJ, J Neurotrauma 2020"}),
        ("Kawano 2020", {"source_short": "Kawano et al."}),
        ("Aarabi 2020", {"source_short": "Aarabi et al. (2020)"}),
        ("SCI-POEM", {"registry": "SCI POEM"}),
        ("Ariji 2022", {"source_short": "Ariji2022"}),
        ("Stockholm", {"registry": "Stockholm series"}),
        ("Waters", {"registry": "Rancho Los Amigos"}),
    ],
)
def test_a_new_row_of_a_held_out_source_is_refused(source, cells):
    table = with_row(packaged_table("cordwise.evidence", "natural_history"), 2, **NEW_ROW, **cells)
    faults = lint_table(table)
    assert places(faults) == [("held-out", "natural_history.csv", 581, "source_short")]
    assert faults[0].found == f"a row of {source}"


TRIALS = {"RISCIS", "NISCI", "INSPIRE", "SPRING", "ProCord", "G-CSF"}
RECOVERY_WITHOUT_CELLS = {
    *("Kirshblum 2022", "Marino 2020", "Kawano 2020", "Aarabi 2020", "Ariji 2022"),
    *("OSCIS", "SCI-POEM", "Stockholm", "Waters"),
}
RELEASED_IN_PART = {"Sygen", "SCIMS"}


def test_the_studies_the_model_is_judged_on_are_on_the_list():
    assert {source.name for source in held_out_sources()} == TRIALS | RECOVERY_WITHOUT_CELLS | RELEASED_IN_PART


@pytest.mark.parametrize("name", [source.name for source in held_out_sources()])
@pytest.mark.parametrize(
    ("table", "column"),
    [("natural_history", "source_short"), ("calibration_targets", "source"), ("registry_targets", "source")],
)
def test_a_new_row_that_bears_the_name_of_a_held_out_source_is_refused(table, column, name):
    packaged = packaged_table("cordwise.evidence", table)
    at_a_year = {"followup_months": "12"} if table == "natural_history" else {"followup_day": "365"}
    key = table_schemas()[table].columns[0].name
    faults = lint_table(with_row(packaged, 2, **{key: "NH9001", column: name}, **at_a_year))
    assert [(fault.rule, fault.row) for fault in faults] == [("held-out", len(packaged) + 2)]
    assert name in faults[0].found


@pytest.mark.parametrize("name", ["Aarabi 2017", "Marino 1999", "Marino 2011", "Kirshblum 2004", "Kirshblum 2016"])
@pytest.mark.parametrize("via", ["", " via Kirshblum2021"])
def test_earlier_series_of_the_same_authors_are_not_held_out(name, via):
    table = packaged_table("cordwise.evidence", "natural_history")
    assert lint_table(with_row(table, 2, **NEW_ROW, source_short=name + via, year=name[-4:])) == ()


def test_released_rows_pass_as_they_are_and_with_no_other_figure():
    table = packaged_table("cordwise.evidence", "registry_targets")
    assert len(table) == 152
    assert lint_table(table) == ()
    for row in table:
        faults = lint_table(altered(table, row.number, value="0.9"))
        assert [(fault.rule, fault.row) for fault in faults] == [("held-out", row.number)]


@pytest.mark.parametrize("name", ["registry_targets", "calibration_targets"])
def test_a_result_of_sygen_at_a_year_that_was_not_released_is_refused(name):
    released = packaged_table("cordwise.evidence", "registry_targets")
    sygen = next(row for row in released if "Sygen" in row["source"] and row["followup_day"] == "365")
    extra = {**sygen.cells, "target_id": "NH9001", "value": "21.9"}
    faults = lint_table(with_row(packaged_table("cordwise.evidence", name), 2, **extra))
    assert [(fault.rule, fault.found) for fault in faults] == [("held-out", "a row of Sygen")]


BIOLOGY_OF_HELD_OUT_STUDIES = {"B073": "SCIMS", "B074": "SCIMS", "B075": "SCIMS", "B161": "NISCI", "B316": "G-CSF"}
GIVEN_FROM_THE_START = {"B071", "B170"}


def test_the_rows_of_biology_that_are_of_held_out_studies_are_these():
    given = packaged_table("cordwise.evidence", "given_rows")
    listed = {row["row"] for row in given if row["table"] == "biology"}
    assert listed == set(BIOLOGY_OF_HELD_OUT_STUDIES) | GIVEN_FROM_THE_START


@pytest.mark.parametrize(("name", "study"), BIOLOGY_OF_HELD_OUT_STUDIES.items())
def test_a_released_row_of_biology_passes_under_its_own_id_and_with_its_own_cells_only(name, study):
    table = packaged_table("cordwise.evidence", "biology")
    row = next(row for row in table if row["id"] == name)
    copy, last = with_row(table, row.number, id="B999"), len(table) + 2
    for changed, number in ((altered(table, row.number, value="9.9"), row.number), (copy, last)):
        (fault,) = lint_table(changed)
        assert (fault.rule, fault.row, fault.found) == ("held-out", number, f"a row of {study}")


@pytest.mark.parametrize(
    ("study", "cells"),
    [
        ("SCIMS", {"source": "Arch PMR 2022;103:649"}),
        ("SCIMS", {"source": "Arch PMR 2022;103(4):649"}),
        ("SCIMS", {"conditions": "SCIMS, day 16"}),
        ("SCIMS", {"seen_at": "https://example.org/characterizing-natural-recovery-people-with-tetraplegia"}),
        ("NISCI", {"source": "Weidner 2025 Lancet Neurol"}),
        ("NISCI", {"process": "anti-Nogo-A (NG101)"}),
        ("NISCI", {"doi": "10.1016/S1474-4422(24)00447-2"}),
        ("G-CSF", {"source": "Tao 2023 Front Neurosci"}),
        ("G-CSF", {"process": "G-CSF in people"}),
        ("RISCIS", {"process": "riluzole (RISCIS)"}),
    ],
)
def test_another_row_of_a_study_with_released_biology_is_refused(study, cells):
    (fault,) = lint_table(with_row(packaged_table("cordwise.evidence", "biology"), 2, id="B999", **cells))
    assert (fault.rule, fault.found) == ("held-out", f"a row of {study}")


@pytest.mark.parametrize("source", ["Weidner 2001 PNAS", "Kirshblum 2021, natural recovery after traumatic injury"])
def test_other_work_of_the_same_authors_may_stand_in_biology(source):
    assert lint_table(with_row(packaged_table("cordwise.evidence", "biology"), 2, id="B999", source=source)) == ()


def test_a_row_of_a_registry_that_was_not_released_is_refused_in_the_released_table():
    table = packaged_table("cordwise.evidence", "registry_targets")
    (fault,) = lint_table(with_row(table, len(table) + 1, target_id="NW9001", value="4"))
    assert (fault.rule, fault.found) == ("held-out", "a row that was not released")


@pytest.mark.parametrize(
    "cells",
    [
        {"registry": "Sygen", "followup_months": "0.92"},
        {"registry": "Sygen", "followup_months": "0.23"},
        {"registry": "EMSCI"},
        {"population": "cells with GM-CSF"},
    ],
)
def test_sygen_up_to_week_four_and_other_sources_may_be_added(cells):
    assert lint_table(with_row(packaged_table("cordwise.evidence", "natural_history"), 2, **NEW_ROW, **cells)) == ()


def test_a_held_out_target_after_week_four_is_refused_and_one_at_week_four_is_not():
    table = packaged_table("cordwise.evidence", "calibration_targets")
    sygen = next(row.number for row in table if "Sygen" in row["source"] and row["followup_day"] == "28")
    at_eight_weeks = with_row(table, sygen, target_id="NH9001", followup_day="56")
    assert [fault.rule for fault in lint_table(at_eight_weeks)] == ["held-out"]
    assert lint_table(with_row(table, sygen, target_id="NH9001")) == ()


def test_a_row_given_from_the_start_cannot_take_a_new_figure():
    table = packaged_table("cordwise.evidence", "natural_history")
    number = next(row.number for row in table if row["id"] == "NH0585")
    faults = lint_table(altered(table, number, value="38"))
    assert places(faults) == [("held-out", "natural_history.csv", number, "source_short")]


def test_every_given_row_still_stands_in_its_table_and_has_a_reason():
    for given in packaged_table("cordwise.evidence", "given_rows"):
        schema = table_schemas()[given["table"]]
        assert given["row"] in {schema.row_id(row) for row in packaged_table("cordwise.evidence", given["table"])}
        assert given["reason"]


def test_no_row_is_listed_that_would_pass_without_the_list():
    refused = set()
    for name, schema in table_schemas().items():
        table = packaged_table("cordwise.evidence", name)
        ids = {row.number: schema.row_id(row) for row in table}
        refused |= {(name, ids[fault.row]) for fault in held_out_results_stay_out(table, schema)}
    given = [row for row in packaged_table("cordwise.evidence", "given_rows") if row["rule"] == "held-out"]
    assert {(row["table"], row["row"]) for row in given} == refused
