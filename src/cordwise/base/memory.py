"""Whether this machine can hold what is asked of it, told before any work."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from cordwise.base.errors import Fault, InputError

_USABLE_SHARE = 0.8  # of the memory; the rest is left to other programs
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")
_STEP = 1000.0
_MEMORY_FILE = Path("/proc/meminfo")
_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")

BYTES: Mapping[str, float] = {
    "patient": 2_000.0,
    "reference solution": 50_000.0,
    "cord and day": 12_000.0,
    "sample of a sensitivity analysis": 200_000.0,
    "endpoint of a trial": 2_000.0,
    "parameter set": 20_000.0,
}
"""Memory that one more of each takes at the peak of a command, as measured or as the arrays add up to, rounded."""


def require_memory(argument: str, count: int, bytes_each: float) -> None:
    """Refuse a count whose patients, trials or runs this machine cannot hold.

    Parameters
    ----------
    argument
        The argument that gives the count.
    count
        How many are asked for.
    bytes_each
        Memory that each needs at the peak of the work.

    Raises
    ------
    InputError
        With the memory needed, the memory there is, and the largest count that is possible.
    """
    if faults := list(memory_faults(argument, count, bytes_each)):
        raise InputError(faults)


def memory_faults(argument: str, count: int, bytes_each: float) -> Iterator[Fault]:
    """Yield a fault where `count` things of `bytes_each` do not fit into the memory that is free."""
    usable = _USABLE_SHARE * free_memory()
    if count * bytes_each <= usable:
        return
    most = int(usable / bytes_each)
    needed = f"{count}, which need about {in_words(count * bytes_each)} of memory"
    advice = f"This machine can use {in_words(usable)} now. Ask for fewer, or use a larger machine."
    yield Fault(argument, f"at most {most} on this machine", needed, advice, is_argument=True)


def free_memory() -> float:
    """Return the bytes of memory that can be had now, and no more than the limit of a container."""
    return min(_free_of_machine(), _limit_of_container())


def in_words(count: float) -> str:
    """Return a number of bytes as people read it."""
    power = 0
    while count >= _STEP and power < len(_UNITS) - 1:
        count, power = count / _STEP, power + 1
    return f"{count:.3g} {_UNITS[power]}"


def _free_of_machine() -> float:
    try:
        lines = dict(line.split(":", 1) for line in _MEMORY_FILE.read_text(encoding="ascii").splitlines())
        kibibytes = lines["MemAvailable"].split()[0]
    except (OSError, KeyError, ValueError):  # not Linux: all of the memory, where even that is told
        return _all_memory()
    return float(kibibytes) * 1024


def _all_memory() -> float:
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return float("inf")


def _limit_of_container() -> float:
    try:
        return float(_GROUP_LIMIT.read_text(encoding="ascii"))
    except (OSError, ValueError):  # no limit is written as "max"
        return float("inf")
