"""Batches: dataclasses of arrays with one first axis, patients or replicates; some of their rows, or several as one."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

Batch = TypeVar("Batch")


def joined(parts: Sequence[Batch]) -> Batch:
    """Return several batches of one kind as one."""
    if len(parts) == 1:
        return parts[0]
    kind: Any = type(parts[0])
    return kind(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(kind)))


def of_rows(batch: Batch, chosen: np.ndarray | slice | list[int]) -> Batch:
    """Return some of the rows of a batch."""
    kind: Any = type(batch)
    return kind(*(getattr(batch, item.name)[chosen] for item in fields(kind)))
