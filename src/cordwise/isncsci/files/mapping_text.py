"""The draft of a mapping as the text of a mapping file, with what its owner should look at as comments."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

import tomli_w

from cordwise.isncsci.files.draft_mapping import DraftMapping
from cordwise.isncsci.worksheet import CELLS

_WIDTH: Final = 100
_COLUMN_NOTES: Final = {
    "motor": "key muscles, 0-5",
    "light_touch": "0-2",
    "pin_prick": "0-2",
    "vac": "voluntary anal contraction",
    "dap": "deep anal pressure",
    "lowest_non_key_muscle": "not needed",
}


def mapping_text(draft: DraftMapping) -> str:
    """Return the mapping file of a draft; `files.mapping.read_mapping` reads it."""
    lines = [*_comment(_summary(draft)), *(line for note in _notes(draft) for line in _comment(note))]
    tables = dict(draft.tables)
    lines += [_pair(key, tables.pop(key)) for key in ("name", "id") if key in tables]
    missing = _missing_columns(draft)
    for name, table in tables.items():
        for heading, rows in _headings(name, table):
            lines += ["", f"[{heading}]", *(_row(key, value, name, missing) for key, value in rows.items())]
    return "\n".join(lines) + "\n"


def _summary(draft: DraftMapping) -> str:
    found = f"{draft.recognised} of {len(CELLS)} cells of the worksheet were found in {draft.file}."
    if draft.preset:
        return f"{found} It is written as the preset {draft.preset} has it: --preset {draft.preset} reads it as it is."
    return f"{found} Check the lines below, then read the file with --mapping."


def _notes(draft: DraftMapping) -> Iterator[str]:
    if draft.missing:
        yield f"Missing: {', '.join(draft.missing)}."
    if draft.unknown_codes:
        codes = (f'"{one.code}" ({one.kind}, {one.count} cells, as in {one.column})' for one in draft.unknown_codes)
        yield f"Values that no rule knows: {', '.join(codes)}."
    if draft.blanks:
        yield f"{draft.blanks} scores or findings are blank: say what that means with --blank na or --blank nt."
    if draft.visits:
        yield f"Visits {', '.join(draft.visits)}: choose one with --visit."
    if draft.unused:
        yield f"Columns that are not used: {', '.join(draft.unused)}."


def _comment(text: str) -> list[str]:
    plain = " ".join(text.split())
    return [f"# {line}" for line in wrap(plain, _WIDTH, break_long_words=False, break_on_hyphens=False)]


def _missing_columns(draft: DraftMapping) -> set[str]:
    """Return the keys of `columns` that stand for nothing in the file."""
    found = {cell.path for cell in CELLS} - set(draft.missing)
    kinds = {_key(path) for path in found}
    return {_key(path) for path in draft.missing if path != "id"} - kinds


def _key(path: str) -> str:
    return path.split(".")[1] if "." in path else path


def _headings(name: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield a table, or its inner tables, with their headings."""
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    yield from ((f"{name}.{key}", value) for key, value in inner.items())
    if not inner and table:
        yield name, table


def _row(key: str, value: str | Sequence[str], table: str, missing: set[str]) -> str:
    pair = _pair(key, value)
    if table != "columns":
        return pair
    return f"{pair}  # {'not found: name the columns' if key in missing else _COLUMN_NOTES[key]}"


def _pair(key: str, value: str | Sequence[str]) -> str:
    """Return a key and its value as one line of TOML."""
    if isinstance(value, str):
        return tomli_w.dumps({key: value}).rstrip("\n")
    items = (tomli_w.dumps({"x": item}).rstrip("\n").removeprefix("x = ") for item in value)
    return f"{tomli_w.dumps({key: ''}).rstrip().removesuffix(' ' + chr(34) * 2)} [{', '.join(items)}]"
