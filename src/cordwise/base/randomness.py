"""Named random streams: a draw depends on the seed, the stream's name and the patient, and on nothing else.

Two worlds that ask the same stream for the same patient get the same numbers, so a contrast between them carries no
sampling noise of its own; and the answer for patient 17 is the same however the patients are cut into chunks.

The generator is Philox 4x64 with 10 rounds (Salmon et al. 2011), the one NumPy has, here in a compiled loop over
patients: the patient's number is part of the counter, so that any set of patients costs what its members cost.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi, sqrt

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from numpy.polynomial import Chebyshev, Polynomial
from numpy.random import Generator, Philox

from cordwise.base.compiling import njit

_ROUNDS = 10
_MULTIPLIERS = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))  # Philox 4x64, as published
_KEY_STEPS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
_HALF, _LOW, _ONE, _NONE = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(1), np.uint64(0)
_DROPPED_BITS = np.uint64(12)  # of 64; 52 bits, centred in their cells, give uniforms that are never 0 or 1
_CELL, _HALF_A_CELL = np.float32(2.0**-32), np.float32(0.5)
_EIGHTH_OF_A_TURN, _WITHIN_A_QUARTER = np.uint32(2**29), np.uint32(2**30 - 1)
_MIDDLE_OF_A_QUARTER, _QUARTER_CELL = np.int32(2**29), np.float32(2.0**-30)
_WORDS, _NORMALS = 4, 8  # words and normal deviates that one counter step gives


def _fitted(function: Callable[[ndarray], ndarray]) -> tuple[np.float32, ...]:
    """Return the coefficients of a function of the square of an angle, in quarter turns from -1/2 to 1/2.

    The interpolant of degree four at Chebyshev's nodes is within single precision of either function.
    """
    fitted = Chebyshev.interpolate(lambda square: function(np.sqrt(square)), 4, domain=[0.0, 0.25])
    return tuple(map(np.float32, fitted.convert(kind=Polynomial).coef))


_COSINE = _fitted(lambda angle: np.cos(pi / 2 * angle))
_SINE = _fitted(lambda angle: np.sin(pi / 2 * angle) / angle)


@dataclass(frozen=True, slots=True)
class Stream:
    """Random numbers of one name: those of patient `i` are the same for ever."""

    seed: int
    name: str

    def uniforms(self, width: int, ids: Int[ndarray, " patient"]) -> Float[ndarray, "patient {width}"]:
        """Return `width` uniforms in the open unit interval for each patient."""
        out = np.empty((len(ids), width))
        _fill_uniforms(*self._key_words(), np.asarray(ids, np.uint64), out)
        return out

    def normals(self, width: int, ids: Int[ndarray, " patient"]) -> Float[ndarray, "patient {width}"]:
        """Return `width` standard normals, in single precision, for each patient."""
        out = np.empty((len(ids), width), np.float32)
        _fill_normals(*self._key_words(), np.asarray(ids, np.uint64), out)
        return out

    def generator(self, *key: int) -> Generator:
        """Return a NumPy generator for draws that belong to no patient (a replicate, a bootstrap)."""
        return Generator(Philox(key=self._key(*key)))

    def _key(self, *more: int) -> int:
        words = (self.seed, self.name, *more)
        digest = hashlib.sha256("\x1f".join(map(str, words)).encode()).digest()
        return int.from_bytes(digest[:16], "little")

    def _key_words(self) -> tuple[np.uint64, np.uint64]:
        key = self._key()
        return np.uint64(key & 0xFFFFFFFFFFFFFFFF), np.uint64(key >> 64)


@dataclass(frozen=True, slots=True)
class Streams:
    """All streams of one seed; call with a name to get one."""

    seed: int

    def __call__(self, name: str) -> Stream:
        """Return the stream called `name`."""
        return Stream(self.seed, name)

    def within(self, name: str) -> "Streams":
        """Return streams of their own for a part of a run, independent of these and of those of other parts."""
        digest = hashlib.sha256(f"{self.seed}/{name}".encode()).digest()
        return Streams(int.from_bytes(digest[:4], "big") >> 1)


def resolve_seed(seed: int | None) -> int:
    """Return `seed`, or a fresh one that the caller must print and store."""
    return secrets.randbits(31) if seed is None else seed


@njit(cache=True, inline="always")
def _high_word(a: np.uint64, b: np.uint64) -> np.uint64:
    """Return the upper 64 bits of a product of two words."""
    low, cross, other = (a & _LOW) * (b & _LOW), (a & _LOW) * (b >> _HALF), (a >> _HALF) * (b & _LOW)
    carry = (low >> _HALF) + (cross & _LOW) + (other & _LOW)
    return (a >> _HALF) * (b >> _HALF) + (cross >> _HALF) + (other >> _HALF) + (carry >> _HALF)


@njit(cache=True)
def philox(
    step: np.uint64, patient: np.uint64, key_0: np.uint64, key_1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four words of counter (`step`, `patient`, 0, 0) under a key of two words."""
    a, b, c, d = step, patient, _NONE, _NONE
    for _ in range(_ROUNDS):
        high_a, low_a = _high_word(_MULTIPLIERS[0], a), _MULTIPLIERS[0] * a
        high_c, low_c = _high_word(_MULTIPLIERS[1], c), _MULTIPLIERS[1] * c
        a, b, c, d = high_c ^ b ^ key_0, low_c, high_a ^ d ^ key_1, low_a
        key_0 += _KEY_STEPS[0]
        key_1 += _KEY_STEPS[1]
    return a, b, c, d


