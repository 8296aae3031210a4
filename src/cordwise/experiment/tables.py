"""The tables behind an experiment: settings, hosts, levers, targets and read-outs, each number with its source."""

import difflib
from collections.abc import Iterable, Mapping
from functools import cache

from cordwise.base.assumptions import Assumption
from cordwise.base.tables import RawTable, SourcedNumber, packaged_numbers, packaged_table
from cordwise.cord.parameters import Species

_PACKAGE = "cordwise.experiment"
_LIKE, _LIKE_AS_A_WHOLE = 0.75, 0.85


def table(name: str) -> RawTable:
    """Return the table `data/<name>.csv`."""
    return packaged_table(_PACKAGE, name)


@cache
def setting(name: str, species: Species = Species.HUMAN) -> float:
    """Return one number of the settings, that of the species where it has its own."""
    return setting_row(name, species).value


def setting_row(name: str, species: Species) -> SourcedNumber:
    """Return the row of one setting."""
    return next(row for row in _settings() if row.name == name and row.species in ("both", species))


def has_setting(name: str, species: Species) -> bool:
    """Tell whether a setting exists for a species."""
    return any(row.name == name and row.species in ("both", species) for row in _settings())


def setting_assumption(name: str, species: Species) -> Assumption:
    """Return one setting as a result lists it."""
    return assumption_of(setting_row(name, species))


def assumption_of(row: SourcedNumber) -> Assumption:
    """Return a number of a table as a result lists it."""
    return Assumption(what=row.meaning, value=row.value, unit=row.unit, source=row.source, status=row.status)


def _settings() -> tuple[SourcedNumber, ...]:
    return packaged_numbers(_PACKAGE, "settings")


def plain(name: str) -> str:
    """Return a name as names are compared: lower case, every separator an underscore."""
    return "_".join(name.lower().replace("-", " ").replace("_", " ").replace("/", " ").split())


def closest(name: str, known: tuple[str, ...]) -> str:
    """Return advice that names the closest known name, or nothing."""
    close = closest_names(name, known, most=1)
    return f'Did you mean "{close[0]}"?' if close else ""


def closest_names(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known names most like a wrong one.

    Names are compared word by word, and a word that few names have weighs more: `microglia_depletion` is not like
    `macrophage_depletion`, which has only the common word.
    """
    candidates = tuple(dict.fromkeys(known))
    said = plain(name).split("_")
    words = {each: each.split("_") for each in candidates}
    weights = {word: 1 / max(sum(word in others for others in words.values()), 1) for word in said}
    scores = {each: _likeness(plain(name), each, weights) for each in candidates}
    like = sorted((each for each in candidates if scores[each] >= _LIKE), key=lambda each: -scores[each])
    return like[:most]


def _likeness(said: str, known: str, weights: Mapping[str, float]) -> float:
    """Return how alike two names are: by their words, or as a whole where they differ by a letter or two."""
    whole = difflib.SequenceMatcher(None, said, known).ratio()
    words = known.split("_")
    found = {word: max(difflib.SequenceMatcher(None, word, each).ratio() for each in words) for word in weights}
    by_word = sum(weights[word] * found[word] for word in weights) / sum(weights.values())
    return max(by_word if by_word >= _LIKE else 0.0, whole if whole >= _LIKE_AS_A_WHOLE else 0.0) + whole / 100
