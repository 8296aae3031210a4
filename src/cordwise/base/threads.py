"""How many threads compiled code uses; no result depends on it."""


def use_threads(workers: int | None) -> int:
    """Use so many threads, all cores when None, and return the number."""
    import numba

    most = numba.config.NUMBA_NUM_THREADS
    threads = most if workers is None else min(workers, most)
    if workers is not None:
        numba.set_num_threads(threads)
    return threads
