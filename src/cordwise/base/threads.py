"""How many threads work at a time; no result depends on it."""

import os
from collections.abc import Callable, Iterable
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


def in_threads(run: Callable[[Piece], Part], pieces: Iterable[Piece]) -> list[Part]:
    """Return what `run` gives for each piece, in order; several pieces at a time, as many as compiled code has threads.

    Arithmetic of arrays and compiled code leave the interpreter free for the others. Within a piece all is done by one
    thread.
    """
    import numba

    waiting = list(pieces)
    threads = min(numba.get_num_threads(), len(waiting))
    if threads <= 1 or getattr(_here, "is_of_a_pool", False):
        return [run(piece) for piece in waiting]
    with ThreadPoolExecutor(threads, initializer=_join_the_pool) as pool:
        return list(pool.map(run, waiting))


def _join_the_pool() -> None:
    _here.is_of_a_pool = True
