"""The ensemble that ships, and some of its sets spread evenly over it."""

import numpy as np
import pytest

from cordwise.population.posterior import load_posterior

POSTERIOR = load_posterior()
WHOLE = len(POSTERIOR.draws)


@pytest.mark.parametrize("count", [1, 2, 3, 17, 64, 100, 199])
def test_some_sets_are_spread_evenly_and_stand_in_order(count):
    sets, numbers = POSTERIOR.spread(count)
    assert len(sets) == len(numbers) == count
    assert sets == tuple(POSTERIOR.draws[number] for number in numbers)
    gaps = np.diff([*numbers, WHOLE])
    assert numbers[0] == 0
    assert gaps.min() >= WHOLE // count
    assert gaps.max() <= WHOLE // count + 1


@pytest.mark.parametrize("count", [None, WHOLE, WHOLE + 1, 10 * WHOLE])
def test_all_sets_are_given_when_as_many_or_none_in_particular_are_asked(count):
    sets, numbers = POSTERIOR.spread(count)
    assert sets == POSTERIOR.draws
    np.testing.assert_array_equal(numbers, np.arange(WHOLE))
