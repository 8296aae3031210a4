"""Skeletons of the continual reassessment method."""

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.stats.dose_finding import skeleton
from cordwise.stats.dose_finding.crm import CrmModel


@pytest.mark.parametrize("response", ["empiric", "logistic"])
def test_at_the_guess_the_skeleton_has_the_target_and_it_rises(response):
    rates = skeleton(0.25, doses=6, guess=4, halfwidth=0.06, model=response)
    assert rates[3] == pytest.approx(0.25)
    assert np.all(np.diff(rates) > 0)
    np.testing.assert_allclose(CrmModel(tuple(rates.tolist()), response).rates(np.array(0.0)), rates)


def test_a_skeleton_that_cannot_be_is_refused_with_every_reason():
    with pytest.raises(InputError) as caught:
        skeleton(0.05, doses=3, guess=4, halfwidth=0.1)
    assert [fault.where for fault in caught.value.faults] == ["guess", "halfwidth"]
