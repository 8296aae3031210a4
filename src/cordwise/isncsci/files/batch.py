"""A file of examinations in, a file of classifications out, a piece at a time."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from cordwise.base.errors import CordwiseError, Fault, InputError
from cordwise.base.progress import progress
from cordwise.isncsci.files.answer_lines import lines_of
from cordwise.isncsci.files.formats import CHUNK_SIZE, JSON_LINES, check_file, count_rows, has_number_names, read_pieces
from cordwise.isncsci.files.layout import FileLayout, layout_of
from cordwise.isncsci.files.pieces import Piece, Refusal
from cordwise.isncsci.files.unfinished import Done, Unfinished
from cordwise.isncsci.possible import classify_recorded
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.set_names import words_by_output
from cordwise.isncsci.worksheet import exams_of
from cordwise.isncsci.zpp import NonKeyZpp

_DONE, _SOME_REFUSED = 0, 2
_SHOWN: Final = 5
ANSWER_SUFFIXES: Final = (*JSON_LINES, ".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """How many exams a file held, and what became of them.

    Parameters
    ----------
    read, classified, refused
        Counts of exams.
    converted
        Scores `5*` that were read as 5 on request.
    resumed
        Exams that an earlier, stopped run had dealt with.
    examples
        The first refusals of this run.
    """

    read: int
    classified: int
    refused: int
    converted: int = 0
    resumed: int = 0
    examples: tuple[Refusal, ...] = field(default=(), compare=False)

    @property
    def exit_code(self) -> int:
        """The code that a command ends with: 2 when any exam was refused."""
        return _SOME_REFUSED if self.refused else _DONE


def classify_file(
    source: Path,
    target: Path,
    *,
    layout: FileLayout | None = None,
    non_key_zpp: NonKeyZpp = NonKeyZpp.STANDARD,
    quiet: bool = False,
    chunk_size: int = CHUNK_SIZE,
) -> BatchSummary:
    """Classify every exam of a file and write an answer for each, in the order of the file.

    Parameters
    ----------
    source
        JSON lines, CSV or Parquet, by its suffix.
    target
        JSON lines, CSV or Parquet; replaced only when all of `source` has been worked through.
    layout
        How `source` is written; the documentation's own layout when not given.
    non_key_zpp
        When a non-key muscle enters the motor zone.
    quiet
        Show no progress.
    chunk_size
        Exams held in memory at a time. The answers do not depend on it.
    """
    layout = layout or layout_of()
    check_file(source)
    _check_target(target)
    add = _adder(target, number_names=has_number_names(source, layout))
    with _unfinished(target, _job(source, target, layout, non_key_zpp)) as unfinished:
        resumed = unfinished.done.classified + unfinished.done.refused
        examples: list[Refusal] = []
        total = count_rows(source) if sys.stderr.isatty() and not quiet else 0
        with progress("classifying", total, quiet=quiet) as advance:
            advance(resumed)
            for piece in read_pieces(source, layout, chunk_size=chunk_size, start=unfinished.done.position):
                exams = exams_of(piece.codes)
                words = words_by_output(classify_recorded(exams, non_key_zpp=non_key_zpp))
                add(unfinished, piece, exams, words, _done_after(unfinished.done, piece))
                examples += piece.refusals[: _SHOWN - len(examples)]
                advance(len(piece))
        done = unfinished.done
        unfinished.finish()
    read = done.classified + done.refused
    return BatchSummary(read, done.classified, done.refused, done.converted, resumed, tuple(examples))


def _done_after(done: Done, piece: Piece) -> Done:
    refused = len(piece.refusals)
    return Done(
        piece.end, done.classified + len(piece) - refused, done.refused + refused, done.converted + piece.converted
    )


def _adder(
    target: Path, *, number_names: bool
) -> Callable[[Unfinished, Piece, RecordedExams, dict[str, list[str]], Done], None]:
    """Return how the answers to a piece are added to a file of the kind of the target."""

    def add(
        unfinished: Unfinished, piece: Piece, exams: RecordedExams, words: dict[str, list[str]], done: Done
    ) -> None:
        if target.suffix.lower() in JSON_LINES:
            unfinished.add_lines("".join(f"{line}\n" for line in lines_of(piece, exams, words)).encode(), done)
            return
        from cordwise.isncsci.files.answer_tables import flat_table, nested_table

        if target.suffix.lower() == ".csv":
            table = flat_table(piece, exams, words, number_names=number_names)
            unfinished.add_lines(table.write_csv(include_header=unfinished.done.position.rows == 0).encode(), done)
        else:
            unfinished.add_table(nested_table(piece, exams, words, number_names=number_names), done)

    return add


@contextmanager
def _unfinished(target: Path, job: dict[str, Any]) -> Generator[Unfinished]:
    """Open the folder of a job; what is done in it stays when the run is stopped, not when the source is at fault."""
    try:
        unfinished = Unfinished(target, job)
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        yield unfinished
    except CordwiseError:
        unfinished.discard()
        raise
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        if not unfinished.done.position.rows:
            unfinished.discard()


def _check_target(target: Path) -> None:
    fault = None
    if target.suffix.lower() not in ANSWER_SUFFIXES:
        fault = Fault(
            str(target), f"a file name that ends in {', '.join(ANSWER_SUFFIXES)}", target.suffix or "no ending"
        )
    elif target.is_dir():
        fault = Fault(str(target), "a place where a file can be written", "a folder")
    if fault:
        raise InputError([fault])


def _cannot_write(target: Path, error: OSError) -> InputError:
    reason = error.strerror or str(error) or type(error).__name__
    advice = "Name another place with --out, or make room there."
    return InputError([Fault(str(target), "a place where a file can be written", reason, advice)])


def _job(source: Path, target: Path, layout: FileLayout, non_key_zpp: NonKeyZpp) -> dict[str, Any]:
    """Return what two runs must share for one to go on where the other stopped."""
    state = source.stat()
    return {
        "source": str(source.resolve()),
        "size": state.st_size,
        "changed": state.st_mtime_ns,
        "target": target.suffix.lower(),
        "mapping": repr(layout.mapping),
        "blank": layout.cells.score_codes.blank,
        "legacy_five_star": layout.cells.score_codes.legacy_five_star,
        "visit": layout.visit,
        "non_key_zpp": NonKeyZpp(non_key_zpp),
        "version": version("cordwise"),
    }
