"""Answers on their way to a file: kept beside it in parts, so that a stopped run can go on and none is half-written.

Beside `answers.jsonl` a folder `.answers.jsonl.unfinished` holds what is done and a journal of how far it goes. The
same command on the same file goes on from there; at the end the answers take their place and the folder vanishes.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cordwise.isncsci.files.pieces import Position

if TYPE_CHECKING:
    import polars as pl

_JOURNAL: Final = "journal.json"


@dataclass(frozen=True, slots=True)
class Done:
    """How far a run has come: the place in the source, counts of exams, and parts or bytes written."""

    position: Position = field(default_factory=Position)
    classified: int = 0
    refused: int = 0
    converted: int = 0
    written: int = 0


class Unfinished:
    """The folder of answers that are not complete yet."""

    def __init__(self, target: Path, job: Mapping[str, Any]) -> None:
        self.target = target
        self.folder = target.with_name(f".{target.name}.unfinished")
        self._is_table = target.suffix.lower() == ".parquet"
        self._lines = self.folder / "lines"
        self._job = dict(job)
        self.done = self._resumed()

    def _resumed(self) -> Done:
        """Return how far an earlier run of the same job came; the answers of any other job are thrown away."""
        try:
            journal = json.loads((self.folder / _JOURNAL).read_text(encoding="utf-8"))
            position = Position(**journal["done"].pop("position"))
            done = Done(position, **journal["done"])
            if journal["job"] == self._job and self._holds(done):
                return done
        except (OSError, ValueError, KeyError, TypeError):
            pass
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        return Done()

    def _holds(self, done: Done) -> bool:
        if self._is_table:
            return all(self._part(number).exists() for number in range(done.written))
        return self._lines.stat().st_size >= done.written

    def _part(self, number: int) -> Path:
        return self.folder / f"{number:06}.arrow"

    def add_lines(self, text: bytes, done: Done) -> None:
        """Write lines after those that are there."""
        mode = "r+b" if self._lines.exists() else "wb"
        with self._lines.open(mode) as file:
            file.seek(self.done.written)
            file.truncate()
            file.write(text)
        self._keep(replace(done, written=self.done.written + len(text)))

    def add_table(self, table: "pl.DataFrame", done: Done) -> None:
        """Write a part of a table."""
        table.write_ipc(self._part(self.done.written), compression="uncompressed")
        self._keep(replace(done, written=self.done.written + 1))

    def _keep(self, done: Done) -> None:
        self.done = done
        fresh = self.folder / f"{_JOURNAL}.new"
        fresh.write_text(json.dumps({"job": self._job, "done": asdict(done)}), encoding="utf-8")
        fresh.replace(self.folder / _JOURNAL)

    def finish(self) -> None:
        """Put the answers in place."""
        whole = self._lines
        if self._is_table:
            import polars as pl

            whole = self.folder / "whole"
            parts = pl.scan_ipc([self._part(number) for number in range(self.done.written)])
            parts.sink_parquet(whole)
        whole.replace(self.target)
        self.discard()

    def discard(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
