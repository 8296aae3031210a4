"""A search on disk: where it stands, with the slopes that cost most, so that it goes on after a stop."""

import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.provenance import write_atomically
from cordwise.population.fit.simulated_figures import Point

_NAMES = ("common", "effects", "values", "slopes", "logs")


@dataclass(frozen=True, slots=True)
class KeptFit:
    """A search after some rounds; `tag` says of what.

    Attributes
    ----------
    rounds
        Rounds that are done.
    point, values, slopes
        The last point, the figures there, and the slopes of the last round.
    logs
        Logarithms of the scales.
    """

    tag: str
    rounds: int
    point: Point
    values: Float[ndarray, " figure"]
    slopes: Float[ndarray, "figure parameter"]
    logs: Float[ndarray, " scale"]


def keep(file: Path, fit: KeptFit) -> None:
    """Write a search."""
    write_atomically(file, fit_arrays(fit))


def fit_arrays(fit: KeptFit) -> bytes:
    """Return a search as the bytes of a file of arrays; slopes in single precision."""
    held = io.BytesIO()
    np.savez_compressed(
        held,
        tag=np.array(fit.tag),
        rounds=np.array(fit.rounds),
        common=fit.point.common,
        effects=fit.point.effects,
        values=fit.values,
        slopes=fit.slopes.astype(np.float32),
        logs=fit.logs,
    )
    return held.getvalue()


def kept(file: Path, tag: str) -> KeptFit | None:
    """Return the search of a file if it is one of this tag, else None."""
    try:
        found = parse_kept(file.read_bytes())
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error):  # of another version, or cut short
        return None
    return found if found.tag == tag else None


def parse_kept(data: bytes) -> KeptFit:
    """Return the search that bytes hold."""
    with np.load(io.BytesIO(data), allow_pickle=False) as held:
        common, effects, values, slopes, logs = (held[name].astype(float) for name in _NAMES)
        return KeptFit(str(held["tag"]), int(held["rounds"]), Point(common, effects), values, slopes, logs)
