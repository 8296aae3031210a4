"""What the machine is and how fast it could be, so that figures of two machines can be compared."""

import os
import platform
import subprocess
import sys
from pathlib import Path

from cordwise.cord.verification.result import Machine

_CPU_INFO = Path("/proc/cpuinfo")
_ONE_THREAD = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_PRODUCT = """
import time, numpy as np
n, repeats = 1024, 10
a = np.random.default_rng(0).random((n, n), np.float32)
a @ a
times = []
for _ in range(repeats):
    start = time.perf_counter()
    a @ a
    times.append(time.perf_counter() - start)
print(2 * n**3 / min(times) / 1e9)
"""


def this_machine() -> Machine:
    """Return the processor by name, its architecture, the cores that this process may use, and the speed of one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Machine(
        processor=_processor(),
        architecture=platform.machine(),
        cores=cores,
        matrix_product_gflops_per_core=matrix_product_gflops(),
    )


def one_thread() -> dict[str, str]:
    """Return the environment of a child process that is to use one core."""
    return {**os.environ, **dict.fromkeys(_ONE_THREAD, "1")}


def matrix_product_gflops() -> float:
    """Return the speed of a single-precision matrix product on one core, which comes close to the arithmetic peak."""
    found = subprocess.run(
        [sys.executable, "-c", _PRODUCT], env=one_thread(), capture_output=True, text=True, check=True
    )
    return float(found.stdout)


def _processor() -> str:
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
