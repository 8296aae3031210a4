"""What is compiled, and for how long; and who is told when it begins.  Nothing here imports numba."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FunctionType


@dataclass(frozen=True, slots=True)
class Compilation:
    """What compiling one function took, without other kept functions that were compiled on the way.

    Seconds are those of the processor: the compiler uses one thread, and on a quiet machine they pass as such.
    """

    module: str
    function: str
    seconds: float


@dataclass(slots=True)
class CompileWatch:
    """Hears of every compilation of a function that is kept; one that begins within another is no part of it."""

    lists: list[list[Compilation]] = field(default_factory=list)
    at_first: Callable[[], None] | None = None
    _running: list[list[float]] = field(default_factory=list)  # its beginning, and the seconds of others within

    def begin(self) -> None:
        """Note that a function is being compiled, and tell the first time."""
        if self.at_first is not None:
            tell, self.at_first = self.at_first, None
            tell()
        self._running.append([time.thread_time(), 0.0])

    def end(self, function: FunctionType) -> None:
        """Note that it is compiled."""
        start, within = self._running.pop()
        whole = time.thread_time() - start
        if self._running:
            self._running[-1][1] += whole
        module = function.__module__.removeprefix("cordwise.")
        for each in self.lists:
            each.append(Compilation(module, function.__qualname__, whole - within))


WATCH = CompileWatch()  # one for the process, as there is one compiler


def tell_at_first(tell: Callable[[], None] | None) -> None:
    """Let something be called when the next function is compiled, once; nothing where None."""
    WATCH.at_first = tell


@contextmanager
def compilations() -> Generator[list[Compilation]]:
    """Yield a list to which every function is added that is compiled meanwhile."""
    found: list[Compilation] = []
    WATCH.lists.append(found)
    try:
        yield found
    finally:
        WATCH.lists.remove(found)
