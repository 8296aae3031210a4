"""The order of the tests: what must be compiled is compiled once, on one worker, while the others have plain work.

Two workers that reach the tissue model together would both compile it.  So the file that compiles it goes first, one
that compiles the classification beside it, then every file that needs neither, and the rest when both are at hand.
Workers share the cores, so each computes with one thread unless a test asks for more.
"""

import os
from pathlib import Path

import numba

_COMPILING = ("cord/engine/test_time_loop", "isncsci/files/test_batch", "appraisal/test_appraisal", "isncsci/test_twin")
_COMPILED = ("cord/", "experiment/", "patient/", "population/", "bank/", "appraisal/", "cli/", "isncsci/")
_COMPILED += ("docs/", "present/")


def pytest_configure():
    """Leave the other cores to the other workers."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        numba.set_num_threads(1)


def pytest_collection_modifyitems(items):
    """Sort the files by what they need compiled; the order within a file stays."""
    items.sort(key=lambda item: _place(item.path.relative_to(Path(__file__).parent).with_suffix("").as_posix()))


def _place(name):
    if name in _COMPILING:
        return _COMPILING.index(name)
    return len(_COMPILING) + name.startswith(_COMPILED)
