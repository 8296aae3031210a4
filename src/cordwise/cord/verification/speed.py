"""How fast the engine is, beside other solvers at equal accuracy: same patients, same machine, same run."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median

import numba

from cordwise.base.randomness import Streams
from cordwise.cord.course import Precision
from cordwise.cord.devices import AT_ONCE, Device, device_words, missing_for_cuda
from cordwise.cord.engine.step_grid import Preset, law_of
from cordwise.cord.verification.accuracy import Reference, errors_against, solve_all
from cordwise.cord.verification.comparison import ErrorSummary, Quantities, summary
from cordwise.cord.verification.engine_runs import Run, engine_quantities, steps_a_year
from cordwise.cord.verification.lsoda import REFERENCE_RTOL
from cordwise.cord.verification.machine import this_machine
from cordwise.cord.verification.patients import REGIMENS, VISITS, Group, varied_groups
from cordwise.cord.verification.peers import PEERS, Peer, missing_packages
from cordwise.cord.verification.readouts import read_out
from cordwise.cord.verification.result import EngineBenchmark, MeasuredGpu, MeasuredPeer, MissingGpu, MissingPeer
from cordwise.cord.verification.start_up import start_up_seconds

TOLERANCES = (1e-2, 5e-3, 2.5e-3, 1.2e-3, 6e-4, 3e-4, 1.5e-4)
"""Relative tolerances that a peer is tried at, loosest first, until its error is as small as asked."""
EQUAL_ACCURACY_P99 = 1e-3
_REPEATS = 3


def benchmark_engine(
    count: int,
    peer_count: int,
    streams: Streams,
    *,
    say: Callable[[str], None] = lambda _sentence: None,
) -> EngineBenchmark:
    """Return patients a second of the engine and of its peers, with their errors on the same patients.

    Parameters
    ----------
    count, peer_count
        Patients for the engine, and the first of them for the slower peers and for all errors.
    streams
        Random streams by which the patients are drawn.
    say
        Called with a sentence before each part that takes long.
    """
    groups, few = varied_groups(count, streams), varied_groups(peer_count, streams)
    say(f"Solving {peer_count} patients by LSODA at a tolerance of {REFERENCE_RTOL:g}, as the reference")
    known = solve_all(few, rtol=REFERENCE_RTOL)
    run = Run(law_of(Preset.STANDARD), Precision.SINGLE)
    say(f"Timing the engine on {count} patients")
    one_core, all_cores = _engine_speed(groups, run)
    error = _summarised(known, [found for group in few for found in engine_quantities(group, run)])
    peers = {}
    for name in PEERS:
        say(f"Timing {name}")
        peers[name] = _peer(name, known, one_core)
    say("Timing fresh processes")
    return EngineBenchmark(
        patients=count,
        peer_patients=peer_count,
        days=tuple(VISITS),
        preset=str(Preset.STANDARD),
        steps_a_year=steps_a_year(run.law),
        patients_per_second_per_core=one_core,
        patients_per_second=all_cores,
        threads=numba.get_num_threads(),
        error_p99=error.error_p99,
        error_max=error.error_max,
        peers=peers,
        gpu=_gpu_speed(streams, run),
        start_seconds=start_up_seconds(),
        machine=this_machine(),
    )


def _engine_speed(groups: Sequence[Group], run: Run) -> tuple[float, float]:
    """Return patients a second on one core and on all."""
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        one_core = _patients_a_second(groups, run, time.process_time)
    finally:
        numba.set_num_threads(threads)
    return one_core, _patients_a_second(groups, run, time.perf_counter)


def _gpu_speed(streams: Streams, run: Run) -> MeasuredGpu | MissingGpu:
    """Return patients a second on a GPU, from the arrays of a caller back into them, or what is missing for it."""
    if missing := missing_for_cuda():
        return MissingGpu(missing=missing[0])
    count = len(REGIMENS) * AT_ONCE[Device.CUDA]
    speed = _patients_a_second(varied_groups(count, streams), replace(run, device=Device.CUDA), time.perf_counter)
    return MeasuredGpu(words=device_words(Device.CUDA), patients=AT_ONCE[Device.CUDA], patients_per_second=speed)


def _patients_a_second(groups: Sequence[Group], run: Run, clock: Callable[[], float]) -> float:
    engine_quantities(groups[0], run)  # compiled before the clock starts
    times = []
    for _ in range(_REPEATS):
        start = clock()
        for group in groups:
            engine_quantities(group, run)
        times.append(clock() - start)
    return sum(map(len, groups)) / median(times)


def _peer(name: str, known: Sequence[Reference], engine_speed: float) -> MeasuredPeer | MissingPeer:
    """Return speed and error of a peer at the loosest tolerance that keeps to the error asked for."""
    if missing := missing_packages(name):
        return MissingPeer(missing=tuple(missing))
    solvers = [PEERS[name](reference.group) for reference in known]
    for rtol in TOLERANCES:
        speed, error = _timed(solvers, known, rtol)
        if error.error_p99 <= EQUAL_ACCURACY_P99:
            break
    return MeasuredPeer(
        rtol=rtol,
        patients_per_second=speed,
        error_p99=error.error_p99,
        error_max=error.error_max,
        ratio=engine_speed / speed,
    )


def _timed(solvers: Sequence[Peer], known: Sequence[Reference], rtol: float) -> tuple[float, ErrorSummary]:
    solvers[0].solve(known[0].group.cases()[0], rtol)  # compiled before the clock starts
    solutions, seconds = [], 0.0
    for solver, reference in zip(solvers, known, strict=True):
        start = time.process_time()
        solutions.append([solver.solve(case, rtol) for case in reference.group.cases()])
        seconds += time.process_time() - start
    found = [
        read_out(reference.setting, case, solution)
        for reference, solved in zip(known, solutions, strict=True)
        for case, solution in zip(reference.group.cases(), solved, strict=True)
    ]
    return len(found) / seconds, _summarised(known, found)


def _summarised(known: Sequence[Reference], found: Sequence[Quantities]) -> ErrorSummary:
    return summary(error for patient in errors_against(known, found) for error in patient.values())
