"""A simulated population as a table."""

from dataclasses import replace

import polars as pl
import pytest

from cordwise.base.errors import InputError
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.isncsci import LEVELS
from cordwise.patient.file import read_patient
from cordwise.population import simulated
from cordwise.population.posterior import load_posterior
from cordwise.population.simulated import simulate_population

DAYS = (14, 84)
SETS = 3


@pytest.fixture(autouse=True)
def few_parameter_sets(monkeypatch):
    whole = load_posterior()
    monkeypatch.setattr(simulated, "load_posterior", lambda: replace(whole, draws=whole.draws[:SETS]))


@pytest.fixture(scope="module")
def people():
    with pytest.MonkeyPatch.context() as patch:
        whole = load_posterior()
        patch.setattr(simulated, "load_posterior", lambda: replace(whole, draws=whole.draws[:SETS]))
        return simulate_population(60, days=DAYS, seed=1)


def test_each_person_has_one_row_a_day_and_takes_the_parameter_sets_in_turn(people):
    assert people.shape[0] == 60 * len(DAYS)
    assert people["person"].to_list() == [number for number in range(60) for _ in DAYS]
    assert people["day"].to_list() == [14.0, 84.0] * 60
    assert (people["parameter_set"] == people["person"] % SETS).all()


def test_the_table_is_the_same_whatever_the_rounds_and_the_workers(people, monkeypatch):
    assert simulate_population(60, days=DAYS, seed=1, workers=1).equals(people)
    monkeypatch.setattr(simulated, "ROUND_BYTES", 40_000)
    assert simulate_population(60, days=DAYS, seed=1).equals(people)


def test_a_person_and_a_visit_are_the_same_whoever_and_whatever_else_is_asked(people):
    alone = simulate_population(10, days=[84], seed=1)
    assert alone.equals(people.filter(pl.col("day") == 84).head(10))


def test_another_seed_gives_other_people(people):
    assert not simulate_population(60, days=DAYS, seed=2).equals(people)


def test_people_of_some_grades_and_levels_are_those_of_the_whole_population(people):
    chosen = simulate_population(8, days=DAYS, grades="AB", levels="C2-T1", seed=1)
    first = chosen.filter(pl.col("day") == 14)
    assert set(first["ais"]) <= {"A", "B"}
    assert {LEVELS.index(level) for level in first["nli"]} <= set(range(LEVELS.index("C2"), LEVELS.index("T1") + 1))
    known = people.filter(pl.col("person").is_in(chosen["person"].implode()))
    assert known.equals(chosen.head(len(known)))


def test_cells_change_what_comes_after_them_and_not_who_is_chosen(people):
    cells = Regimen((Dose(20.0, 1e8, Route.INTRATHECAL),))
    treated = simulate_population(60, days=DAYS, cells=cells, seed=1)
    who = ["person", "parameter_set", "age", "sex", "centre", "severity"]
    assert treated.select(who).equals(people.select(who))
    before, after = (pl.col("day") == day for day in DAYS)
    assert treated.filter(before).equals(people.filter(before))
    gained = treated.filter(after)["total_motor"] - people.filter(after)["total_motor"]
    assert gained.mean() > 0
    chosen = simulate_population(4, days=DAYS[1:], grades="A", cells=cells, seed=1)
    assert chosen["person"].equals(simulate_population(4, days=DAYS[1:], grades="A", seed=1)["person"])


def test_totals_fit_together(people):
    assert (people["total_motor"] == people["uems"] + people["lems"]).all()
    assert people["severity"].is_between(0, 2).all()
    intact = people.filter(pl.col("ais") == "E")
    assert (intact["total_motor"] == 100).all()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"count": 0}, "count: expected 1 or more"),
        ({"days": []}, "days: .*found none"),
        ({"days": [-1, float("nan")]}, "days: .*found -1, nan"),
        ({"grades": "F"}, "grades: "),
        ({"levels": "C8-C2"}, "levels: "),
        ({"levels": "neck"}, "levels: "),
        ({"cells": read_patient("marrow_c6_a").regimen}, "cells: expected doses on known days"),
    ],
)
def test_what_is_wrong_with_an_argument_is_told(wrong, told):
    asked = {"count": 5, "days": DAYS} | wrong
    with pytest.raises(InputError, match=told):
        simulate_population(asked.pop("count"), **asked)


def test_a_kind_that_the_population_lacks_is_told(monkeypatch):
    monkeypatch.setattr(simulated, "_TRIED_BEFORE_GIVING_UP", 1000)
    with pytest.raises(InputError, match="0 among"):
        simulate_population(1, days=[365], grades="A", levels="INT-INT", seed=1)
