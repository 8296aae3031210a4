"""Classifications as lines of JSON."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from cordwise.isncsci.contradictions import warnings_of
from cordwise.isncsci.files.pieces import Piece, Refusal
from cordwise.isncsci.possible import OUTPUTS
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.set_names import TOTAL_NAMES, TOTAL_PREFIX

_COLUMNS: Final = (*OUTPUTS, "tagged", *(f"{TOTAL_PREFIX}{name}" for name in TOTAL_NAMES))
_WORDS: Final = ", ".join(f'"{name}": "%s"' for name in OUTPUTS)
_TOTALS: Final = ", ".join(f'"{name}": "%s"' for name in TOTAL_NAMES)
_LINE: Final = f'{{"id": %s, {_WORDS}, "tagged": [%s], "totals": {{{_TOTALS}}}}}'


def lines_of(piece: Piece, exams: RecordedExams, words: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a line for each row of a piece, in their order; the words of the standard need no escape."""
    columns = {**words, "tagged": map(_quoted, words["tagged"])}
    lines = list(map(_LINE.__mod__, zip(piece.names, *(columns[name] for name in _COLUMNS), strict=True)))
    for row, told in warnings_of(exams).items():
        lines[row] = f'{lines[row][:-1]}, "warnings": {json.dumps(told)}}}'
    for refusal in piece.refusals:
        lines[refusal.row] = json.dumps({"id": refusal.id, "errors": errors_of(refusal)})
    return lines


def errors_of(refusal: Refusal) -> list[dict[str, str]]:
    """Return the faults of a refused exam as the contract names them."""
    return [{"where": fault.where, "expected": fault.expected, "got": fault.found} for fault in refusal.faults]


@cache
def _quoted(names: str) -> str:
    """Return names joined by commas as the items of a JSON list."""
    return names and '"' + names.replace(",", '", "') + '"'
