"""Parameter sets of registries not yet seen and of known ones, and the file that holds a fit."""

import json

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.patient.parameters import free_rows, to_working_scale
from cordwise.population.posterior import SETS, fit_bytes, load_posterior, parse_fit, shipped_fit
from cordwise.population.registries import directions, moved_parameters, moves, of_registry
from small_population import small_fit

FIT = small_fit(12)
POSTERIOR = FIT.unseen
WHOLE = len(POSTERIOR.draws)
FREE = [row.name for row in free_rows()]


def test_every_draw_of_the_common_parameters_has_two_registries_not_yet_seen():
    assert 2 * len(FIT.common) == WHOLE
    np.testing.assert_array_equal(POSTERIOR.parent, np.repeat(np.arange(12), 2))
    assert POSTERIOR.has_pairs
    still = sorted({row.name for row in free_rows()} - {row.name for row in moved_parameters()})
    for place in range(0, WHOLE, 2):
        first, second = POSTERIOR.draws[place : place + 2]
        assert [getattr(first, name) for name in still] == [getattr(second, name) for name in still]
        assert first != second
        assert (POSTERIOR.places[place] != POSTERIOR.places[place + 1]).all()


def test_sets_differ_from_what_registries_have_in_common_by_their_place_alone():
    rows = moved_parameters()
    for parent, place, draw in zip(POSTERIOR.parent, POSTERIOR.places, POSTERIOR.draws, strict=True):
        moved = to_working_scale(draw, rows) - to_working_scale(FIT.common[parent], rows)
        np.testing.assert_allclose(moved, moves(rows) @ place, atol=1e-9)
        assert of_registry(FIT.common[parent], place) == draw


def test_places_of_registries_not_yet_seen_spread_as_the_fit_says():
    many = small_fit(110)
    deviates = many.unseen.places / many.between[0]
    assert len(deviates) == SETS
    assert np.abs(deviates.mean()) < 4 / np.sqrt(deviates.size)
    assert deviates.std() == pytest.approx(1, abs=4 / np.sqrt(2 * deviates.size))


def test_sets_of_a_known_registry_are_one_a_draw_at_its_own_place():
    found = FIT.of_registry("sygen")
    assert (found.registry, len(found.draws), found.has_pairs) == ("Sygen", 12, False)
    np.testing.assert_array_equal(found.places, FIT.places["Sygen"])
    assert found.draws[3] == of_registry(FIT.common[3], FIT.places["Sygen"][3])


def test_a_registry_that_was_not_fitted_is_told_with_those_that_were():
    with pytest.raises(InputError, match="registry: expected one of EMSCI, Sygen, found Atlantis"):
        FIT.of_registry("Atlantis")


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 16, 23])
def test_some_sets_keep_their_pairs_and_are_spread_evenly_in_order(count):
    sets, numbers = POSTERIOR.spread(count)
    assert len(sets) == len(numbers) == count
    assert sets == tuple(POSTERIOR.draws[number] for number in numbers)
    assert (np.diff(numbers) > 0).all()
    assert numbers[0] == 0
    parents = POSTERIOR.parent[numbers]
    if count > 1:  # one set alone at most, where an odd number is asked for
        assert (np.unique(parents, return_counts=True)[1] == 1).sum() == count % 2
    gaps = np.diff([*dict.fromkeys(parents.tolist()), len(FIT.common)])
    assert gaps.max() - gaps.min() <= 1


@pytest.mark.parametrize("count", [1, 2, 5, 11])
def test_some_sets_of_a_known_registry_are_spread_evenly(count):
    numbers = FIT.of_registry("EMSCI").spread(count)[1]
    gaps = np.diff([*numbers, len(FIT.common)])
    assert len(numbers) == count
    assert gaps.max() - gaps.min() <= 1


@pytest.mark.parametrize("count", [None, WHOLE, WHOLE + 1, 10 * WHOLE])
def test_all_sets_are_given_when_as_many_or_none_in_particular_are_asked(count):
    sets, numbers = POSTERIOR.spread(count)
    assert sets == POSTERIOR.draws
    np.testing.assert_array_equal(numbers, np.arange(WHOLE))


def test_some_of_the_sets_keep_what_belongs_to_each():
    numbers = np.array([1, 6, 7])
    some = POSTERIOR.only(numbers)
    assert some.draws == tuple(POSTERIOR.draws[number] for number in numbers)
    for found, whole in ((some.parent, POSTERIOR.parent), (some.places, POSTERIOR.places)):
        np.testing.assert_array_equal(found, whole[numbers])
    np.testing.assert_array_equal(some.structure.grade, POSTERIOR.structure.grade[numbers])