@njit(cache=True, nogil=True)
def _fill_uniforms(key_0: np.uint64, key_1: np.uint64, ids: ndarray, out: ndarray) -> None:
    for patient in range(len(ids)):
        for step in range(-(-out.shape[1] // _WORDS)):
            words = philox(np.uint64(step), ids[patient], key_0, key_1)
            for word in range(min(_WORDS, out.shape[1] - step * _WORDS)):
                out[patient, step * _WORDS + word] = (float(words[word] >> _DROPPED_BITS) + 0.5) * 2.0**-52


@njit(cache=True, inline="always")
def _normal_pair(word: np.uint64) -> tuple[np.float32, np.float32]:
    """Return two standard normals by the method of Box and Muller (1958), in single precision.

    The lower half of the word gives the length, the upper half the turn: its quarter, and an angle within 45 degrees of
    the middle of that quarter, whose cosine and sine are polynomials.
    """
    length = (np.float32(np.uint32(word & _LOW)) + _HALF_A_CELL) * _CELL
    radius = sqrt(np.float32(-2.0) * log(length))
    turn = np.uint32(np.uint32(word >> _HALF) + _EIGHTH_OF_A_TURN)
    quarter = turn >> np.uint32(30)
    within = np.float32(np.int32(turn & _WITHIN_A_QUARTER) - _MIDDLE_OF_A_QUARTER) * _QUARTER_CELL
    square = within * within
    cosine = _polynomial(_COSINE, square)
    sine = _polynomial(_SINE, square) * within
    across, along = (sine, cosine) if quarter & np.uint32(1) else (cosine, sine)
    across = -across if quarter in (1, 2) else across
    along = -along if quarter >= np.uint32(2) else along
    return radius * across, radius * along


@njit(cache=True, inline="always")
def _polynomial(coefficients: tuple[np.float32, ...], at: np.float32) -> np.float32:
    a, b, c, d, e = coefficients
    return (((e * at + d) * at + c) * at + b) * at + a


@njit(cache=True, nogil=True)
def _fill_normals(key_0: np.uint64, key_1: np.uint64, ids: ndarray, out: ndarray) -> None:
    width = out.shape[1]
    for patient in range(len(ids)):
        for step in range(-(-width // _NORMALS)):
            words = philox(np.uint64(step), ids[patient], key_0, key_1)
            for word in range(_WORDS):
                place = step * _NORMALS + 2 * word
                if place >= width:
                    break
                first, second = _normal_pair(words[word])
                out[patient, place] = first
                if place + 1 < width:
                    out[patient, place + 1] = second
