"""How many threads work at a time; no result depends on it."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import TypeVar

Piece = TypeVar("Piece")
Part = TypeVar("Part")

_here = local()  # whether this thread is one of a pool, whose pieces are not cut again


def use_threads(workers: int | None) -> int:
    """Let compiled code use so many threads, every core when None, and return the number."""
    if workers is None:
        return os.cpu_count() or 1
    import numba

    numba.set_num_threads(min(workers, numba.get_num_threads()))
    return workers


def in_threads(run: Callable[[Piece], Part], pieces: Iterable[Piece], *, workers: int | None = None) -> Iterator[Part]:
    """Yield what `run` gives for each piece, in order; `workers` pieces at a time.

    With None they are as many as compiled code has threads. Arithmetic of arrays and compiled code leave the
    interpreter free for the others. Within a piece all is done by one thread.
    """
    waiting = list(pieces)
    threads = min(threads_of_compiled_code() if workers is None else workers, len(waiting))
    if threads <= 1 or getattr(_here, "is_of_a_pool", False):
        yield from map(run, waiting)
        return
    with ThreadPoolExecutor(threads, initializer=_join_the_pool) as pool:
        yield from pool.map(run, waiting)


def threads_of_compiled_code() -> int:
    """Return how many threads `use_threads` left to compiled code."""
    import numba

    return numba.get_num_threads()


def _join_the_pool() -> None:
    _here.is_of_a_pool = True
