import numpy as np
import pytest
from scipy.stats import binom

from cordwise.appraisal.expected_improvers import number_improved


@pytest.mark.parametrize("size", [0, 1, 13, 200])
def test_people_of_one_grade_improve_as_a_binomial_says(size):
    chances = np.array([0.0, 1e-9, 0.3, 0.77, 1.0])
    expected = binom.pmf(np.arange(size + 1), size, chances[:, None])
    np.testing.assert_allclose(number_improved((size,), chances[:, None]), expected, rtol=1e-11, atol=1e-13)


def test_grades_add_up():
    found = number_improved((2, 3), np.array([[0.25, 0.5]]))[0]
    one, other = binom.pmf(range(3), 2, 0.25), binom.pmf(range(4), 3, 0.5)
    np.testing.assert_allclose(found, np.convolve(one, other), rtol=1e-12)
