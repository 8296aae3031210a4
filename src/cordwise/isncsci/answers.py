"""Classifications as the lines of text that other programs read."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from jaxtyping import Int8
from numpy import ndarray

from cordwise.isncsci.ais import AIS
from cordwise.isncsci.anatomy import LEVELS, SIDES
from cordwise.isncsci.classification import Classification
from cordwise.isncsci.reading import ExamId, Refusal

TOTAL_NAMES: Final = {
    "uems": "uems",
    "lems": "lems",
    "lt": "light_touch",
    "pp": "pin_prick",
    "uer_right": "uer_right",
    "uer_left": "uer_left",
    "ler_right": "ler_right",
    "ler_left": "ler_left",
    "motor_right": "motor_right",
    "motor_left": "motor_left",
    "lt_right": "light_touch_right",
    "lt_left": "light_touch_left",
    "pp_right": "pin_prick_right",
    "pp_left": "pin_prick_left",
}
"""Name of a total in a line, and in `Totals`."""

_LEVEL_WORDS: Final = np.array((*LEVELS, "NA"), object)  # NOT_APPLICABLE, -1, picks the last
_GRADES: Final = np.array([grade.name for grade in AIS], object)
_COMPLETENESS: Final = np.array(["I", "C"], object)


def classification_lines(ids: Sequence[ExamId], found: Classification) -> Iterator[str]:
    """Yield one line of JSON for each exam, every value as text and in the order of the contract."""
    columns = _columns(found)
    totals = {name: getattr(found.totals, field).tolist() for name, field in TOTAL_NAMES.items()}
    template = f'{_members(columns)}, "tagged": [], "totals": {{{_members(totals)}}}}}'
    for name, *values in zip(ids, *columns.values(), *totals.values(), strict=True):
        yield f'{{"id": {json.dumps(name)}, {template % tuple(values)}'


def _members(names: Iterable[str]) -> str:
    """Return the members of a JSON object with a gap for each value; the words of the standard need no escape."""
    return ", ".join(f'"{name}": "%s"' for name in names)


def _columns(found: Classification) -> dict[str, list[str]]:
    """Return the words of each classification, by the name it has in a line."""
    return {
        **_sides("sensory", found.sensory_level),
        **_sides("motor", found.motor_level),
        "nli": _LEVEL_WORDS[found.neurological_level].tolist(),
        "complete": _COMPLETENESS[found.is_complete.astype(np.int8)].tolist(),
        "ais": _GRADES[found.ais].tolist(),
        **_sides("zpp_sensory", found.sensory_zpp),
        **_sides("zpp_motor", found.motor_zpp),
    }


def _sides(name: str, levels: Int8[ndarray, "exam side"]) -> dict[str, list[str]]:
    return {f"{name}_{side}": _LEVEL_WORDS[levels[:, index]].tolist() for index, side in enumerate(SIDES)}


def refusal_line(refusal: Refusal) -> str:
    """Return the line of JSON that says why an exam was refused."""
    errors = [{"where": fault.where, "expected": fault.expected, "got": fault.found} for fault in refusal.faults]
    return json.dumps({"id": refusal.id, "errors": errors})
