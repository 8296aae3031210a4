import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from cordwise.randomness import Streams

COUNTS = st.integers(min_value=1, max_value=40)


@given(first=st.integers(0, 10_000), count=COUNTS, width=st.integers(1, 9))
def test_a_patient_draws_the_same_numbers_in_any_chunk(first, count, width):
    stream = Streams(7)("lesion")
    whole = stream.uniforms(width, count=first + count)[first:] if first < 500 else None
    chunk = stream.uniforms(width, count=count, first=first)
    one_by_one = np.concatenate([stream.uniforms(width, count=1, first=first + i) for i in range(count)])
    np.testing.assert_array_equal(chunk, one_by_one)
    if whole is not None:
        np.testing.assert_array_equal(chunk, whole)


def test_streams_differ_by_name_and_by_seed():
    lesion, visit = Streams(1)("lesion"), Streams(1)("visit")
    draws = [stream.uniforms(3, count=50) for stream in (lesion, visit, Streams(2)("lesion"))]
    correlations = np.corrcoef([draw.ravel() for draw in draws])
    assert np.abs(correlations[np.triu_indices(3, 1)]).max() < 4 / np.sqrt(150)


def test_uniforms_stay_inside_the_open_interval_and_are_uniform():
    draws = Streams(3)("any").uniforms(8, count=20_000).ravel()
    assert 0 < draws.min() < draws.max() < 1
    assert kstest(draws, "uniform").pvalue > 1e-4


def test_normals_are_finite_and_standard():
    draws = Streams(3)("any").normals(8, count=20_000).ravel()
    assert np.isfinite(draws).all()
    assert kstest(draws, "norm").pvalue > 1e-4


def test_a_generator_is_decided_by_its_key():
    stream = Streams(5)("replicate")
    assert stream.generator(1).integers(2**60) == stream.generator(1).integers(2**60)
    assert stream.generator(1).integers(2**60) != stream.generator(2).integers(2**60)
