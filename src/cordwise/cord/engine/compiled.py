"""How the functions of a model are compiled: always inlined; division by zero gives infinity, not an error."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from numba import njit
from numba.extending import register_jitable

# Contraction and reciprocals are allowed; NaN and infinity keep their meaning, so that a failed patient can be seen.
ARITHMETIC = frozenset({"contract", "arcp", "nsz", "reassoc", "afn"})
_INLINED: dict[str, Any] = {"error_model": "numpy", "fastmath": set(ARITHMETIC), "forceinline": True}

scalar: Any = njit(**_INLINED)
"""Decorate a small scalar function of a model."""

part: Any = register_jitable(**_INLINED, inline="always")
"""Decorate a function that a compiled loop is built from.

It stays a plain function, by whose name the loop can be cached, and it is copied into the loop before compilation, so
that the offsets of rows are constants there: only then are loops over lanes turned into vector instructions.
"""


def sources_digest(paths: Iterable[Path]) -> str:
    """Return the hash of source files, by which a cached compilation knows that a function it inlines has changed."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()
