"""Text files read a number of lines at a time, so that neither their size nor the length of a line fills the memory."""

from typing import BinaryIO, Final

import numpy as np
from jaxtyping import Int64
from numpy import ndarray

_BLOCK: Final = 1 << 20  # bytes read at a time
_BREAK: Final = ord("\n")


class LineBlocks:
    """Whole lines of a file from its present place on.

    Of a line without an end in two blocks, which no examination has, only the first part is kept.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._rest = b""

    @property
    def position(self) -> int:
        """The byte from where the next line is read."""
        return self._file.tell() - len(self._rest)

    def next(self, count: int) -> bytes:
        """Return the next `count` lines, or as many as there are, one after the other."""
        parts, found = [self._rest], self._rest.count(b"\n")
        since_break = 0
        while found < count and (block := self._file.read(_BLOCK)):
            breaks = block.count(b"\n")
            since_break = 0 if breaks else since_break + len(block)
            if since_break <= _BLOCK:
                parts.append(block)
            found += breaks
        text = b"".join(parts)
        end = len(text) if found <= count else int(line_breaks(text)[count - 1]) + 1
        if found == count:
            end = text.rfind(b"\n") + 1
        self._rest = text[end:]
        return text[:end]


def line_breaks(text: bytes) -> Int64[ndarray, " line"]:
    """Return where the lines of a text end."""
    return np.flatnonzero(np.frombuffer(text, np.uint8) == _BREAK)
