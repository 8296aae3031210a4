"""One call for people of many parameter sets gives, bit for bit, what one call for each set gives."""

from dataclasses import fields

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.cord.courses import COURSES
from cordwise.patient.counterfactual import Counterfactual, with_assumed_effect, without_cells
from cordwise.patient.outcomes import Outcomes, assess, draw_visit_noise
from cordwise.patient.parameters import ParameterSets, PopulationParameters, of_some
from cordwise.patient.patients import VirtualPatients, ages_of, draw_deviates, form_patients
from cordwise.population.posterior import load_posterior

STREAMS = Streams(5)
SETS, _ = load_posterior().spread(5)
PEOPLE = 211
LABELS = ("baseline", "day-400")
WORLDS = {
    "without cells": without_cells(),
    "an assumed effect": with_assumed_effect(1.0, dose_day=20.0, onset_days=30.0),
    "tissue as it will be": Counterfactual(),
}


@pytest.fixture(scope="module")
def deviates():
    return draw_deviates(STREAMS, count=PEOPLE)


@pytest.fixture(scope="module")
def number(deviates):
    return np.random.default_rng(3).integers(len(SETS), size=PEOPLE)


@pytest.fixture(scope="module")
def mixed(deviates, number):
    return form_patients(ParameterSets(SETS, number), deviates)


def of_set(number, each):
    chosen = np.flatnonzero(number == each)
    assert chosen.size > 10
    return chosen


def assert_same_bits(one, other, names):
    for name in names:
        left, right = getattr(one, name), getattr(other, name)
        assert left.dtype == right.dtype, name
        np.testing.assert_array_equal(left, right, err_msg=name)


@pytest.mark.parametrize("each", range(len(SETS)))
def test_people_of_many_sets_are_those_of_each(deviates, number, mixed, each):
    chosen = of_set(number, each)
    alone = form_patients(SETS[each], deviates[chosen])
    assert_same_bits(mixed[chosen], alone, [field.name for field in fields(VirtualPatients)])
    ages = ages_of(ParameterSets(SETS, number), STREAMS, np.arange(PEOPLE))
    np.testing.assert_array_equal(ages[chosen], alone.age_years)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_tissue_and_examinations_of_many_sets_are_those_of_each(number, mixed, world):
    days = np.column_stack([np.linspace(1, 30, PEOPLE), np.full(PEOPLE, 400.0)])
    noise = draw_visit_noise(STREAMS, LABELS, mixed.ids)
    together = ParameterSets(SETS, number)
    courses = world.courses(mixed, days, together)
    seen = assess(mixed, days, together, noise, world)
    for each, parameters in enumerate(SETS):
        chosen = of_set(number, each)
        own = world.courses(mixed[chosen], days[chosen], parameters)
        for name in COURSES:
            np.testing.assert_array_equal(getattr(courses, name)[chosen], getattr(own, name), err_msg=name)
        alone = assess(mixed[chosen], days[chosen], parameters, noise[chosen], world)
        assert_same_bits(seen[chosen], alone, [field.name for field in fields(Outcomes)])


def test_a_parameter_is_a_number_where_the_sets_agree_and_else_one_for_each_patient(number):
    together = ParameterSets(SETS, number)
    for name in PopulationParameters._fields:
        values, found = [getattr(each, name) for each in SETS], getattr(together, name)
        if len(set(values)) == 1:
            assert found == values[0]
            assert isinstance(found, float)
        else:
            np.testing.assert_array_equal(found, np.array(values)[number])
    with pytest.raises(AttributeError, match="colour"):
        _ = together.colour


def test_some_of_the_patients_keep_their_own_parameters(number):
    together, chosen = ParameterSets(SETS, number), np.array([5, 3, 200])
    some = of_some(together, chosen)
    np.testing.assert_array_equal(some.plasticity, together.plasticity[chosen])
    assert of_some(SETS[0], chosen) is SETS[0]


def test_parameters_of_other_patients_are_refused(mixed, number):
    days = np.full((PEOPLE, 1), 30.0)
    noise = draw_visit_noise(STREAMS, ("baseline",), mixed.ids)
    with pytest.raises(ValueError, match="parameters of 3 patients were given for 211"):
        assess(mixed, days, ParameterSets((SETS[0],), np.zeros(3, int)), noise, without_cells())
