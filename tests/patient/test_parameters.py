import math

import polars as pl
import pytest

from cordwise.evidence import load_table
from cordwise.patient.parameters import (
    PopulationParameters,
    free_rows,
    from_working_scale,
    parameter_table,
    prior_centre,
    to_working_scale,
)
from cordwise.population.posterior import load_posterior


def test_every_parameter_has_one_row_in_order():
    assert tuple(row.name for row in parameter_table()) == PopulationParameters._fields


def test_every_row_says_where_its_number_comes_from():
    for row in parameter_table():
        assert row.status in {"seen", "recalled", "fitted", "judgement"}, row.name
        assert row.source, row.name
        assert row.meaning, row.name
        assert row.unit, row.name


def test_cited_rows_exist_in_the_evidence():
    known = set(load_table("natural_history")["id"]) | set(load_table("biology")["id"])
    cited = {part for row in parameter_table() for part in row.source.split(",") if part != "judgement"}
    assert cited <= known


def test_numbers_said_to_be_seen_are_those_of_their_evidence_row():
    table = load_table("natural_history")
    values = {row["id"]: row for row in table.filter(pl.col("registry") == "EMSCI").iter_rows(named=True)}
    p = prior_centre()
    assert float(values["NH0680"]["value"]) == pytest.approx(100 * p.male_share)
    assert float(values["NH0687"]["value"]) == pytest.approx(100 * p.cervical_share)
    for row, mean, spread in (
        ("NH0690", p.men_age_mean, p.men_age_spread),
        ("NH0691", p.women_age_mean, p.women_age_spread),
    ):
        assert float(values[row]["value"]) == mean
        assert f"SD {spread:g}" in values[row]["spread"]
    assert f"range {p.youngest_age:g}-{p.oldest_age:g}" in values["NH0679"]["spread"]


def test_the_working_scale_leads_there_and_back():
    best = load_posterior().best
    rows = free_rows()
    again = from_working_scale(to_working_scale(best, rows), rows, prior_centre())
    for name, value in best._asdict().items():
        assert math.isclose(getattr(again, name), value, rel_tol=1e-9), name
