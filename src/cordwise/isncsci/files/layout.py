"""How a file is to be read: its mapping, the policies of the reader, and the visit that is wanted."""

from dataclasses import dataclass, replace
from pathlib import Path

from cordwise.isncsci.files.coding import Cells
from cordwise.isncsci.files.mapping import DEFAULT_PRESET, Mapping, read_mapping, read_preset
from cordwise.isncsci.files.score_codes import Blank, ScoreCodes


@dataclass(frozen=True, slots=True)
class FileLayout:
    """Everything that the readers of files need to know beside the file."""

    mapping: Mapping
    cells: Cells
    visit: str | None = None

    @property
    def is_usual(self) -> bool:
        """Whether the file follows the documentation's own layout."""
        return self.mapping.name == DEFAULT_PRESET


def layout_of(
    preset: str = DEFAULT_PRESET,
    *,
    mapping: Path | None = None,
    blank: Blank = Blank.ERROR,
    legacy_five_star: bool = False,
    visit: str | None = None,
    id_column: str | None = None,
) -> FileLayout:
    """Return how to read files of a preset, or by a mapping file.

    Parameters
    ----------
    preset
        One of `PRESETS`; not asked for where there is a mapping.
    mapping
        A mapping file (TOML).
    blank
        What a blank score or finding means: a mistake, not recorded, or not testable.
    legacy_five_star
        Read the score `5*` of worksheets before 2019 as 5.
    visit
        Which visit to read, where column names tell visits apart.
    id_column
        The column or key that names an examination; the one of the preset or mapping when not given.
    """
    chosen = read_mapping(mapping) if mapping else read_preset(preset)
    if id_column is not None:
        chosen = replace(chosen, id=(id_column.replace("{", "{{").replace("}", "}}"),))
    score_codes = ScoreCodes(chosen.words(), Blank(blank), legacy_five_star)
    return FileLayout(chosen, Cells.of(chosen, score_codes), visit)
