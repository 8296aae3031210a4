from functools import reduce

import numpy as np
import pytest
from scipy.stats import binom

from cordwise.appraisal.expected_improvers import expectation, number_improved
from cordwise.appraisal.study import Claim


@pytest.mark.parametrize("size", [0, 1, 13, 200])
def test_people_of_one_grade_improve_as_a_binomial_says(size):
    chances = np.array([0.0, 1e-9, 0.3, 0.77, 1.0])
    expected = binom.pmf(np.arange(size + 1), size, chances[:, None])
    np.testing.assert_allclose(number_improved((size,), chances[:, None]), expected, rtol=1e-11, atol=1e-13)


def test_grades_add_up_in_every_parameter_set():
    chances = np.random.default_rng(1).uniform(size=(5, 3))
    found = number_improved((2, 3, 6), chances)
    for row, (a, b, c) in zip(found, chances, strict=True):
        of_grades = (binom.pmf(np.arange(size + 1), size, p) for size, p in ((2, a), (3, b), (6, c)))
        np.testing.assert_allclose(row, reduce(np.convolve, of_grades), rtol=1e-11)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_a_grade_that_nobody_has_adds_nothing():
    chances = np.array([[0.25, 0.5], [0.1, 0.9]])
    np.testing.assert_allclose(number_improved((4, 0), chances), number_improved((4,), chances[:, :1]))


def test_so_many_or_more_and_so_many_or_fewer_share_the_number_itself():
    claim = Claim("cells", 13, 4, {"A": 6, "C": 7}, None)
    found = expectation(claim, ("A", "C"), np.array([[0.1, 0.5], [0.2, 0.6]]))
    assert found.p_at_least + found.p_at_most == pytest.approx(1 + found.distribution[4])
