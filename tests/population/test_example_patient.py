"""A typical patient of the kind asked for, and that person's life."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS, LEVELS, level_index
from cordwise.patient.file import read_patient
from cordwise.population.example_patient import simulate_patient, typical_patient
from cordwise.population.posterior import load_posterior
from example_life import helped


@pytest.fixture(scope="module")
def request_():
    return read_patient("central_c")


def test_the_person_found_is_of_the_kind_asked_for(request_):
    life = helped()
    first = life.scores.days.index(request_.baseline_day)
    assert life.scores.without.ais[first] == request_.grade.name
    low, high = request_.levels
    assert low <= LEVELS.index(life.scores.without.nli[first]) <= high
    assert request_.age_years[0] - 0.5 <= life.patient.age <= request_.age_years[1] + 0.5
    assert life.patient.syndrome == "central"


def test_the_life_says_where_it_comes_from():
    record = helped().provenance
    assert (record.command, record.seed, record.input_name) == ("patient simulate", 1, "central_c.toml")
    assert record.options == {}


def test_both_worlds_are_the_same_before_the_cells_come():
    life, dose = helped(), helped().regimen.doses[0].day
    before = [place for place, day in enumerate(life.days) if day < dose]
    for name, grid in life.fields.without.items():
        np.testing.assert_allclose(np.array(grid)[before], np.array(life.fields.with_cells[name])[before], atol=5e-3)
    for visit, day in enumerate(life.scores.days):
        if day < dose:
            assert life.scores.without.motor[visit] == life.scores.with_cells.motor[visit]


def test_the_same_person_is_examined_on_other_days_when_asked():
    life = simulate_patient("cervical_b", days=[365, 90.0], seed=1)
    again = simulate_patient(read_patient("cervical_b"), days=[90], seed=1)
    assert life.scores.days == (40.0, 90.0, 365.0)
    assert life.provenance.options == {"days": (90.0, 365.0)}
    assert again.patient == life.patient
    assert again.scores.without.motor == life.scores.without.motor[:2]


def test_the_same_person_is_found_with_other_kinetics_and_as_many_fibres_after_a_year(request_):
    parameters = load_posterior().best
    drawn = typical_patient(request_, parameters, Streams(1))
    asked = replace(request_, kinetics={"inflammation": 1.5, "repair": 0.0})
    other = typical_patient(asked, parameters, Streams(1))
    assert other.ids == drawn.ids
    np.testing.assert_array_equal(other.tract_log_odds, drawn.tract_log_odds)
    np.testing.assert_array_equal(other.kinetics[0, [0, 3]], [1.5, 0.0])
    np.testing.assert_array_equal(other.kinetics[0, 1:3], drawn.kinetics[0, 1:3])


def test_a_cord_that_inflames_more_needs_a_milder_impact_and_the_life_names_its_kinetics(request_):
    calm, hot = (
        simulate_patient(replace(request_, kinetics={"inflammation": deviate}), days=[10], seed=1)
        for deviate in (-2, 2)
    )
    assert (calm.patient.kinetics["inflammation"], hot.patient.kinetics["inflammation"]) == (-2, 2)
    assert hot.patient.severity < calm.patient.severity
    assert max(map(max, hot.fields.without["inflammation"])) != max(map(max, calm.fields.without["inflammation"]))
    first = hot.scores.days.index(request_.baseline_day)
    assert hot.patient.ais_baseline == hot.scores.without.ais[first]


@pytest.mark.parametrize("days", [[], [14, 366], [-1], [float("nan")]])
def test_days_outside_the_first_year_are_refused(days):
    with pytest.raises(InputError, match="days: expected days of the first year") as told:
        simulate_patient("central_c", days=days)
    assert all(fault.is_argument for fault in told.value.faults)


def test_a_kind_of_patient_that_nobody_is_of_is_told(request_):
    neck = (level_index("C1"), level_index("C1"))
    nobody = replace(request_, grade=AIS.D, levels=neck, age_years=(79.9, 80.0), syndrome=None)
    with pytest.raises(InputError, match=r"AIS D, C1-C1 on day 10, 79\.9 to 80 years"):
        typical_patient(nobody, load_posterior().best, Streams(1))
