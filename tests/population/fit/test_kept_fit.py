"""A search on disk: read back as it was, and never in place of another."""

import numpy as np
import pytest

from cordwise.population.fit.kept_fit import KeptFit, fit_arrays, keep, kept, parse_kept
from cordwise.population.fit.simulated_figures import Point

RANDOM = np.random.default_rng(1)
FIT = KeptFit(
    tag="one search",
    rounds=2,
    point=Point(RANDOM.normal(size=5), RANDOM.normal(size=(3, 2))),
    values=RANDOM.normal(size=7),
    slopes=RANDOM.normal(size=(7, 5)),
    logs=RANDOM.normal(size=5),
)


def test_a_search_is_read_back_as_it_was_but_for_the_last_digits_of_its_slopes(tmp_path):
    keep(tmp_path / "search.npz", FIT)
    found = kept(tmp_path / "search.npz", "one search")
    assert (found.tag, found.rounds) == (FIT.tag, FIT.rounds)
    np.testing.assert_array_equal(found.point.common, FIT.point.common)
    np.testing.assert_array_equal(found.point.effects, FIT.point.effects)
    np.testing.assert_array_equal(found.values, FIT.values)
    np.testing.assert_array_equal(found.logs, FIT.logs)
    np.testing.assert_allclose(found.slopes, FIT.slopes, rtol=1e-6)
    assert found.slopes.dtype == float


def test_another_search_is_not_gone_on_with(tmp_path):
    keep(tmp_path / "search.npz", FIT)
    assert kept(tmp_path / "search.npz", "another search") is None


def test_a_search_that_is_not_there_is_none(tmp_path):
    assert kept(tmp_path / "search.npz", "one search") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"PK\x03\x04 cut short",
        lambda data: b"something else",
        lambda data: data[: len(data) // 2],
        lambda data: data[:200] + bytes(100) + data[300:],
    ],
    ids=["empty", "half a header", "another file", "half", "overwritten"],
)
def test_a_damaged_search_begins_anew(tmp_path, damage):
    (tmp_path / "search.npz").write_bytes(damage(fit_arrays(FIT)))
    assert kept(tmp_path / "search.npz", "one search") is None


def test_objects_that_would_run_code_are_not_read(tmp_path):
    np.savez(tmp_path / "search.npz", tag=np.array([{"a": 1}], object))
    assert kept(tmp_path / "search.npz", "one search") is None


def test_bytes_hold_a_search():
    assert parse_kept(fit_arrays(FIT)).tag == FIT.tag
