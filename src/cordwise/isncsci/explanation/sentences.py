"""What a person reads of a decision: a sentence for each reason, with the cells and scores that it speaks of.

The sentences stand in `data/reasons.csv`, one row for each reason of each decision. A word in braces is a particular of
the examination. Where an examination has open scores and these change particulars only, the `shared` words are read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Final, NamedTuple

from jaxtyping import Int8
from numpy import ndarray

from cordwise.base.tables import packaged_table
from cordwise.isncsci.ais import useful_muscles
from cordwise.isncsci.anatomy import INTACT, LEVELS, SIDES
from cordwise.isncsci.decisions import DecisionStep
from cordwise.isncsci.readings import ASSUMED, score_range
from cordwise.isncsci.reasons import Reason
from cordwise.isncsci.recorded import NORMAL, NOT_RECORDED, NOT_TESTABLE, READING, UNTAGGED
from cordwise.isncsci.testable import Exams
from cordwise.isncsci.worksheet import CELLS, TOP_SCORES, Cell
from cordwise.isncsci.zpp import NonKeyZpp

TITLES: Final = {
    "sensory_right": "Right sensory level",
    "sensory_left": "Left sensory level",
    "motor_right": "Right motor level",
    "motor_left": "Left motor level",
    "nli": "Neurological level of injury",
    "sacral_sensation": "Sacral sensation",
    "complete": "Injury",
    "motor_sparing": "Motor sparing",
    "ais": "AIS grade",
    "zpp_sensory_right": "Right sensory zone",
    "zpp_sensory_left": "Left sensory zone",
    "zpp_motor_right": "Right motor zone",
    "zpp_motor_left": "Left motor zone",
}
"""What the decisions are called, in their order."""
PLACES: Final = {cell.path: place for place, cell in enumerate(CELLS)}
"""Where a cell stands among `CELLS`, by its path."""
FINDING_WORDS: Final = ("absent", "present")
_LEVELS_OF_SIDES: Final = ("sensory_right", "sensory_left", "motor_right", "motor_left")
_PRESENCE: Final = {"Yes": "present", "No": "absent"}
_VALUE_WORDS: Final = {
    "complete": {"C": "complete", "I": "incomplete"},
    "sacral_sensation": _PRESENCE,
    "motor_sparing": _PRESENCE,
}


class Wording(NamedTuple):
    """The sentence of a reason, and what is left of it where particulars differ among the completions."""

    words: str
    shared: str


@dataclass(frozen=True, slots=True)
class ReasonCase:
    """What a sentence may speak of: an examination as recorded, one completion of it, and the decisions on that.

    `codes` come in the order of `CELLS`.
    """

    codes: Int8[ndarray, " cell"]
    completion: Exams
    steps: Mapping[str, DecisionStep]
    rule: NonKeyZpp


@cache
def wordings() -> Mapping[tuple[str, Reason], Wording]:
    """Return the sentences by what was decided, without its side, and why."""
    return {
        (row["decided"], Reason[name]): Wording(row["words"], row["shared"])
        for row in packaged_table("cordwise.isncsci", "reasons")
        for name in row["reasons"].split()
    }


def wording_of(step: DecisionStep) -> Wording:
    """Return the sentences that fit a decision."""
    return wordings()[step.decided.removesuffix("_right").removesuffix("_left"), step.reason]


def filled(template: str, step: DecisionStep, case: ReasonCase) -> str:
    """Return a sentence with the particulars of an examination in it."""
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    return template.format_map({name: _PARTICULARS[name](step, case) for name in names})


def side_of(step: DecisionStep) -> str:
    """Return the side of which a decision or its reason speaks, empty for none."""
    words = f"{step.decided} {step.reason.name.lower()}"
    return next((side for side in SIDES if side in words.replace(" ", "_").split("_")), "")


def level_word(level: int) -> str:
    """Return a level as it is spoken of."""
    return "intact" if level == INTACT else LEVELS[level].replace("_", "-")


def value_words(output: str, text: str) -> str:
    """Return an answer, as written in a line of answers, as it is spoken of."""
    named = {"NA": "not applicable", "INT": "intact", **_VALUE_WORDS.get(output, {})}
    return join_words([named.get(value, value.replace("_", "-")) for value in text.split(",")], "or")


def join_words(words: list[str], last: str) -> str:
    """Return a list as it is spoken: `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def top_score(cell: Cell) -> int:
    """Return the highest code that an untagged score or finding may have."""
    return TOP_SCORES.get(cell.kind, 1)


def recorded_words(cell: Cell, code: int) -> str:
    """Return what stands in a cell and, of a tagged score, how it is read."""
    if code == NOT_RECORDED:
        return "not recorded"
    reading, score = divmod(code, READING)
    if cell.kind == "finding" and score != NOT_TESTABLE:
        return FINDING_WORDS[score]
    text = "NT" if score == NOT_TESTABLE else str(score)
    if reading == UNTAGGED:
        return text
    stars, top = "**" if reading == NORMAL else "*", top_score(cell)
    lowest, highest = score_range(code, top, ASSUMED)
    return f"{text}{stars}, read as {span_words(str(lowest), str(highest), highest - lowest)}"


def span_words(first: str, last: str, steps: int) -> str:
    """Return a span of scores as it is spoken: `2`, `2 or 3`, `2 to 4`."""
    return first if not steps else f"{first} {'or' if steps == 1 else 'to'} {last}"


def cell_words(place: int) -> str:
    """Return a cell as it is spoken of: `left pin prick at T4`."""
    cell = CELLS[place]
    if cell.kind == "finding":
        return cell.long_name
    side, kind, level = cell.keys
    level = level.replace("_", "-")
    return f"{side} key muscle {level}" if kind == "motor" else f"{side} {kind.replace('_', ' ')} at {level}"


def _score(kind: str, step: DecisionStep, case: ReasonCase) -> str:
    place = PLACES[f"{side_of(step)}.{kind}.{LEVELS[step.place]}"]
    return recorded_words(CELLS[place], int(case.codes[place]))


def _sensation(step: DecisionStep, case: ReasonCase) -> str:
    return f"light touch {_score('light_touch', step, case)}; pin prick {_score('pin_prick', step, case)}"


def _motor_level(side: str, case: ReasonCase) -> str:
    return level_word(case.steps[f"motor_{side}"].value)


def _highest(step: DecisionStep, case: ReasonCase) -> str:
    """Return which of the four levels are the most rostral."""
    names = [name for name in _LEVELS_OF_SIDES if case.steps[name].value == step.value]
    if len(names) == len(_LEVELS_OF_SIDES):
        return "all four levels are the same"
    words = [" ".join(reversed(name.split("_"))) for name in names]
    verb, plural = ("is", "") if len(names) == 1 else ("are", "s")
    return f"the {join_words(words, 'and')} level{plural} {verb} the most rostral of the four"


def _count(step: DecisionStep, case: ReasonCase) -> str:
    """Return how many key muscles below the neurological level are 3 or better."""
    useful, muscles = useful_muscles(case.completion.motor[0], step.place)
    below = f"below {level_word(step.place)}"
    if not muscles:
        return f"no key muscle lies {below}, which counts as half"
    share = "at least half" if step.reason == Reason.HALF_RESIST_GRAVITY else "fewer than half"
    if useful == muscles:
        return f"all {muscles} key muscles {below} are 3 or better, {share}"
    verb = "is" if useful <= 1 else "are"
    return f"{useful or 'none'} of the {muscles} key muscles {below} {verb} 3 or better, {share}"


_PARTICULARS: Final[Mapping[str, Callable[[DecisionStep, ReasonCase], str]]] = {
    "place": lambda step, case: level_word(step.place),
    "side": lambda step, case: side_of(step),
    "sensation": _sensation,
    "grade": lambda step, case: f"grade {_score('motor', step, case)}",
    "motor_level": lambda step, case: _motor_level(side_of(step), case),
    "motor_levels": lambda step, case: ", ".join(f"{side} {_motor_level(side, case)}" for side in SIDES),
    "highest": _highest,
    "count": _count,
    "rule": lambda step, case: case.rule.value,
}
