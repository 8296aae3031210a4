"""The tables as they are loaded, their citations, and the mark on what was recalled."""

import polars
import pytest

from cordwise.base.errors import EvidenceError
from cordwise.evidence import cite, evidence_version, find_row, is_recalled, load_table, marked, raw_table, table_names
from cordwise.evidence.printed import first_number, plain_number


def test_every_table_loads_with_the_columns_and_rows_of_its_file():
    for name in table_names():
        table, raw = load_table(name), raw_table(name)
        assert table.height == len(raw) > 0
        assert tuple(table.columns) == raw.columns


def test_numbers_are_numbers_and_blank_cells_are_null():
    table = load_table("calibration_targets")
    assert table.schema["value"] == polars.Float64
    assert table.schema["n"] == polars.Int64
    row = table.filter(polars.col("target_id") == "NH0583").row(0, named=True)
    assert (row["value"], row["n"], row["sd"]) == (0.34, None, None)


def test_the_grade_counts_of_the_sapporo_study_give_twelve_of_thirteen():
    study = load_table("grade_matrices").filter(polars.col("study_id") == "honmou2021")
    assert (study["n"].sum(), study["n_improved_ge1"].sum()) == (13, 12)
    patients = load_table("patients_honmou2021")
    assert patients.filter(polars.col("ais_6m") > polars.col("ais_baseline")).height == 12


def test_a_table_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(EvidenceError, match="natural_history, calibration_targets"):
        load_table("natural")


def test_the_version_is_a_number_of_two_parts():
    assert len([int(part) for part in evidence_version().split(".")]) == 2


def test_a_citation_names_source_year_and_place_and_leads_to_the_text_that_was_read():
    citation = cite("natural_history", find_row("natural_history", "NH0001"))
    assert citation.label == (
        "Bourguignon2022 EMSCI tables, 10.1186/s12916-022-02395-0, longitudinal.data.uems.emsci.csv"
    )
    assert citation.url.startswith("https://github.com/jutzca/SCI_Neurological_Recovery/")
    assert citation.status == "seen"


def test_a_citation_without_an_address_leads_to_the_doi():
    citation = cite("biology", find_row("biology", "B042"))
    assert citation.url == "https://doi.org/10.1038/s41467-018-05473-1"
    assert citation.as_json()["label"] == "Duncan 2018 Nat Commun, 10.1038/s41467-018-05473-1 (recalled)"


def test_every_recalled_row_is_marked_in_its_citation_and_no_other_row_is():
    for name in table_names():
        for row in raw_table(name):
            assert cite(name, row).label.endswith("(recalled)") == is_recalled(name, row)


def test_a_recalled_reference_does_not_make_a_seen_figure_look_recalled():
    row = find_row("cell_trials", "honmou2021 / all treated")
    assert row["doi_or_pmid_or_registry"] == "JMA-IIA00154 (recalled)"
    assert cite("cell_trials", row).label == "Honmou et al., Clin Neurol Neurosurg 2021 (STR01 / Stemirac phase 2)"


def test_recalled_rows_are_counted_as_in_the_files():
    recalled = {name: sum(is_recalled(name, row) for row in raw_table(name)) for name in table_names()}
    expected = {"natural_history": 7, "cell_trials": 5, "biology": 23, "patients_honmou2021": 13, "grade_matrices": 3}
    assert {name: count for name, count in recalled.items() if count} == expected | {
        "comparator_trials": 1,
        "meta_analyses": 1,
    }


def test_a_recalled_figure_in_a_row_that_was_seen_is_marked():
    row = find_row("cell_trials", "zamani2021 / all treated")
    assert cite("cell_trials", row).status == "seen"
    assert is_recalled("cell_trials", row, "route")
    assert cite("cell_trials", row, "route").label.endswith("(recalled)")
    assert not is_recalled("cell_trials", row, "n")


def test_figures_of_a_recalled_row_carry_the_mark_and_its_names_do_not():
    row = find_row("grade_matrices", "honmou2021 / STR01 / A")
    assert marked("grade_matrices", row, "n") == "6 (recalled)"
    assert marked("grade_matrices", row, "study_id") == "honmou2021"
    seen = find_row("grade_matrices", "park2005 / BMC / A")
    assert marked("grade_matrices", seen, "n") == "6"


@pytest.mark.parametrize(
    ("text", "plain", "first"),
    [
        ("28", 28, 28),
        ("30 (SD 27)", 30, 30),
        ("<=15", None, 15),
        ("14-28", None, 14),
        ("49 (percentages imply 59)", 49, 49),
        ("acute", None, None),
        ("2e6", 2e6, 2e6),
    ],
)
def test_a_printed_figure_is_a_number_only_where_it_is_one(text, plain, first):
    assert plain_number(text) == pytest.approx(plain or float("nan"), nan_ok=True)
    assert first_number(text) == pytest.approx(first or float("nan"), nan_ok=True)
