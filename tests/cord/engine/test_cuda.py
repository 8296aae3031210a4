"""The time loop on an NVIDIA GPU: in the simulator everywhere, compiled where a compiler is, run where a GPU is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import cuda_in_simulator
from cordwise.base.errors import InputError
from cordwise.cli import main
from cordwise.cord import devices
from cordwise.cord.batch import run_course
from cordwise.cord.blocks import TISSUE
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.cord.tissue import TissueVisits, simulate_tissue

ACROSS_DEVICES = 1e-4
KEPT = ("spared_share", "axons_kept", "least_myelin", "conduction", "growth", "growth_to_come", "grey_lost_mm")
MISSING = devices.missing_for_cuda()
on_a_gpu = pytest.mark.skipif(MISSING is not None, reason=str(MISSING and MISSING[0]))
REGIMEN = Regimen((Dose(9.0, 1e7, Route.INTRATHECAL), Dose(30.0, 1e6, Route.INTRALESIONAL)), "allogeneic_msc", 0.7)
SEVERITY, WIDTH = np.linspace(0.05, 1.9, 300), np.tile(np.linspace(5.0, 25.0, 50), 6)


def apart(found: np.ndarray, known: np.ndarray) -> float:
    """Return the largest distance, relative to the value, or to 5% of its peak where the value is smaller."""
    return float((np.abs(found - known) / np.maximum(np.abs(known), 0.05 * np.abs(known).max() + 1e-12)).max())


def on_card(severity: np.ndarray, width_mm: np.ndarray) -> TissueVisits:
    return simulate_tissue(severity, width_mm, [1.0, 28.0, 365.0], regimen=REGIMEN, device="cuda")


@pytest.mark.slow
def test_the_kernel_gives_the_numbers_of_the_cpu_in_the_simulator_of_cuda():
    script, environment = Path(cuda_in_simulator.__file__), {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    child = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=True)
    found = json.loads(child.stdout)
    out, whole = run_course(cuda_in_simulator.course(), cuda_in_simulator.SEVERITY, cuda_in_simulator.WIDTH, whole=True)
    for quantity, field in ((out, found["out"]), (whole, found["whole"])):
        assert np.ptp(quantity) > 0
        for number in range(quantity.shape[2]):
            assert apart(np.array(field)[:, :, number], quantity[:, :, number]) < ACROSS_DEVICES


def test_a_device_that_is_none_is_a_fault_beside_the_others():
    with pytest.raises(InputError) as told:
        simulate_tissue([-1.0], [12.0], [7.0], device="abacus")
    assert [fault.where for fault in told.value.faults] == ["severity[0]", "device"]


def test_a_missing_package_ends_in_exit_2_and_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(devices, "find_spec", lambda _name: None)
    assert main(["engine", "verify", "--device", "cuda", "--patients", "1", "--quiet"]) == 2
    told = capsys.readouterr().err
    assert "numba-cuda" in told
    assert "pip install 'cordwise[gpu]'" in told


@pytest.mark.parametrize(
    ("cuda", "words"),
    [
        ({"cuda_error": lambda: "no driver\nhere:"}, "no GPU or no driver (no driver here)"),
        ({"cuda_error": lambda: None, "is_available": lambda: False}, "no CUDA compiler"),
    ],
)
def test_a_missing_driver_and_a_missing_compiler_are_told_apart(cuda, words):
    found, advice = devices._missing_on_card(SimpleNamespace(**cuda))
    assert found.startswith(words)
    assert "nstall" in advice


@pytest.mark.slow
@pytest.mark.parametrize("capability", [(8, 0), (9, 0)])
def test_the_kernel_compiles_for_cards_without_numbers_of_double_precision(capability, monkeypatch):
    pytest.importorskip("numba_cuda", reason="no package numba-cuda (extra gpu)")
    from numba import cuda, types
    from numba.cuda import dispatcher

    from cordwise.cord.engine import cuda as engine

    if not cuda.cudadrv.nvvm.is_available():
        pytest.skip("no CUDA compiler (NVVM)")
    for made in (engine.make_kernel, engine._on_card, engine._marks):
        made.cache_clear()
    monkeypatch.setattr(dispatcher, "get_current_device", lambda: SimpleNamespace(compute_capability=capability))
    real, whole = types.float32, [types.Array(types.int64, 1, "C")] * 3
    floats = [types.Array(real, axes, "C") for axes in (3, 3, 1, 1, 2, 1, 2, 3, 3, 4, 1, 4, 2, 4, 5)]
    given = (*floats[:7], *whole, *floats[7:12], real, types.int64, *floats[12:])
    ptx, _ = cuda.compile_ptx(engine.make_kernel(TISSUE, 16, np.float32).py_func, given, cc=capability)
    assert f".target sm_{capability[0]}{capability[1]}" in ptx
    assert "fma.rn.f32" in ptx
    assert ".f64" not in ptx
    assert "ld.local" not in ptx


@on_a_gpu
def test_a_gpu_gives_the_numbers_of_the_cpu():
    found = on_card(SEVERITY, WIDTH)
    known = simulate_tissue(SEVERITY, WIDTH, found.days, regimen=REGIMEN)
    assert np.array_equal(found.status, known.status)
    for name in KEPT:
        assert apart(getattr(found, name), getattr(known, name)) < ACROSS_DEVICES, name


@on_a_gpu
def test_a_patient_on_a_gpu_has_the_same_numbers_again_alone_and_in_any_order(monkeypatch):
    whole, again = on_card(SEVERITY, WIDTH), on_card(SEVERITY, WIDTH)
    order = np.random.default_rng(5).permutation(SEVERITY.size)
    shuffled, alone = on_card(SEVERITY[order], WIDTH[order]), on_card(SEVERITY[77:78], WIDTH[77:78])
    monkeypatch.setitem(devices.AT_ONCE, devices.Device.CUDA, 37)
    in_chunks = on_card(SEVERITY, WIDTH)
    for name in KEPT:
        values = getattr(whole, name)
        assert np.array_equal(values, getattr(again, name))
        assert np.array_equal(values[order], getattr(shuffled, name))
        assert np.array_equal(values[77:78], getattr(alone, name))
        assert np.array_equal(values, getattr(in_chunks, name))
