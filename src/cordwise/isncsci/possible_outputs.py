"""One examination with open scores: all its answers under both readings, and which of them a tag has changed."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Int8, Int64
from numpy import ndarray

from cordwise.isncsci.anatomy import DERMATOMES, LEVELS, MYOTOMES, NORMAL_SENSATION, NORMAL_STRENGTH, SIDES
from cordwise.isncsci.compilable import compilable
from cordwise.isncsci.possible_grades import possible_completeness, possible_grades, sacral_findings
from cordwise.isncsci.possible_levels import find_levels, motor_levels, neurological_levels
from cordwise.isncsci.possible_zones import possible_motor_zones, possible_sensory_zones
from cordwise.isncsci.readings import ASSUMED, EXAMINED, Bits, Side, read_side
from cordwise.isncsci.recorded import READING

OUTPUTS: Final = (
    "sensory_right",
    "sensory_left",
    "motor_right",
    "motor_left",
    "nli",
    "complete",
    "ais",
    "zpp_sensory_right",
    "zpp_sensory_left",
    "zpp_motor_right",
    "zpp_motor_left",
)
"""The conclusions of a classification; the place in the tuple is the bit in `PossibleAnswers.tagged`."""


class Codes(NamedTuple):
    """Recorded exams as compiled code takes them."""

    motor: Int8[ndarray, "exam side muscle"]
    light_touch: Int8[ndarray, "exam side dermatome"]
    pin_prick: Int8[ndarray, "exam side dermatome"]
    voluntary_anal_contraction: Int8[ndarray, " exam"]
    deep_anal_pressure: Int8[ndarray, " exam"]
    lowest_non_key_muscle: Int8[ndarray, "exam side"]


class Room(NamedTuple):
    """What one exam after another is worked out in."""

    answers: Int64[ndarray, "reading output"]
    counts: Int64[ndarray, "side restriction bound level"]


@compilable
def working_room() -> Room:
    """Return room for the work on one exam."""
    return Room(np.empty((2, len(OUTPUTS)), np.int64), np.empty((len(SIDES), 2, 2, len(LEVELS)), np.int64))


@compilable
def is_testable(exam: int, codes: Codes) -> bool:
    """Return whether all scores of an exam are plain numbers."""
    # One pass without branches: codes that are no score have bits above it, or, for motor codes, a greater number.
    findings = codes.voluntary_anal_contraction[exam] | codes.deep_anal_pressure[exam]
    strange = np.uint8(findings) > 1
    for side in range(len(SIDES)):
        strange |= _greatest(codes.motor[exam, side]) > NORMAL_STRENGTH
        strange |= _greatest(codes.light_touch[exam, side]) > NORMAL_SENSATION
        strange |= _greatest(codes.pin_prick[exam, side]) > NORMAL_SENSATION
    return not strange


@compilable
def _greatest(codes: Int8[ndarray, " cell"]) -> int:
    """Return the greatest code, where a blank counts as greater than all."""
    greatest = np.uint8(0)
    for cell in range(codes.size):
        greatest = max(greatest, np.uint8(codes[cell]))
    return int(greatest)


@compilable
def _has_tags(exam: int, codes: Codes) -> bool:
    for side in range(len(SIDES)):
        for muscle in range(len(MYOTOMES)):
            if codes.motor[exam, side, muscle] >= READING:
                return True
        for dermatome in range(len(DERMATOMES)):
            if codes.light_touch[exam, side, dermatome] >= READING or codes.pin_prick[exam, side, dermatome] >= READING:
                return True
    return False


@compilable
def answer_open_exam(exam: int, codes: Codes, rule: int, room: Room) -> Bits:
    """Leave the answers to an exam as assumed in the first row of the room, and return the set of tagged outputs."""
    _answer(exam, codes, ASSUMED, rule, room.counts, room.answers[ASSUMED])
    if not _has_tags(exam, codes):
        return 0
    _answer(exam, codes, EXAMINED, rule, room.counts, room.answers[EXAMINED])
    tagged = 0
    for output in range(len(OUTPUTS)):
        tagged |= int(room.answers[ASSUMED, output] != room.answers[EXAMINED, output]) << output
    return tagged


@compilable
def _answer(
    exam: int,
    codes: Codes,
    reading: int,
    rule: int,
    counts: Int64[ndarray, "side restriction bound level"],
    answers: Int64[ndarray, " output"],
) -> None:
    """Write all answers to one reading of an exam, in the order of `OUTPUTS`."""
    right_side, left_side = _read(exam, 0, codes, reading), _read(exam, 1, codes, reading)
    right, left = find_levels(right_side), find_levels(left_side)
    contraction, pressure = codes.voluntary_anal_contraction[exam], codes.deep_anal_pressure[exam]
    sacral = sacral_findings(contraction, pressure, right_side.sensation, left_side.sensation)
    answers[0], answers[1], answers[2], answers[3], answers[4] = right.sensory, left.sensory, 0, 0, 0
    for contracts in (False, True):
        if sacral.may_contract if contracts else sacral.may_not_contract:
            answers[2] |= motor_levels(right.sensory, right.stops, contracts)
            answers[3] |= motor_levels(left.sensory, left.stops, contracts)
            answers[4] |= neurological_levels(right, left, contracts)
    answers[5] = possible_completeness(sacral)
    answers[6] = possible_grades(right, left, sacral, counts)
    answers[7] = possible_sensory_zones(right_side.sensation, pressure)
    answers[8] = possible_sensory_zones(left_side.sensation, pressure)
    answers[9] = possible_motor_zones(right, left, sacral, rule, counts[1, 0], counts[0, 1])
    answers[10] = possible_motor_zones(left, right, sacral, rule, counts[0, 0], counts[0, 1])


@compilable
def _read(exam: int, side: int, codes: Codes, reading: int) -> Side:
    return read_side(
        codes.motor[exam, side],
        codes.light_touch[exam, side],
        codes.pin_prick[exam, side],
        codes.lowest_non_key_muscle[exam, side],
        reading,
    )
