"""Blocks of replicates: computed by one thread or several, in order, and joined or cut as one."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import TypeVar

import numpy as np

Part = TypeVar("Part")  # a dataclass of arrays whose first axis is the replicate


def in_order(run: Callable[[int], Part], firsts: Sequence[int], workers: int) -> Iterable[Part]:
    """Yield what `run` gives for each block, in order."""
    if workers == 1:
        yield from map(run, firsts)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(run, firsts)


def joined(parts: Sequence[Part]) -> Part:
    """Return several blocks of replicates as one."""
    kind = type(parts[0])
    return kind(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(kind)))  # ty: ignore[invalid-argument-type]


def cut(part: Part, chosen: slice) -> Part:
    """Return some of the replicates."""
    return type(part)(*(getattr(part, item.name)[chosen] for item in fields(part)))  # ty: ignore[invalid-argument-type]
