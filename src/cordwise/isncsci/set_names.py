"""Sets of possible answers in words, as the worksheet writes them: levels, grades, completeness, tags and totals.

The values of a set are joined by commas, "not applicable" (NA) first and then rostral to caudal.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, NamedTuple

from jaxtyping import Shaped
from numpy import ndarray

from cordwise.isncsci.ais import AIS
from cordwise.isncsci.anatomy import LEVELS, SIDES
from cordwise.isncsci.possible import COMPLETE_BIT, INCOMPLETE_BIT, NOT_APPLICABLE_BIT, OUTPUTS, PossibleAnswers
from cordwise.isncsci.totals import TOTAL_NOT_DETERMINABLE, TOTAL_NOT_RECORDED

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
"""Name of a total as it is written, and in `Totals`."""
TOTAL_PREFIX: Final = "totals_"

_NO_TOTAL: Final = {TOTAL_NOT_DETERMINABLE: "ND", TOTAL_NOT_RECORDED: "NA"}
_COMPLETENESS: Final = {COMPLETE_BIT: "C", INCOMPLETE_BIT: "I"}


class NamedSets(NamedTuple):
    """One output of a batch: a set (or a total) for each exam, and what turns one of them into words."""

    sets: Shaped[ndarray, " exam"]
    name_of: Callable[[int], str]


@cache
def level_names(bits: int) -> str:
    """Return the levels or zones of a set."""
    zone = ["NA"] if bits >> NOT_APPLICABLE_BIT & 1 else []
    return ",".join(zone + [name for number, name in enumerate(LEVELS) if bits >> number & 1])


@cache
def grade_names(bits: int) -> str:
    """Return the AIS grades of a set."""
    return ",".join(grade.name for grade in AIS if bits >> grade & 1)


@cache
def completeness_names(bits: int) -> str:
    """Return `C` (complete), `I` (incomplete), or both."""
    return ",".join(word for number, word in _COMPLETENESS.items() if bits >> number & 1)


@cache
def tagged_names(bits: int) -> str:
    """Return the names of the outputs that rest on a tag."""
    return ",".join(name for number, name in enumerate(OUTPUTS) if bits >> number & 1)


@cache
def total_name(value: int) -> str:
    """Return a total as text: its number, `ND` (not determinable) or `NA` (not available)."""
    return _NO_TOTAL.get(value, str(value))


def named_sets(answers: PossibleAnswers) -> dict[str, NamedSets]:
    """Return every output of a batch with the words for it: `OUTPUTS`, `tagged`, and each total (`totals_uems`, …)."""
    levels = {"sensory": answers.sensory_level, "motor": answers.motor_level}
    zones = {"zpp_sensory": answers.sensory_zpp, "zpp_motor": answers.motor_zpp}
    return {
        **_sides(levels),
        "nli": NamedSets(answers.neurological_level, level_names),
        "complete": NamedSets(answers.complete, completeness_names),
        "ais": NamedSets(answers.ais, grade_names),
        **_sides(zones),
        "tagged": NamedSets(answers.tagged, tagged_names),
        **{
            f"{TOTAL_PREFIX}{name}": NamedSets(getattr(answers.totals, field), total_name)
            for name, field in TOTAL_NAMES.items()
        },
    }


def _sides(sets: Mapping[str, ndarray]) -> dict[str, NamedSets]:
    places = [(name, side, number) for name in sets for number, side in enumerate(SIDES)]
    return {f"{name}_{side}": NamedSets(sets[name][:, number], level_names) for name, side, number in places}


def words_by_output(answers: PossibleAnswers) -> dict[str, list[str]]:
    """Return the words of every output of a batch, one for each exam."""
    return {name: list(map(named.name_of, named.sets.tolist())) for name, named in named_sets(answers).items()}


def answers_in_words(answers: PossibleAnswers) -> list[dict[str, str]]:
    """Return the words of each exam by output."""
    words = words_by_output(answers)
    return [{name: column[row] for name, column in words.items()} for row in range(len(answers))]
