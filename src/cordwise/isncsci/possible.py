"""Every answer that an examination leaves open: sets of levels, grades and zones, kept as bits of whole numbers."""

from dataclasses import dataclass
from typing import Final

from jaxtyping import UInt8, UInt16, UInt32
from numpy import ndarray

from cordwise.isncsci.totals import Totals
from cordwise.isncsci.zpp import NonKeyZpp

__all__ = ["COMPLETE_BIT", "INCOMPLETE_BIT", "NOT_APPLICABLE_BIT", "OUTPUTS", "NonKeyZpp", "PossibleAnswers"]

NOT_APPLICABLE_BIT: Final = 30
"""Bit that stands for "not applicable" in a set of zones; bit i stands for level i of `LEVELS`."""
COMPLETE_BIT, INCOMPLETE_BIT = range(2)
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


@dataclass(frozen=True, slots=True, eq=False)
class PossibleAnswers:
    """What a batch of recorded exams may show, by the 2019 revision; the sides are right, then left.

    Parameters
    ----------
    sensory_level, motor_level, neurological_level
        Bit i for level i of `LEVELS`.
    sensory_zpp, motor_zpp
        The same, and `NOT_APPLICABLE_BIT`.
    complete
        `COMPLETE_BIT` and `INCOMPLETE_BIT`.
    ais
        Bit i for grade i of `AIS`.
    tagged
        Bit i where output i of `OUTPUTS` is other than it would be by the scores as examined.
    totals
        Sums of the examined scores, whatever their tags; `TOTAL_NOT_DETERMINABLE` where a score of the part is not
        testable, else `TOTAL_NOT_RECORDED` where one was not recorded.
    """

    sensory_level: UInt32[ndarray, "exam side"]
    motor_level: UInt32[ndarray, "exam side"]
    neurological_level: UInt32[ndarray, " exam"]
    complete: UInt8[ndarray, " exam"]
    ais: UInt8[ndarray, " exam"]
    sensory_zpp: UInt32[ndarray, "exam side"]
    motor_zpp: UInt32[ndarray, "exam side"]
    tagged: UInt16[ndarray, " exam"]
    totals: Totals

    def __len__(self) -> int:
        return len(self.ais)