def test_a_fit_of_one_draw_has_one_pair():
    assert len(small_fit(1).unseen.draws) == 2


def test_the_fit_that_ships_has_pairs_of_sets_for_every_forecast():
    found = load_posterior()
    assert len(found.draws) == SETS
    assert found.has_pairs
    assert found.registry is None
    assert {"EMSCI", "Sygen"} <= set(shipped_fit().places)
    assert load_posterior("emsci").registry == "EMSCI"


def test_a_fit_is_read_back_to_six_digits_and_then_to_the_byte():
    data = fit_bytes(FIT)
    again = parse_fit(data, "again.json")
    assert fit_bytes(again) == data
    assert again.log == FIT.log
    for one, other in zip((FIT.best, *FIT.common), (again.best, *again.common), strict=True):
        np.testing.assert_allclose(other, one, rtol=5e-6)
    np.testing.assert_allclose(again.between, FIT.between, rtol=5e-6)
    for name, places in FIT.places.items():
        np.testing.assert_allclose(again.places[name], places, rtol=5e-6)
    for name in ("grade", "missing", "dispersion"):
        np.testing.assert_allclose(getattr(again.structure, name), getattr(FIT.structure, name), rtol=5e-6)


def broken(**changes):
    """Return the file of a fit with some of its keys changed."""
    return json.dumps({**json.loads(fit_bytes(FIT)), **changes}).encode()


def faults_of(data):
    with pytest.raises(InputError) as raised:
        parse_fit(data, "given.json")
    assert all(fault.where.startswith("given.json") for fault in raised.value.faults)
    return raised.value.faults


def test_every_fault_of_a_file_is_told_at_once():
    held = json.loads(fit_bytes(FIT))
    ragged = [row[:-1] if number == 3 else row for number, row in enumerate(held["common"])]
    faults = faults_of(
        broken(
            kind="a recipe",
            version=99,
            parameters=[*FREE[:-1], "colour"],
            directions=[],
            best=held["best"][:5],
            common=ragged,
            between=[],
            structure=held["structure"][:2],
            registries={**held["registries"], "EMSCI": []},
        )
    )
    keys = {fault.where.removeprefix("given.json, ") for fault in faults}
    assert keys >= {
        "kind", "version", "parameters", "directions", "best", "common", "between", "structure", "registries, EMSCI"
    }  # fmt: skip
    assert all("population calibrate" in fault.advice for fault in faults[:4])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not JSON",
        b"\xff\xfe\x00",
        b"[1, 2]",
        b"{}",
        broken(more="than asked"),
        broken(best="a text"),
        broken(common=[[None]]),
        broken(structure=[["1", 2, 3]]),
        fit_bytes(FIT).replace(b'"best": [', b'"best": [NaN, '),
        b'{"log": {"a": ' + 100_000 * b"[" + 100_000 * b"]" + b"}}",
        fit_bytes(FIT)[:-40],
    ],
    ids=lambda data: repr(data[:24]),
)
def test_a_file_that_is_no_population_is_refused(data):
    (fault,) = faults_of(data)
    assert fault.where == "given.json"
    assert "population calibrate" in fault.expected


@pytest.mark.parametrize("key", ["best", "common", "between", "structure"])
@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_numbers_that_are_not_finite_are_refused(key, number):
    held = json.loads(fit_bytes(FIT))
    first = held[key] if key == "best" else held[key][0]
    first[0] = "HERE"
    faults_of(json.dumps(held).replace('"HERE"', number).encode())


@pytest.mark.parametrize(
    ("key", "place", "value"),
    [
        ("common", FREE.index("severe_share"), 1.5),
        ("common", FREE.index("block_days"), -3.0),
        ("best", FREE.index("severe_share"), 0.0),
        ("between", 0, -0.1),
        ("structure", 0, -0.1),
        ("structure", 1, -0.1),
        ("structure", 2, 0.0),
        ("structure", 2, 1.0),
    ],
)
def test_numbers_that_nothing_can_have_are_refused(key, place, value):
    held = json.loads(fit_bytes(FIT))
    (held[key] if key == "best" else held[key][2])[place] = value
    (fault,) = faults_of(json.dumps(held).encode())
    assert fault.where == f"given.json, {key}"
    assert f"{value:g}" in fault.found


def test_a_fit_without_registries_is_refused():
    assert [fault.where for fault in faults_of(broken(registries={}))] == ["given.json, registries"]


def test_directions_are_those_of_their_table():
    assert json.loads(fit_bytes(FIT))["directions"] == [each.name for each in directions()]
