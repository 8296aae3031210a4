"""Named random streams: a draw depends on the seed, the stream's name and the patient, and on nothing else.

Two worlds that ask the same stream for the same patient get the same numbers, so a contrast between them carries no
sampling noise of its own; and the answer for patient 17 is the same however the patients are cut into chunks.
"""

import hashlib
import secrets
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from numpy.random import Philox
from scipy.special import ndtri

_WORDS_PER_BLOCK = 4  # 64-bit words in one Philox counter step
_UNIT = 2.0**-52  # 52-bit uniforms, centred in their cells: never 0 or 1, so that every normal quantile is finite


@dataclass(frozen=True, slots=True)
class Stream:
    """Random numbers of one name: row `i` belongs to patient `i` for ever."""

    seed: int
    name: str

    def uniforms(self, width: int, *, count: int, first: int = 0) -> Float[ndarray, "{count} {width}"]:
        """Return `width` uniforms in the open unit interval for each of the patients `first … first + count - 1`."""
        digest = hashlib.sha256(f"{self.seed}\x1f{self.name}\x1f{width}".encode()).digest()
        blocks = -(-width // _WORDS_PER_BLOCK)
        generator = Philox(key=int.from_bytes(digest[:16], "little"))
        generator.advance(first * blocks)
        words = generator.random_raw(count * blocks * _WORDS_PER_BLOCK).reshape(count, blocks * _WORDS_PER_BLOCK)
        return ((words[:, :width] >> np.uint64(12)) + 0.5) * _UNIT

    def normals(self, width: int, *, count: int, first: int = 0) -> Float[ndarray, "{count} {width}"]:
        """Return `width` standard normals for each patient, by inversion, so that one draw uses one number."""
        return ndtri(self.uniforms(width, count=count, first=first))

    def generator(self, *key: int) -> np.random.Generator:
        """Return a NumPy generator for draws that belong to no patient (a replicate, a bootstrap)."""
        words = (self.seed, self.name, *key)
        digest = hashlib.sha256("\x1f".join(map(str, words)).encode()).digest()
        return np.random.Generator(Philox(key=int.from_bytes(digest[:16], "little")))


@dataclass(frozen=True, slots=True)
class Streams:
    """All streams of one seed; call with a name to get one."""

    seed: int

    def __call__(self, name: str) -> Stream:
        """Return the stream called `name`."""
        return Stream(self.seed, name)


def resolve_seed(seed: int | None) -> int:
    """Return `seed`, or a fresh one that the caller must print and store."""
    return secrets.randbits(31) if seed is None else seed
