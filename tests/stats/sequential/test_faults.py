"""Faults of a specification."""

import pytest

from cordwise.base.errors import InputError
from cordwise.stats.sequential import (
    BetaSpending,
    BoundarySpec,
    boundaries,
)

ALPHA = 0.025
THIRDS = (1 / 3, 2 / 3, 1)


def test_all_faults_of_a_specification_are_named_at_once():
    rule = BetaSpending("user", beta=0.99, cumulative=(0.1,), binding=True)
    with pytest.raises(InputError) as caught:
        boundaries(BoundarySpec("wang_tsiatis", futility=rule), [0.5, 0.5, 0.9], alpha=1.5)

    places = [fault.where for fault in caught.value.faults]
    assert places == [
        "alpha",
        "information",
        "information",
        "parameter",
        "futility.beta",
        "futility.cumulative",
        "futility.binding",
    ]


def test_spending_that_does_not_sum_to_alpha_is_refused():
    with pytest.raises(InputError, match=r"0\.025 spent by the last look"):
        boundaries(BoundarySpec("user", cumulative_alpha=(0.01, 0.02)), [0.5, 1], alpha=ALPHA)


def test_early_limits_that_spend_more_than_alpha_are_refused():
    with pytest.raises(InputError, match=r"spend alpha 0\.025 in all, found 0\.1"):
        boundaries(BoundarySpec("haybittle_peto", 1.5), THIRDS, alpha=ALPHA)
