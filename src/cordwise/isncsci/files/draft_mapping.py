"""A draft of the mapping of a foreign file: what its columns and words mean by rule, and what is left to its owner."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cordwise.base.errors import Fault
from cordwise.isncsci.files.columns import match_columns, visits_in
from cordwise.isncsci.files.file_sample import FileSample, read_sample
from cordwise.isncsci.files.mapping import PRESETS, mapping_of, preset_text, read_preset
from cordwise.isncsci.files.name_patterns import Tables, name_patterns
from cordwise.isncsci.files.value_words import CellTexts, UnknownCode, known_words, unknown_codes
from cordwise.isncsci.worksheet import CELLS, FAMILIES, LEVELS_OF_FAMILY, Cell, Family

_ID_WORDS: Final = (
    *("id", "record_id", "exam_id", "examination_id", "patient_id", "patient_no", "patient_number", "patient"),
    *("subject_id", "subject", "participant_id", "participant", "person_id", "person", "study_id", "case_id", "case"),
    *("pid", "ptid", "ptno", "mrn", "usubjid", "subjid", "identifier", "number", "code", "name"),
)
"""What a column that names examinations may be called, the likeliest first."""
_VISIT_WORDS: Final = (
    *("visit", "visit_no", "visit_number", "timepoint", "time_point", "time", "event", "stage", "session", "exam_no"),
    *("week", "day"),
)
_UNKNOWN_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class DraftMapping:
    """What could be found out about a foreign file.

    Parameters
    ----------
    file
        Its name.
    preset
        The preset that reads it as it is, if one does.
    tables
        The tables of a mapping file, as `--mapping` takes it.
    recognised
        How many cells of the worksheet have a column.
    missing
        The cells without a column by their paths, and `id`; non-key muscles may be absent.
    unused
        The columns that the mapping does not use.
    unknown_codes
        Texts in cells that no rule knows.
    visits
        The visits that column names tell apart.
    blanks
        How many scores and findings are blank in the rows that were read.
    faults
        What keeps the draft from being complete; none where it can be used as it is.
    """

    file: str
    preset: str | None
    tables: Tables
    recognised: int
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    unknown_codes: tuple[UnknownCode, ...]
    visits: tuple[str, ...]
    blanks: int
    faults: tuple[Fault, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return what `cordwise exam map --json` prints."""
        return {
            "mapping": self.tables,
            "preset": self.preset,
            "missing": list(self.missing),
            "unused": list(self.unused),
            "unknown_codes": [asdict(one) for one in self.unknown_codes],
        }


def draft_mapping(path: Path) -> DraftMapping:
    """Return the draft of a mapping for a file: a known preset where one fits, else by the rules on names.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    sample = read_sample(path)
    preset = _fitting_preset(sample.names)
    if preset:
        return _judged(path, sample, preset, tomllib.loads(preset_text(preset)))
    patterns = name_patterns(sample.names)
    values = known_words(CellTexts.of(sample, patterns.found))
    ids = _id_columns(sample, set(patterns.found.values()))
    return _judged(path, sample, None, {"id": ids or ["id"], **patterns.tables, "values": values})


def _judged(path: Path, sample: FileSample, preset: str | None, tables: Tables) -> DraftMapping:
    """Return the draft with what is missing, left over and unknown."""
    mapping = mapping_of(tables)
    visits = tuple(visits_in(mapping, sample.names))
    matches = [match_columns(mapping, sample.names, visit) for visit in visits or ("",)]
    match = matches[0]
    held = {cell: name for cell, name in zip(CELLS, match.columns.cells, strict=True) if name is not None}
    cells = CellTexts.of(sample, held)
    unknown = unknown_codes(cells, mapping.words())
    used = {name for one in matches for name in one.columns.used}
    unused = tuple(name for name in sample.names if name not in used)
    missing = tuple(cell for cell, _ in match.missing)
    clashes = [
        Fault(f"{path}: column {name}", "one column of this name", " and ".join(found)) for name, found in match.clashes
    ]
    return DraftMapping(
        path.name,
        preset,
        tables,
        len(held),
        tuple(cell.path if cell else "id" for cell in missing),
        unused,
        unknown,
        visits if len(visits) > 1 else (),
        cells.blanks,
        (*_missing_faults(path, missing, unused), *clashes, *_code_faults(path, unknown)),
    )


def _fitting_preset(names: Sequence[str]) -> str | None:
    """Return the preset that finds every cell it asks for."""
    for preset in PRESETS:
        mapping = read_preset(preset)
        match = match_columns(mapping, names, next(iter(visits_in(mapping, names)), ""))
        if not match.missing and not match.clashes:
            return preset
    return None


def _id_columns(sample: FileSample, taken: set[str]) -> list[str]:
    """Return the columns that name an examination: by their names, else the first whose values are all different."""
    free = [name for name in sample.names if name not in taken]
    words = {name: re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for name in free}
    ranked = sorted((name for name in free if words[name] in _ID_WORDS), key=lambda name: _ID_WORDS.index(words[name]))
    chosen = ranked[:1] or [name for name in free if sample.is_name(name)][:1]
    if chosen and not sample.is_name(chosen[0]):
        chosen += [f"{name}?" for name in free if words[name] in _VISIT_WORDS][:1]
    return [name.replace("{", "{{").replace("}", "}}") for name in chosen]


def _missing_faults(path: Path, missing: Sequence[Cell | None], unused: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for each block of cells without columns, with a column that may be meant."""
    none = "none that the rules know"
    if None in missing:
        yield Fault(f"{path}: id", "a column that names the examination", none, "Write it into `id` of the mapping.")
    for (side, family), levels in _blocks(missing).items():
        shown = ", ".join(levels)
        if len(levels) == len(LEVELS_OF_FAMILY[family]):
            shown = f"each level from {levels[0]} to {levels[-1]}"
        advice = _advice(f"{side}_{family}_{levels[0]}", unused)
        yield Fault(f"{path}: {side} {family.replace('_', ' ')}", f"a column for {shown}", none, advice)
    for cell in missing:
        if cell and cell.kind not in FAMILIES:
            advice = _advice(cell.long_name.replace(" ", "_"), unused)
            yield Fault(f"{path}: {cell.path}", f"a column for {cell.long_name}", none, advice)


def _blocks(missing: Sequence[Cell | None]) -> dict[tuple[str, Family], list[str]]:
    """Return the levels that are missing, by side and family."""
    blocks: dict[tuple[str, Family], list[str]] = {}
    for family in FAMILIES:
        for cell in missing:
            if cell and cell.kind == family:
                blocks.setdefault((cell.keys[0], family), []).append(cell.keys[2])
    return blocks


def _advice(name: str, unused: Sequence[str]) -> str:
    near = difflib.get_close_matches(name.lower(), [each.lower() for each in unused], n=1)
    meant = next((each for each in unused if near and each.lower() == near[0]), None)
    return f'Is it "{meant}"? Write it into the mapping.' if meant else "Write its name into the mapping."


def _code_faults(path: Path, unknown: Sequence[UnknownCode]) -> Iterator[Fault]:
    for one in unknown[:_UNKNOWN_SHOWN]:
        found = f'"{one.code}" in {one.count} cells, as in column {one.column}'
        advice = "Add it to [values] of the mapping where it is a word of the file, or mend the cells."
        yield Fault(f"{path}: {one.kind.replace('_', ' ')}", "a value that the rules know", found, advice)
    if len(unknown) > _UNKNOWN_SHOWN:
        more = f"{len(unknown) - _UNKNOWN_SHOWN} more"
        yield Fault(f"{path}: values", "values that the rules know", more)
