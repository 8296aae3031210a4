"""Published time courses against the model: bands from experiments and patients, not from this code.

The rates were fitted to these bands, so they say what the model can hold at once and predict nothing.
"""

import pytest

from cordwise.cord.fields import FIELDS
from cordwise.cord.parameters import load_parameters
from cordwise.cord.tissue import tissue_history
from cordwise.experiment.bands import time_course_bands
from cordwise.experiment.course_measures import course_values
from cordwise.experiment.subjects import typical_subject


@pytest.fixture(scope="module")
def measured():
    return course_values(*(typical_subject(kind, load_parameters(kind)) for kind in ("rodent", "human")))


@pytest.mark.parametrize("band", time_course_bands(), ids=lambda band: band.row)
def test_time_course_lies_in_the_published_band(measured, band):
    assert band.holds(measured[band.row][0])


def test_every_measure_of_the_time_courses_has_a_band(measured):
    assert set(measured) == {band.row for band in time_course_bands()}


def test_a_history_holds_every_field_and_what_is_reckoned_from_them_on_every_day():
    history = tissue_history(0.6, 10.0, [0.0, 1.0, 30.0])
    reckoned = {"inflammation", "pressure", "flow", "mmp9", "conducting"}
    of_tracts = {"at_risk", "cst_left", "other_left", "cst_axon"}
    assert set(history.fields) == {*FIELDS, *reckoned, *of_tracts}
    assert all(values.shape == (3, history.axis_mm.size) for values in history.fields.values())
