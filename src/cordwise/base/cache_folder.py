"""Where cordwise keeps what it can make again: one folder in the user's cache.

`CORDWISE_CACHE` names another one.  Whatever lies there may be deleted at any time; a place that cannot be written is
no error, and whoever keeps something there works without.
"""

import os
import sys
from pathlib import Path

VARIABLE = "CORDWISE_CACHE"


def cache_root() -> Path:
    """Return the folder, which need not exist yet: of `CORDWISE_CACHE`, or `cordwise` in the cache of the user."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen).expanduser().absolute()
    variable, usual = ("LOCALAPPDATA", "~/AppData/Local") if sys.platform == "win32" else ("XDG_CACHE_HOME", "~/.cache")
    place = os.environ.get(variable, "")
    if not os.path.isabs(place):  # noqa: PTH117 - the standard of freedesktop.org: a relative one is ignored
        place = os.path.expanduser(usual)  # noqa: PTH111 - of a user without a home it stays as it is
    if not os.path.isabs(place):  # noqa: PTH117
        return Path(os.devnull) / "cordwise"  # cannot be made, so nothing is kept
    return Path(place) / "cordwise"
