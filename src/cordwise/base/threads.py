"""How many threads compiled code uses; no result depends on it."""

import os


def use_threads(workers: int | None) -> int:
    """Let compiled code use so many threads, every core when None, and return the number."""
    if workers is None:
        return os.cpu_count() or 1
    import numba

    numba.set_num_threads(min(workers, numba.get_num_threads()))
    return workers
