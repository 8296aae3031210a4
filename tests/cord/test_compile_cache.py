"""A result must not depend on whether its process compiled the engine or found it compiled."""

import os
import subprocess
import sys

import pytest

RUN = """
import hashlib
import numpy as np
from cordwise.cord.tissue import simulate_tissue
severity, width = np.linspace(0.05, 1.9, 40), np.linspace(6, 20, 40)
found = simulate_tissue(severity, width, [1.0, 28.0, 365.0])
kept = b"".join(getattr(found, name).tobytes() for name in ("spared_share", "growth", "grey_lost_mm", "conduction"))
print(hashlib.sha256(kept).hexdigest())
"""


@pytest.mark.slow
def test_the_process_that_compiles_and_the_next_find_the_same_bits(tmp_path):
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", RUN]
    first, second = (
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout for _ in range(2)
    )
    assert first == second
