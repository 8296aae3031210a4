"""Text files read a number of lines at a time, so that neither their size nor the length of a line fills the memory."""

from functools import partial
from itertools import islice
from typing import BinaryIO, Final

LONGEST_LINE: Final = 1 << 20
"""Bytes; an examination takes about two thousand.  Of a longer line only the first part is kept."""


def next_lines(file: BinaryIO, count: int) -> list[bytes]:
    """Return the next `count` lines of a file with their ends, or as many as there are."""
    lines: list[bytes] = []
    for line in islice(iter(partial(file.readline, LONGEST_LINE), b""), count):
        lines.append(line)
        if len(line) == LONGEST_LINE:
            _pass_over_rest(file, line)
    return lines


def _pass_over_rest(file: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(LONGEST_LINE)
