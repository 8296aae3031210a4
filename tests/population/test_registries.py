"""How registries differ: directions, names, and the parameters of one that lies off the mean."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.evidence import packaged_targets
from cordwise.patient.parameters import parameter_table, prior_centre, to_working_scale
from cordwise.population.registries import (
    directions,
    known_name,
    known_registries,
    moved_parameters,
    moves,
    of_registry,
    registry_of,
)


def test_every_direction_moves_known_parameters_and_says_what_it_means():
    names = {row.name for row in parameter_table()}
    for direction in directions():
        assert set(direction.parameters) <= names
        assert len(direction.weights) == len(direction.parameters)
        assert direction.spread > 0
        assert direction.meaning


def test_no_parameter_is_moved_along_two_directions():
    moved = [name for direction in directions() for name in direction.parameters]
    assert len(moved) == len(set(moved))


def test_every_packaged_figure_comes_from_a_known_registry_or_its_own_source():
    names = {registry.name for registry in known_registries()}
    fitted = {registry_of(target) for target in packaged_targets()}
    assert {"EMSCI", "Sygen"} <= fitted <= names


def test_a_figure_of_a_source_that_nobody_knows_is_a_registry_of_its_own():
    target = replace(next(iter(packaged_targets())), source="A new registry 2031")
    assert registry_of(target) == "A new registry 2031"


def test_registries_of_one_family_are_told_apart_by_name():
    families = {registry.name: registry.family for registry in known_registries()}
    assert families["Marino1999"] == families["Lee2016"] != families["EMSCI"]


@pytest.mark.parametrize("given", ["emsci", " EMSCI ", "Emsci"])
def test_a_name_is_known_whatever_its_case(given):
    assert known_name(given, ("Sygen", "EMSCI")) == "EMSCI"


def test_a_name_that_is_only_a_part_is_not_known():
    assert known_name("EMS", ("Sygen", "EMSCI")) is None


@pytest.mark.parametrize("place", range(len(directions())))
def test_a_step_along_a_direction_moves_its_parameters_by_their_weights_and_no_other(place):
    direction, step = directions()[place], np.zeros(len(directions()))
    step[place] = 0.7
    centre = prior_centre()
    found = of_registry(centre, step)
    rows = tuple(row for row in parameter_table() if row.name in direction.parameters)
    moved = to_working_scale(found, rows) - to_working_scale(centre, rows)
    weights = dict(zip(direction.parameters, direction.weights, strict=True))
    np.testing.assert_allclose(moved, [0.7 * weights[row.name] for row in rows])
    others = {name: value for name, value in found._asdict().items() if name not in direction.parameters}
    assert others == pytest.approx({name: getattr(centre, name) for name in others}, rel=1e-12)


def test_a_registry_at_the_mean_has_the_parameters_of_the_mean():
    centre = prior_centre()
    np.testing.assert_allclose(of_registry(centre, np.zeros(len(directions()))), centre, rtol=1e-12)


def test_moves_leave_out_what_is_not_asked_for():
    rows = tuple(row for row in moved_parameters() if row.name == "severe_share")
    (found,) = moves(rows)
    assert found.tolist() == [float("severe_share" in direction.parameters) for direction in directions()]
