"""Axis, step grid, lanes and the scheme on problems with known answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.cord.engine.axis import couplings, stretched_axis
from cordwise.cord.engine.lanes import CELLS, LANES, into_lanes, out_of_lanes, stride_of
from cordwise.cord.engine.scheme import Rows, Step, corrected, predicted, solve_signal
from cordwise.cord.engine.step_grid import StepLaw, step_grid


def test_the_axis_is_symmetric_finest_at_the_centre_and_216_mm_long():
    axis = stretched_axis()
    assert axis.centres == pytest.approx(-axis.centres[::-1])
    assert axis.widths.argmin() in (CELLS // 2 - 1, CELLS // 2)
    assert axis.widths.sum() == pytest.approx(216, abs=1)


def test_exchange_between_neighbours_conserves_what_flows():
    axis = stretched_axis()
    left, right = couplings(axis)
    assert left[0] == right[-1] == 0
    assert left[1:] * axis.widths[1:] == pytest.approx(right[:-1] * axis.widths[:-1])


@settings(max_examples=30, deadline=None)
@given(
    visits=st.lists(st.floats(0.01, 360), max_size=6),
    restarts=st.lists(st.floats(0.0, 300), max_size=3),
    end=st.floats(361, 700),
)
def test_steps_land_on_every_visit_and_dose_and_always_go_forward(visits, restarts, end):
    steps = step_grid(end, visits=visits, restarts=restarts)
    assert steps[0] == 0
    assert steps[-1] == end
    assert set(visits) | set(restarts) <= set(steps.tolist())
    assert (np.diff(steps) > 0).all()


def test_steps_restart_small_at_doses_but_not_at_visits():
    law = StepLaw()
    with_visit, with_dose = (np.diff(step_grid(90.0, **marks)) for marks in ({"visits": [40.0]}, {"restarts": [40.0]}))
    at_visit = np.searchsorted(step_grid(90.0, visits=[40.0]), 40.0)
    at_dose = np.searchsorted(step_grid(90.0, restarts=[40.0]), 40.0)
    assert with_dose[at_dose] < 5 * law.after_restart
    assert with_visit[at_visit] > 10 * law.after_restart


@given(count=st.integers(1, 40))
@settings(max_examples=10, deadline=None)
def test_patients_come_out_of_the_lanes_as_they_went_in(count):
    values = np.arange(2.0 * count).reshape(2, count)
    blocks = into_lanes(values)
    assert blocks.shape == (-(-count // LANES), 2, LANES)
    assert out_of_lanes(blocks, count).tolist() == values.T.tolist()


def test_a_constant_rate_is_solved_to_the_third_order_of_the_step():
    exact = 2 / 3 + (1 - 2 / 3) * np.exp(-3 * 0.01)
    assert predicted(1.0, 2.0, 3.0, 0.01) == pytest.approx(exact, abs=1e-7)
    assert corrected(1.0, 2.0, 3.0, 2.0, 3.0, 0.01) == pytest.approx(exact, abs=1e-7)


@given(
    st.floats(0, 10), st.floats(0, 100), st.floats(0, 1e4), st.floats(0, 100), st.floats(0, 1e4), st.floats(1e-4, 10)
)
@settings(max_examples=50, deadline=None)
def test_tissue_stays_positive_for_every_step(value, gain_0, loss_0, gain_1, loss_1, step):
    assert predicted(value, gain_0, loss_0, step) >= 0
    assert corrected(value, gain_0, loss_0, gain_1, loss_1, step) >= 0


STRIDE, ROW = stride_of(CELLS), CELLS * LANES
ROWS = Rows(trial=STRIDE, production=2 * STRIDE, loss=3 * STRIDE, before=4 * STRIDE, stride=STRIDE, cells=CELLS)
CARRY, DIFFUSIVITY = 5 * STRIDE, 6 * STRIDE


def _bell(diffusivity):
    axis = stretched_axis()
    block = np.zeros(7 * STRIDE)
    block[:ROW] = np.repeat(np.exp(-(axis.centres**2) / 50), LANES)
    block[DIFFUSIVITY : DIFFUSIVITY + LANES] = diffusivity
    return axis, block


def _march(axis, block, count, end):
    h = end / count
    for number in range(count):
        solve_signal(block, 0, ROWS, CARRY, DIFFUSIVITY, couplings(axis), Step(h, h, 1.0, float(number > 0)), LANES)
    return block[:ROW].reshape(CELLS, LANES)


def test_a_pure_diffusion_signal_keeps_its_amount_and_spreads():
    axis, block = _bell(30.0)
    before = block[:ROW].reshape(CELLS, LANES).copy()
    after = _march(axis, block, 8, 1.0)
    assert axis.widths @ after == pytest.approx(axis.widths @ before, rel=1e-12)
    assert after.max() < before.max()


def test_the_step_of_a_signal_is_of_second_order():
    ends = []
    for count in (32, 64, 128, 2048):
        axis, block = _bell(6.0)
        block[ROWS.loss : ROWS.loss + ROW] = 1.2
        ends.append(_march(axis, block, count, 2.0).copy())
    errors = [np.abs(end - ends[-1]).max() for end in ends[:-1]]
    assert 3.2 < errors[0] / errors[1] < 4.8
    assert 3.2 < errors[1] / errors[2] < 4.8
