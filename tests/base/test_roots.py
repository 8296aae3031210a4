from math import cos, exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from cordwise.base.roots import brent_root

FUNCTIONS = {
    "cubic": lambda x: (x - 0.3) * (x * x + 0.1),
    "steep": lambda x: exp(20 * x) - 3.0,
    "wave": lambda x: cos(x) - x,
    "step": lambda x: -1.0 if x < 0.123 else 1.0,
    "root at the low end": lambda x: x + 1.0,
    "root at the high end": lambda x: x - 2.0,
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("tolerance", [1e-14, 2e-12, 1e-6])
def test_it_is_the_root_of_scipy_to_the_last_bit(name, tolerance):
    function = FUNCTIONS[name]
    assert brent_root(function, -1.0, 2.0, tolerance=tolerance) == brentq(function, -1.0, 2.0, xtol=tolerance)


@given(st.floats(-5, 5), st.floats(0.01, 10), st.floats(0.01, 10), st.floats(0.1, 5))
def test_it_is_the_root_of_scipy_wherever_it_lies_and_gives_up_where_scipy_does(root, below, above, power):
    def function(x):
        return abs(x - root) ** power * (1 if x > root else -1)

    try:
        expected = brentq(function, root - below, root + above)
    except RuntimeError:
        with pytest.raises(ValueError, match="no root"):
            brent_root(function, root - below, root + above)
    else:
        assert brent_root(function, root - below, root + above) == expected


def test_one_sign_at_both_ends_is_refused():
    with pytest.raises(ValueError, match="unlike signs"):
        brent_root(lambda x: x * x + 1, -1.0, 1.0)
