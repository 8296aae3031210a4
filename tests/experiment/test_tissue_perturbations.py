"""What experiments that perturb the cord found, against the model: the shipped experiment files of the facts.

How hard a lever is pulled is an assumption; direction, window and order of size are the test.
"""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.cord.parameters import Species, load_parameters
from cordwise.experiment.bands import Fact, conflicts, conflicts_of, perturbation_facts
from cordwise.experiment.facts import fact_value, run_facts
from cordwise.experiment.files import read_experiment
from cordwise.experiment.held_out import held_out
from cordwise.experiment.subjects import typical_subject
from paths import ROOT

EXPERIMENTS = ROOT / "experiments"
KNOWN_MISSES = tuple((ROOT / "tests/experiment/known_misses.txt").read_text().splitlines())


@pytest.fixture(scope="module")
def measured():
    subjects = {species: typical_subject(species, load_parameters(species)) for species in Species}
    return run_facts(EXPERIMENTS, subjects)


def _marked(band):
    misses = [pytest.mark.xfail(reason="known miss of the model", strict=True)] if band.row in KNOWN_MISSES else []
    return pytest.param(band, marks=misses, id=band.row)


@pytest.mark.parametrize("band", [_marked(fact.band) for fact in perturbation_facts()])
def test_perturbation_has_the_effect_that_experiments_found(measured, band):
    assert band.row in measured.values, measured.not_run[band.row]
    assert band.holds(measured.values[band.row][0])


def test_every_known_miss_is_a_row_of_the_table():
    assert set(KNOWN_MISSES) <= {fact.band.row for fact in perturbation_facts()}


def test_every_fact_has_an_experiment_file_that_opens_with_its_question_and_names_its_source():
    for fact in perturbation_facts():
        text = (EXPERIMENTS / f"{fact.experiment}.toml").read_text()
        assert text.startswith("# Question: ")
        assert "# Source row" in text
        assert fact.fact.startswith("T") or f"{fact.fact}" in text.split("\nname = ")[0]
    assert {fact.fact for fact in perturbation_facts()} >= {f"T{number}" for number in range(1, 12)}


def test_every_row_of_a_fact_is_run_or_says_why_not(measured):
    rows = [fact.band.row for fact in perturbation_facts()]
    assert len(rows) == len(set(rows))
    assert {*measured.values, *measured.not_run} == set(rows)
    assert not set(measured.values) & set(measured.not_run)


def test_facts_are_held_out_by_the_rule_that_knows_only_their_names():
    facts = {fact.fact: fact.band.in_fit for fact in perturbation_facts()}
    assert {fact for fact, in_fit in facts.items() if not in_fit} == held_out(facts)
    assert held_out(facts) >= {"T3", "T5", "T6", "T10"}
    assert len(held_out(facts)) > len(facts) / 3


def test_a_fact_is_held_out_whatever_the_order_of_the_facts():
    names = ["B001", "B002", "B003", "B004", "B005", "T1", "T3"]
    assert held_out(names) == held_out(names[::-1])
    assert len(held_out(names)) == 3
    assert "T1" not in held_out(names)


def test_every_band_is_as_wide_as_its_direction_allows():
    for fact in perturbation_facts():
        assert fact.band.low < fact.band.high or fact.fact == "T5"
        if fact.statistic == "difference" and fact.direction == "rise":
            assert fact.band.low > 0, fact.band.row
        if fact.statistic == "difference" and fact.direction == "fall":
            assert fact.band.high < 0, fact.band.row


def test_a_known_conflict_is_between_facts_of_the_table_and_marked_on_both():
    known = {fact.fact for fact in perturbation_facts()}
    for each in conflicts():
        assert {each.fact, each.other} <= known
        assert each.other in conflicts_of(each.fact)
        assert each.fact in conflicts_of(each.other)


def _fact(statistic, against, conditions="from 30 min", day=42.0):
    example = next(fact for fact in perturbation_facts() if fact.fact == "T3")
    return Fact(example.band, "T3", example.experiment, conditions, against, "bbb", day, statistic, "rise", "")


@pytest.mark.parametrize(
    ("statistic", "against", "expected"),
    [
        ("value", "", 9.0),
        ("difference", "", 6.0),  # against the first condition
        ("difference", "from 3 h", 2.0),
        ("difference", "from 30 min @ 7", 5.0),
        ("ratio of differences", "from 3 h", 1.5),
        ("ratio of paired differences", "from 24 h; from 3 h", 1.25),
        ("ratio of paired differences", "from 24 h; from 3 h; from 24 h", 5 / 3),
    ],
)
def test_a_condition_is_compared_with_others_and_with_other_days(statistic, against, expected):
    experiment = replace(read_experiment(EXPERIMENTS / "t03_push_to_repair.toml"), days=(7.0, 42.0))
    courses = {"vehicle": (3, 3), "from 30 min": (4, 9), "from 3 h": (3, 7), "from 24 h": (3, 4)}
    measured = {name: {"bbb": np.array([course], float)} for name, course in courses.items()}
    assert fact_value(_fact(statistic, against), experiment, measured)[0] == pytest.approx(expected)
