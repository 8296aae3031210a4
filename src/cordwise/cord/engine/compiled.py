"""How the compiled functions of a model are compiled: always inlined, and division by zero gives infinity, not an error."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from numba import njit
from numba.extending import register_jitable

# Contraction and reciprocals are allowed; NaN and infinity keep their meaning, so that a failed patient can be seen.
ARITHMETIC = frozenset({"contract", "arcp", "nsz", "reassoc", "afn"})
_INLINED = {"error_model": "numpy", "fastmath": set(ARITHMETIC), "forceinline": True}

scalar = njit(**_INLINED)
"""Decorate a small scalar function of a model."""

part = register_jitable(**_INLINED)
"""Decorate a function that a compiled loop is built from; it stays a plain function, so that the loop can be cached."""


def sources_digest(paths: Iterable[Path]) -> str:
    """Return the hash of source files, by which a cached compilation knows that a function it inlines has changed."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()
