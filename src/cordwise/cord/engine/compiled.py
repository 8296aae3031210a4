"""How the functions of a model are compiled: always inlined; division by zero gives infinity, not an error."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

from numba.extending import overload, register_jitable

from cordwise.cord.engine.source_code import PLACE, place, with_places, with_typed_numbers

Function = TypeVar("Function", bound=Callable[..., Any])
Record = TypeVar("Record", bound=tuple)

# Contraction and reciprocals are allowed; NaN and infinity keep their meaning, so that a failed patient can be seen.
ARITHMETIC = frozenset({"contract", "arcp", "nsz", "reassoc", "afn"})
OPTIONS: Any = {"error_model": "numpy", "fastmath": set(ARITHMETIC)}

_REWRITTEN: dict[Any, Callable[..., Any]] = {}  # how each function of a model is written for the compiler


def part(function: Function) -> Function:
    """Decorate a function that a compiled loop is built from.

    It stays a plain function, by whose name the loop can be cached, and it is copied into the loop before compilation,
    so that the offsets of rows are constants there: only then are loops over lanes turned into vector instructions.
    Its arithmetic on lanes belongs into `scalar` functions, whose numbers have the precision of their first argument.
    """
    _REWRITTEN[function] = with_places

    @overload(function, jit_options=OPTIONS, strict=False, inline="always")
    def copied(*_arguments: object) -> Callable[..., Any]:
        return with_places(function)

    return function


def scalar(function: Function) -> Function:
    """Decorate a small function of a model, which stays callable from Python and is inlined in compiled loops.

    In compiled loops its numbers take the precision of its first argument: `1 - x` would otherwise turn a calculation
    in single precision into one in double precision.
    """
    _REWRITTEN[function] = with_typed_numbers

    @overload(function, jit_options={**OPTIONS, "forceinline": True}, strict=False)
    def compiled(*_arguments: object) -> Callable[..., Any]:
        return with_typed_numbers(function)

    return function


def reader(record: type[Record], spacing: int) -> Callable[[Any, int], Record]:
    """Return a function that reads a named tuple from every `spacing`-th place of an array, from a first place on.

    Its text is written out because a loop over so many places would not be unrolled.
    """
    places = ", ".join(f"values[{PLACE}(first + {spacing * number})]" for number in range(len(record._fields)))  # ty: ignore[missing-attribute]
    made: dict[str, Any] = {"record": record, PLACE: place}
    exec(f"def read(values, first):\n    return record({places})", made)
    _REWRITTEN[made["read"]] = _as_it_is
    return register_jitable(**OPTIONS, forceinline=True)(made["read"])


def loop(function: Function) -> Function:
    """Decorate a loop that calls the functions of a model; it is compiled as it is written.

    It is inlined too: the process that compiles a loop would otherwise link to a copy that was optimised by itself, and
    differ in the last bit from those that read the loop from the compile cache.
    """
    _REWRITTEN[function] = _as_it_is
    return register_jitable(**OPTIONS, forceinline=True)(function)


def rewritten(function: object) -> FunctionType | None:
    """Return a function of a model as every compiler is given it; None for anything else."""
    return _REWRITTEN[function](function) if isinstance(function, FunctionType) and function in _REWRITTEN else None


def _as_it_is(function: FunctionType) -> FunctionType:
    return function


def sources_digest(paths: Iterable[Path]) -> str:
    """Return the hash of source files, by which a cached compilation knows that a function it inlines has changed."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()
