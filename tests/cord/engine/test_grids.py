"""Axis, step grid, lanes and the scheme on problems with known answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.cord.engine.axis import couplings, stretched_axis
from cordwise.cord.engine.lanes import CELLS, LANES, into_lanes, out_of_lanes, stride_of
from cordwise.cord.engine.scheme import Rows, Step, corrected, predicted, solve_signal
from cordwise.cord.engine.step_grid import StepLaw, nearest_step, step_grid
from cordwise.cord.engine.timetable import halved, timetable


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
    marks = np.array([*visits, *restarts, end])
    assert np.abs(steps[nearest_step(steps, marks)] - marks).max() < 1e-3 * StepLaw().steps[-1]
    assert np.isin(np.array([0.02, 1.5, 77.0]), step_grid(80.0, visits=[1.5, 77.0], restarts=[0.02])).all()
    assert (np.diff(steps) > 0).all()


@settings(max_examples=20, deadline=None)
@given(day=st.floats(0.01, 300), apart=st.floats(0, 1e-6))
def test_marks_closer_than_a_sliver_of_a_step_are_one(day, apart):
    plain, close = (step_grid(400.0, visits=visits) for visits in ([day], [day, day + apart]))
    assert plain.tolist() == close.tolist()
    for restarts in ([day, day + apart], [day]):
        assert step_grid(400.0, visits=[day + apart], restarts=restarts).tolist() == (
            step_grid(400.0, restarts=[day]).tolist()
        )
    assert step_grid(day, visits=[apart]).tolist() == step_grid(day).tolist()


def test_a_timetable_places_jumps_segments_and_readings_on_the_nearest_steps():
    table = timetable(
        np.array([0.0, 1.0, 2.0, 3.0]),
        np.array([0.0, 2.0, 2.0 + 1e-12, 3.0]),
        restarts=[2.0 - 1e-12],
        jumps=[1.0, 1.0 + 1e-12, 3.0 - 1e-12],
        segments=[0.0, 2.0 + 1e-12],
    )
    assert table.ends.tolist() == [0, 1, 1, 1, 2, 2, 3]
    assert table.jump.tolist() == [-1, -1, 0, 1, -1, -1, -1]  # nothing settles on the last day
    assert table.segment.tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert table.reading.tolist() == [0, -1, -1, -1, 1, -1, 2]
    assert table.reading_of_visit.tolist() == [0, 1, 1, 2]


def test_a_halved_timetable_has_the_same_events_in_twice_the_steps():
    days = np.array([0.0, 1.0, 3.0, 4.0])
    whole = timetable(days, np.array([1.0, 4.0]), restarts=[1.0], jumps=[3.0], segments=[0.0, 1.0])
    half = halved(whole)
    twice = np.array([0.0, 0.5, 1.0, 2.0, 3.0, 3.5, 4.0])
    expected = timetable(twice, np.array([1.0, 4.0]), restarts=[1.0], jumps=[3.0], segments=[0.0, 1.0])
    for name in ("ends", "lengths", "jump", "segment", "reading"):
        assert getattr(half, name).tolist() == getattr(expected, name).tolist(), name


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


def _run_time_loop(axis, block, count, end):
    h = end / count
    for number in range(count):
        solve_signal(block, 0, ROWS, CARRY, DIFFUSIVITY, couplings(axis), Step(h, h, 1.0, float(number > 0)), LANES)
    return block[:ROW].reshape(CELLS, LANES)


def test_a_pure_diffusion_signal_keeps_its_amount_and_spreads():
    axis, block = _bell(30.0)
    before = block[:ROW].reshape(CELLS, LANES).copy()
    after = _run_time_loop(axis, block, 8, 1.0)
    assert axis.widths @ after == pytest.approx(axis.widths @ before, rel=1e-12)
    assert after.max() < before.max()


@pytest.mark.parametrize("behind", [0.0, 0.7, 1.0])
def test_the_implicit_solve_of_a_signal_is_that_of_a_dense_matrix(behind):
    axis, block = _bell(0.0)
    random, h = np.random.default_rng(3), 0.4
    value, made, lost = random.uniform(0.2, 2, (3, CELLS, LANES))
    before = value * random.uniform(0.8, 1.1, (CELLS, LANES))  # so that no solution is below 0, which would be cut off
    diffusivity = random.uniform(0, 30, LANES)
    for first, values in ((0, value), (ROWS.before, before), (ROWS.production, made), (ROWS.loss, lost)):
        block[first : first + ROW] = values.ravel()
    block[DIFFUSIVITY : DIFFUSIVITY + LANES] = diffusivity
    solve_signal(block, 0, ROWS, CARRY, DIFFUSIVITY, couplings(axis), Step(h, h, 0.8, behind), LANES)
    implicit = h * (1 + behind) / (1 + 2 * behind)
    known = ((1 + behind) ** 2 * value - behind**2 * before) / (1 + 2 * behind) + implicit * made
    left, right = couplings(axis)
    exchange = np.diag(left[1:], -1) + np.diag(right[:-1], 1) - np.diag(left + right)
    for lane in range(LANES):
        matrix = np.eye(CELLS) - implicit * (diffusivity[lane] * exchange - np.diag(lost[:, lane]))
        solved = np.linalg.solve(matrix, known[:, lane])
        assert block[:ROW].reshape(CELLS, LANES)[:, lane] == pytest.approx(solved, rel=1e-10, abs=1e-12)
        ahead = np.maximum(solved + 0.8 * (solved - value[:, lane]), 0)
        trial = block[ROWS.trial : ROWS.trial + ROW].reshape(CELLS, LANES)[:, lane]
        assert trial == pytest.approx(ahead, rel=1e-9, abs=1e-10)


def test_the_step_of_a_signal_is_of_second_order():
    ends = []
    for count in (32, 64, 128, 2048):
        axis, block = _bell(6.0)
        block[ROWS.loss : ROWS.loss + ROW] = 1.2
        ends.append(_run_time_loop(axis, block, count, 2.0).copy())
    errors = [np.abs(end - ends[-1]).max() for end in ends[:-1]]
    assert 3.2 < errors[0] / errors[1] < 4.8
    assert 3.2 < errors[1] / errors[2] < 4.8
