"""Which column of a file holds which cell: the mapping file, and the presets, which are mapping files too."""

import tomllib
from collections.abc import Mapping as Tables
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar, Final

from cordwise.base.errors import Fault, InputError
from cordwise.base.toml import faults_from, place, read_toml
from cordwise.isncsci.anatomy import DERMATOMES, MYOTOMES, SIDES
from cordwise.isncsci.files.score_codes import Words
from cordwise.isncsci.worksheet import CELLS, FAMILIES, NON_KEY_FIELD, TOP_SCORES, Cell

DEFAULT_PRESET: Final = "cordwise"
PRESETS: Final = (DEFAULT_PRESET, "redcap_ubc", "praxis_json", "sygen")
_NEVER_EMPTY: Final = (("id",), ("values", "yes"), ("values", "no"), ("choice", "normal"), ("choice", "not_normal"))
_PLACEHOLDERS = {"side": "", "level": "", "muscle": "", "visit": ""}
_PATHS = {cell.path for cell in CELLS}


@dataclass(frozen=True)
class _Table:
    """A table of the file, in which pydantic, asked to check one, allows no other keys."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}


@dataclass(frozen=True)
class ColumnPatterns(_Table):
    """Column names with {side}, {level} or {muscle}, and {visit} where the examination is told by the name."""

    motor: str
    light_touch: str
    pin_prick: str
    vac: str
    dap: str
    lowest_non_key_muscle: str | None = None


@dataclass(frozen=True)
class ChoicePatterns(_Table):
    """The columns that say whether a tagged score is to be considered normal, and the words for both."""

    motor: str
    light_touch: str
    pin_prick: str
    normal: tuple[str, ...]
    not_normal: tuple[str, ...]


@dataclass(frozen=True)
class LocalNames(_Table):
    """What a file calls sides, dermatomes and key muscles; the usual names where it says nothing."""

    side: dict[str, str] = field(default_factory=dict)
    level: dict[str, str] = field(default_factory=dict)
    muscle: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for given, known in ((self.side, SIDES), (self.level, DERMATOMES), (self.muscle, MYOTOMES)):
            strangers = sorted(set(given) - set(known))
            if strangers:
                raise ValueError(f"names for {', '.join(known)} only, not for {', '.join(strangers)}")


@dataclass(frozen=True)
class Values(_Table):
    """The words of a file beside the digits."""

    not_testable: tuple[str, ...] = ("NT",)
    yes: tuple[str, ...] = ("Yes",)
    no: tuple[str, ...] = ("No",)
    no_muscle: tuple[str, ...] = ("none",)
    tagged: str = "{score}*"

    def __post_init__(self) -> None:
        digits = {str(score) for score in range(max(TOP_SCORES.values()) + 1)}
        for one, other in (
            (self.not_testable, digits),
            (self.yes, self.no),
            (self.not_testable, (*self.yes, *self.no)),
        ):
            shared = sorted(set(one) & set(other))
            if shared:
                raise ValueError(f"words of one meaning each, not {', '.join(shared)} with two")
        if "{score}" not in self.tagged:
            raise ValueError('a text that holds "{score}"')


@dataclass(frozen=True)
class Mapping(_Table):
    """A mapping file: where each cell stands in a file and which words the file uses."""

    columns: ColumnPatterns
    name: str = "mapping"
    id: tuple[str, ...] = ("id",)
    choice: ChoicePatterns | None = None
    cells: dict[str, str] = field(default_factory=dict)
    names: LocalNames = field(default_factory=LocalNames)
    values: Values = field(default_factory=Values)

    def __post_init__(self) -> None:
        strangers = sorted(set(self.cells) - _PATHS)
        if strangers:
            raise ValueError(f"cells such as right.motor.C5, not {', '.join(strangers)}")
        for pattern in self.patterns():
            try:
                pattern.format(**_PLACEHOLDERS)
            except (KeyError, IndexError, ValueError):
                raise ValueError(
                    f"column names with no other places than {{side}}, {{level}}, {{muscle}}, {{visit}}, not {pattern}"
                ) from None

    def patterns(self) -> list[str]:
        """Return all column names as they are written in the mapping."""
        choices = [getattr(self.choice, family) for family in FAMILIES] if self.choice else []
        return [*(text for text in vars(self.columns).values() if text), *choices, *self.cells.values()]

    def words(self) -> Words:
        """Return the words as the reader takes them."""
        values = self.values
        tagged = values.tagged if self.choice else ""
        return Words(values.not_testable, values.yes, values.no, values.no_muscle, tagged)

    def pattern_of(self, cell: Cell) -> str | None:
        """Return the pattern of a cell's column, None where the file does not record it."""
        if cell.path in self.cells:
            return self.cells[cell.path]
        kind = cell.kind if cell.kind in FAMILIES else NON_KEY_FIELD
        return getattr(self.columns, cell.keys[0] if cell.kind == "finding" else kind)

    def choice_pattern_of(self, cell: Cell) -> str | None:
        """Return the pattern of the column with a score's choice, None where there is none."""
        return getattr(self.choice, cell.kind) if self.choice and cell.kind in FAMILIES else None


def mapping_of(tables: Tables[str, Any]) -> Mapping:
    """Return the mapping that tables make whose keys and types are known to be right."""
    parts = {"columns": ColumnPatterns, "choice": ChoicePatterns, "names": LocalNames, "values": Values}
    made = {key: parts[key](**_with_tuples(table)) if key in parts else table for key, table in tables.items()}
    return Mapping(**_with_tuples(made))


def _with_tuples(table: Tables[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def read_preset(name: str) -> Mapping:
    """Return one of the mappings that come with the program."""
    if name not in PRESETS:
        raise InputError([Fault("preset", f"one of {', '.join(PRESETS)}", name)])
    return mapping_of(tomllib.loads(preset_text(name)))


def preset_text(name: str) -> str:
    """Return the mapping file of a preset."""
    return files("cordwise.isncsci.files").joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")


def read_mapping(path: Path) -> Mapping:
    """Return the mapping of a TOML file; raise `InputError` with all its faults."""
    from pydantic import TypeAdapter, ValidationError

    tables = read_toml(path)
    faults = [
        Fault(place(path, keys), "at least 1 of these", "[]") for keys in _NEVER_EMPTY if _value_at(tables, keys) == []
    ]
    schema: Any = Mapping  # a dataclass serves as well as a model
    checked: TypeAdapter[Mapping] = TypeAdapter(schema)
    try:
        mapping = checked.validate_python(tables)
    except ValidationError as error:
        raise InputError([*faults, *faults_from(error, path, schema)]) from error
    if faults:
        raise InputError(faults)
    return mapping


def _value_at(tables: Any, keys: tuple[str, ...]) -> Any:  # noqa: ANN401 - whatever a file holds
    for key in keys:
        tables = tables.get(key) if isinstance(tables, dict) else None
    return tables
