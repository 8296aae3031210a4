"""How long a fresh process takes: to show its help, and to simulate one patient without and with the compile cache."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from tempfile import TemporaryDirectory

from cordwise.cord.verification.result import StartSeconds

_ONE_PATIENT = "from cordwise.cord.tissue import simulate_tissue; simulate_tissue([0.8], [12.0], [365.0])"
_HELP = "from cordwise.cli import main; main(['--help'])"


def start_up_seconds() -> StartSeconds:
    """Return wall-clock seconds of fresh processes, interpreter included; `first` compiles, `next` finds the cache."""
    with TemporaryDirectory() as cache:
        first = _seconds(_ONE_PATIENT, cache)
        following = _seconds(_ONE_PATIENT, cache)
    return StartSeconds(help=_seconds(_HELP), first_simulation=first, next_simulation=following)


def _seconds(program: str, compile_cache: str | None = None) -> float:
    environment = dict(os.environ)
    if compile_cache:
        environment["NUMBA_CACHE_DIR"] = compile_cache
    command: Sequence[str] = [sys.executable, "-c", program]
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start
