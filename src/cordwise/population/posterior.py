"""The fitted population: what registries have in common, how far they lie apart, and what the structure still misses.

A parameter set is one possible truth about one registry. Unless a known registry is named, that is one not yet seen:
every draw of what registries have in common comes with two such registries, so that what differs within a pair is the
registry and what differs between pairs the parameters.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import msgspec
import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.base.randomness import Streams
from cordwise.base.tables import packaged_text
from cordwise.patient.parameters import PopulationParameters, free_rows, prior_centre
from cordwise.population.registries import directions, known_name, of_registry

SETS = 200
_GRADES = 5  # A to E
_OF_ONE_DRAW = 2  # registries not yet seen for each draw of what registries have in common
_SEED_OF_UNSEEN = 1
_KIND = "cordwise population"
_VERSION = 1
_DIGITS = 6
_BELOW_NOTHING = -np.finfo(float).tiny  # what lies between this and others may be 0
_OPEN_RANGES = {"log": (0.0, np.inf), "logit": (0.0, 1.0)}  # by the scale on which a parameter is fitted
_STRUCTURE_RANGES = {"grade": (_BELOW_NOTHING, np.inf), "missing": (_BELOW_NOTHING, np.inf), "dispersion": (0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class StructureSpread:
    """What parameters cannot carry, for every parameter set.

    Attributes
    ----------
    grade
        SD, in logits, of what a registry's grade converts beyond its parameters.
    missing
        Factor on the scale of what the structure misses in a mean score (`data/fit_tolerances.csv`).
    dispersion
        Intraclass correlation of the people of one registry behind a share.
    conversion
        By grade A to E, what a fitted registry converts beyond its parameters, in logits; None where only its spread is
        known.
    """

    grade: Float[ndarray, " set"]
    missing: Float[ndarray, " set"]
    dispersion: Float[ndarray, " set"]
    conversion: Float[ndarray, "set grade"] | None = None

    def __getitem__(self, chosen: ndarray) -> "StructureSpread":
        """Return that of some of the sets."""
        conversion = None if self.conversion is None else self.conversion[chosen]
        return StructureSpread(self.grade[chosen], self.missing[chosen], self.dispersion[chosen], conversion)

    def shift(self, grade: int) -> Float[ndarray, " set"]:
        """Return what is known of the conversion of a grade (A is 0) beyond the parameters, in logits."""
        return np.zeros(len(self.grade)) if self.conversion is None else self.conversion[:, grade]


@dataclass(frozen=True)
class PopulationFit:
    """The draws of a fit as its file holds them.

    Attributes
    ----------
    best
        The mean of registries: the posterior mean on the scale on which parameters are fitted.
    common
        What registries have in common, one set a draw.
    between
        SD between registries along every direction.
    places
        By the name of a registry that was fitted, where it lies along the directions.
    structure
        What the structure misses, one entry a draw.
    log
        How the fit was made.
    conversions
        By the name of a registry, what its grades A to E convert beyond its place, in logits.
    """

    best: PopulationParameters
    common: tuple[PopulationParameters, ...]
    between: Float[ndarray, "draw direction"]
    places: Mapping[str, Float[ndarray, "draw direction"]]
    structure: StructureSpread
    log: Mapping[str, Any]
    conversions: Mapping[str, Float[ndarray, "draw grade"]] = field(default_factory=dict)

    @cached_property
    def unseen(self) -> "Posterior":
        """Return the parameter sets of registries not yet seen."""
        pairs = max(1, min(len(self.common), SETS // _OF_ONE_DRAW))
        parent = np.repeat(np.arange(pairs), _OF_ONE_DRAW)
        streams = Streams(_SEED_OF_UNSEEN)
        deviates = streams("registry/unseen").normals(len(directions()), np.arange(len(parent))).astype(float)
        places = self.between[parent] * deviates
        return self._sets(parent, places, None)

    def of_registry(self, name: str) -> "Posterior":
        """Return the parameter sets of a registry that was fitted.

        Raises
        ------
        InputError
            No registry of this name was fitted; the known ones are named.
        """
        found = known_name(name, tuple(self.places))
        if found is None:
            raise InputError([Fault("registry", f"one of {', '.join(self.places)}", name)])
        return self._sets(np.arange(len(self.common)), self.places[found], found)

    def _sets(
        self, parent: Int[ndarray, " set"], places: Float[ndarray, "set direction"], name: str | None
    ) -> "Posterior":
        sets = tuple(of_registry(self.common[draw], place) for draw, place in zip(parent, places, strict=True))
        structure = self.structure[parent]
        if name is not None and name in self.conversions:
            structure = replace(structure, grade=0 * structure.grade, conversion=self.conversions[name][parent])
        return Posterior(self.best, sets, parent, structure, places, name, self)


@dataclass(frozen=True)
class Posterior:
    """Parameter sets of one registry, seen or not.

    Attributes
    ----------
    best
        The mean of registries, for one typical patient.
    draws
        The sets.
    parent
        From which draw of what registries have in common each comes; sets of one parent differ by registry alone.
    structure
        What the structure misses, set by set.
    places
        Where each set's registry lies.
    registry
        Its name; None for one not yet seen.
    fit
        The fit that the sets come from.
    """

    best: PopulationParameters
    draws: tuple[PopulationParameters, ...]
    parent: Int[ndarray, " set"]
    structure: StructureSpread
    places: Float[ndarray, "set direction"]
    registry: str | None
    fit: PopulationFit

    @property
    def log(self) -> Mapping[str, Any]:
        """Return how the fit was made."""
        return self.fit.log

    def spread(self, count: int | None = None) -> tuple[tuple[PopulationParameters, ...], Int[ndarray, " set"]]:
        """Return so many parameter sets, evenly spread over all, and their numbers; all when None.

        Sets of one parent stay together, so that what registries make can be told from what parameters make.
        """
        available = len(self.draws)
        if count is None or count >= available:
            return self.draws, np.arange(available)
        together = _OF_ONE_DRAW if self.has_pairs and count > 1 else 1
        groups, wanted = available // together, -(-count // together)
        first = (np.arange(wanted) * groups) // wanted * together
        numbers = (first[:, None] + np.arange(together)).ravel()[:count]
        return tuple(self.draws[number] for number in numbers), numbers

    @property
    def has_pairs(self) -> bool:
        """Return whether the sets come in pairs of one parent."""
        return len(self.parent) > 1 and len(self.parent) % _OF_ONE_DRAW == 0 and bool(self.parent[0] == self.parent[1])

    def only(self, numbers: Int[ndarray, " set"]) -> "Posterior":
        """Return some of the sets."""
        return replace(
            self,
            draws=tuple(self.draws[number] for number in numbers),
            parent=self.parent[numbers],
            structure=self.structure[numbers],
            places=self.places[numbers],
        )


def load_posterior(registry: str | None = None) -> Posterior:
    """Return the parameter sets of the fit that ships: of a known registry, or of one not yet seen."""
    return shipped_fit().unseen if registry is None else shipped_fit().of_registry(registry)


@cache
def shipped_fit() -> PopulationFit:
    """Return the fit that ships with the package."""
    return parse_fit(packaged_text("cordwise.population", "population.json").encode(), "population.json")


class _File(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    version: int
    parameters: list[str]
    best: list[float]
    common: list[list[float]]
    directions: list[str]
    between: list[list[float]]
    structure: list[list[float]]
    registries: dict[str, list[list[float]]]
    conversions: dict[str, list[list[float]]]
    log: dict[str, Any]


def parse_fit(data: bytes, name: str) -> PopulationFit:
    """Return the fit that bytes hold; `name` is told in faults."""
    try:
        held = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InputError([Fault(name, "a population written by `population calibrate`", str(error))]) from None
    if faults := _faults(held, name) or list(_out_of_range(held, name)):
        raise InputError(faults)
    sets = [_parameters(held.parameters, values) for values in (held.best, *held.common)]
    structure = np.array(held.structure, float).T
    return PopulationFit(
        best=sets[0],
        common=tuple(sets[1:]),
        between=np.array(held.between, float),
        places={registry: np.array(places, float) for registry, places in held.registries.items()},
        structure=StructureSpread(*structure),
        log=held.log,
        conversions={registry: np.array(found, float) for registry, found in held.conversions.items()},
    )


def fit_bytes(fit: PopulationFit) -> bytes:
    """Return a fit as the bytes of its file; numbers have six significant digits."""
    names = [row.name for row in free_rows()]
    held = _File(
        kind=_KIND,
        version=_VERSION,
        parameters=names,
        best=_rounded([getattr(fit.best, name) for name in names]),
        common=[_rounded([getattr(each, name) for name in names]) for each in fit.common],
        directions=[each.name for each in directions()],
        between=[_rounded(each) for each in fit.between],
        structure=[_rounded(each) for each in _by_draw(fit.structure)],
        registries={name: [_rounded(each) for each in places] for name, places in fit.places.items()},
        conversions={name: [_rounded(each) for each in found] for name, found in fit.conversions.items()},
        log=dict(fit.log),
    )
    return msgspec.json.format(msgspec.json.encode(held), indent=0) + b"\n"


def _by_draw(structure: StructureSpread) -> Float[ndarray, "draw part"]:
    return np.stack([structure.grade, structure.missing, structure.dispersion], axis=1)


def _rounded(values: ndarray | list[float]) -> list[float]:
    return [float(f"{value:.{_DIGITS}g}") for value in values]


def _parameters(names: list[str], values: list[float]) -> PopulationParameters:
    return prior_centre()._replace(**dict(zip(names, values, strict=True)))


def _faults(held: _File, name: str) -> "list[Fault]":
    wanted = {
        "kind": (_KIND, held.kind),
        "version": (_VERSION, held.version),
        "parameters": ([row.name for row in free_rows()], held.parameters),
        "directions": ([each.name for each in directions()], held.directions),
    }
    advice = "Make it again with this version: `cordwise population calibrate`."
    faults = [
        Fault(f"{name}, {what}", str(expected), str(found)[:200], advice)
        for what, (expected, found) in wanted.items()
        if expected != found
    ]
    shapes = {
        "best": ([held.best], 1, len(held.parameters)),
        "common": (held.common, len(held.common), len(held.parameters)),
        "between": (held.between, len(held.common), len(held.directions)),
        "structure": (held.structure, len(held.common), 3),
    } | {
        f"registries, {each}": (places, len(held.common), len(held.directions))
        for each, places in held.registries.items()
    }
    shapes |= {f"conversions, {each}": (found, len(held.common), _GRADES) for each, found in held.conversions.items()}
    for what, (rows, count, width) in shapes.items():
        found = f"{len(rows)} of {sorted({len(row) for row in rows})}"
        if not rows or len(rows) != count or any(len(row) != width for row in rows):
            faults.append(Fault(f"{name}, {what}", f"{max(count, 1)} lists of {width} numbers", found))
        elif not np.isfinite(np.array(rows, float)).all():
            faults.append(Fault(f"{name}, {what}", "finite numbers", "others"))
    if not held.registries:
        faults.append(Fault(f"{name}, registries", "one or more", "none"))
    return faults


def _out_of_range(held: _File, name: str) -> Iterator[Fault]:
    """Yield the first number of each table that nothing can have, such as a share above 1."""
    parameters = {row.name: _OPEN_RANGES.get(row.transform, (-np.inf, np.inf)) for row in free_rows()}
    tables = {
        "best": ([held.best], parameters),
        "common": (held.common, parameters),
        "between": (held.between, dict.fromkeys(held.directions, (_BELOW_NOTHING, np.inf))),
        "structure": (held.structure, _STRUCTURE_RANGES),
    }
    for what, (rows, ranges) in tables.items():
        values, (low, high) = np.array(rows, float), np.array(list(ranges.values())).T
        for row, column in np.argwhere((values <= low) | (values >= high))[:1]:
            expected = f"{list(ranges)[column]} between {max(low[column], 0):g} and {high[column]:g}"
            yield Fault(f"{name}, {what}", expected, f"{values[row, column]:g}")
