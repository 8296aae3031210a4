"""Which column of a file holds which cell: the mapping file, and the presets, which are mapping files too."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cordwise.base.errors import Fault, InputError
from cordwise.base.toml import faults_from, read_toml
from cordwise.isncsci.anatomy import DERMATOMES, MYOTOMES, SIDES
from cordwise.isncsci.files.score_codes import Words
from cordwise.isncsci.worksheet import CELLS, FAMILIES, NON_KEY_FIELD, TOP_SCORES, Cell

DEFAULT_PRESET: Final = "cordwise"
PRESETS: Final = (DEFAULT_PRESET, "redcap_ubc", "praxis_json", "sygen")
_PLACEHOLDERS = {"side": "", "level": "", "muscle": "", "visit": ""}
_PATHS = {cell.path for cell in CELLS}


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnPatterns(_Table):
    """Column names with {side}, {level} or {muscle}, and {visit} where the examination is told by the name."""

    motor: str
    light_touch: str
    pin_prick: str
    vac: str
    dap: str
    lowest_non_key_muscle: str | None = None


class ChoicePatterns(_Table):
    """The columns that say whether a tagged score is to be considered normal, and the words for both."""

    motor: str
    light_touch: str
    pin_prick: str
    normal: tuple[str, ...] = Field(min_length=1)
    not_normal: tuple[str, ...] = Field(min_length=1)


class LocalNames(_Table):
    """What a file calls sides, dermatomes and key muscles; the usual names where it says nothing."""

    side: dict[str, str] = Field(default_factory=dict)
    level: dict[str, str] = Field(default_factory=dict)
    muscle: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> "LocalNames":
        for given, known in ((self.side, SIDES), (self.level, DERMATOMES), (self.muscle, MYOTOMES)):
            strangers = sorted(set(given) - set(known))
            if strangers:
                raise ValueError(f"names for {', '.join(known)} only, not for {', '.join(strangers)}")
        return self


class Values(_Table):
    """The words of a file beside the digits."""

    not_testable: tuple[str, ...] = ("NT",)
    yes: tuple[str, ...] = Field(("Yes",), min_length=1)
    no: tuple[str, ...] = Field(("No",), min_length=1)
    no_muscle: tuple[str, ...] = ("none",)
    tagged: str = "{score}*"

    @model_validator(mode="after")
    def _unambiguous(self) -> "Values":
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
        return self


class Mapping(_Table):
    """A mapping file: where each cell stands in a file and which words the file uses."""

    name: str = "mapping"
    id: tuple[str, ...] = Field(("id",), min_length=1)
    columns: ColumnPatterns
    choice: ChoicePatterns | None = None
    cells: dict[str, str] = Field(default_factory=dict)
    names: LocalNames = Field(default_factory=LocalNames)
    values: Values = Field(default_factory=Values)

    @model_validator(mode="after")
    def _consistent(self) -> "Mapping":
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
        return self

    def patterns(self) -> list[str]:
        """Return all column names as they are written in the mapping."""
        choices = [getattr(self.choice, family) for family in FAMILIES] if self.choice else []
        return [*(text for text in self.columns.model_dump().values() if text), *choices, *self.cells.values()]

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


def read_preset(name: str) -> Mapping:
    """Return one of the mappings that come with the program."""
    if name not in PRESETS:
        raise InputError([Fault("preset", f"one of {', '.join(PRESETS)}", name)])
    return Mapping.model_validate(tomllib.loads(preset_text(name)))


def preset_text(name: str) -> str:
    """Return the mapping file of a preset."""
    return files("cordwise.isncsci.files").joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")


def read_mapping(path: Path) -> Mapping:
    """Return the mapping of a TOML file; raise `InputError` with all its faults."""
    tables: dict[str, Any] = read_toml(path)
    try:
        return Mapping.model_validate(tables)
    except ValidationError as error:
        raise InputError(faults_from(error, path, Mapping)) from error
