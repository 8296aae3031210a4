"""What a foreign file looks like: its column names, and which texts stand how often in the first rows."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from cordwise.base.errors import Fault, InputError
from cordwise.isncsci.files.formats import JSON_LINES, TABLES, check_file
from cordwise.isncsci.files.score_codes import cell_text
from cordwise.isncsci.files.tables import first_rows

SAMPLE_ROWS: Final = 20_000
_ONE_OBJECT: Final = ".json"


@dataclass(frozen=True, slots=True)
class FileSample:
    """Names and texts of a file.

    Parameters
    ----------
    names
        Column names, or the keys of JSON objects with those of inner objects joined by dots.
    texts
        For each name how often each text stands in the rows that were read; blanks are empty texts.
    rows
        How many rows were read.
    """

    names: tuple[str, ...]
    texts: Mapping[str, Counter[str]]
    rows: int

    def is_name(self, column: str) -> bool:
        """Return whether a column names every row, and each row otherwise."""
        found = self.texts[column]
        return self.rows > 0 and len(found) == self.rows and "" not in found


def read_sample(path: Path, rows: int = SAMPLE_ROWS) -> FileSample:
    """Return the names of a file and the texts of its first rows."""
    check_file(path, (_ONE_OBJECT, *JSON_LINES, *TABLES))
    if path.suffix.lower() in TABLES:
        frame = first_rows(path, rows)
        texts = {name: Counter(map(cell_text, frame[name].to_list())) for name in frame.columns}
        return FileSample(tuple(frame.columns), texts, frame.height)
    return _sample_of(list(islice(_objects(path), rows)))


def _sample_of(records: Sequence[Mapping[str, Any]]) -> FileSample:
    flat = [dict(_flat(record)) for record in records]
    names = tuple(dict.fromkeys(name for record in flat for name in record))
    texts = {name: Counter(cell_text(record.get(name)) for record in flat) for name in names}
    return FileSample(names, texts, len(flat))


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON lines, or of one object; what is none is passed over."""
    found = 0
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for text in [file.read()] if path.suffix.lower() == _ONE_OBJECT else file:
            try:
                record = json.loads(text)
            except (ValueError, RecursionError):
                continue
            if isinstance(record, dict):
                found += 1
                yield record
    if not found:
        raise InputError([Fault(str(path), "JSON objects, one for each exam", "none")])


def _flat(record: Mapping[str, Any], outer: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{outer}{key}.")
        else:
            yield f"{outer}{key}", value
