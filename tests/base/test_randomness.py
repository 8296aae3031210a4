import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Philox
from scipy.stats import kstest

from cordwise.base.randomness import Streams, philox


@settings(deadline=None)
@given(ids=st.lists(st.integers(0, 2**40), min_size=1, max_size=30), width=st.integers(1, 21))
def test_a_patient_draws_the_same_numbers_in_any_company(ids, width):
    stream = Streams(7)("lesion")
    for draw in (stream.uniforms, stream.normals):
        together = draw(width, np.array(ids))
        alone = np.concatenate([draw(width, np.array([each])) for each in ids])
        np.testing.assert_array_equal(together, alone)


def test_a_wider_draw_begins_with_the_narrower_one():
    stream = Streams(7)("lesion")
    for draw in (stream.uniforms, stream.normals):
        np.testing.assert_array_equal(draw(30, np.arange(50))[:, :7], draw(7, np.arange(50)))


def test_the_generator_is_the_philox_of_numpy():
    key, patient = 0x0123456789ABCDEF_FEDCBA9876543210, 12345
    numpy_words = Philox(key=key, counter=[0, patient, 0, 0]).random_raw(8)  # NumPy counts up before it draws
    key_words = np.uint64(key & (2**64 - 1)), np.uint64(key >> 64)
    words = [int(word) for step in (1, 2) for word in philox(np.uint64(step), np.uint64(patient), *key_words)]
    np.testing.assert_array_equal(np.array(words, np.uint64), numpy_words)


def test_streams_differ_by_name_and_by_seed():
    lesion, visit = Streams(1)("lesion"), Streams(1)("visit")
    draws = [stream.uniforms(3, np.arange(50)) for stream in (lesion, visit, Streams(2)("lesion"))]
    correlations = np.corrcoef([draw.ravel() for draw in draws])
    assert np.abs(correlations[np.triu_indices(3, 1)]).max() < 4 / np.sqrt(150)


def test_uniforms_stay_inside_the_open_interval_and_are_uniform():
    draws = Streams(3)("any").uniforms(8, np.arange(20_000))
    assert 0 < draws.min() < draws.max() < 1
    assert kstest(draws.ravel(), "uniform").pvalue > 1e-4


def test_normals_are_finite_standard_and_independent():
    draws = Streams(3)("any").normals(16, np.arange(20_000)).astype(float)
    assert np.isfinite(draws).all()
    assert kstest(draws.ravel(), "norm").pvalue > 1e-4
    between_columns = np.corrcoef(draws.T)[np.triu_indices(16, 1)]
    assert np.abs(between_columns).max() < 4.5 / np.sqrt(20_000)


def test_a_generator_is_decided_by_its_key():
    stream = Streams(5)("replicate")
    assert stream.generator(1).integers(2**60) == stream.generator(1).integers(2**60)
    assert stream.generator(1).integers(2**60) != stream.generator(2).integers(2**60)
