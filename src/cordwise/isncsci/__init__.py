"""International Standards for Neurological Classification of Spinal Cord Injury, 2019 revision."""

from cordwise.isncsci.ais import AIS
from cordwise.isncsci.anatomy import (
    DERMATOMES,
    INTACT,
    LEVELS,
    MUSCLE_LEVELS,
    MYOTOMES,
    NO_MUSCLE,
    NOT_APPLICABLE,
    SIDES,
    level_index,
)
from cordwise.isncsci.classification import Conclusions, classify_exams
from cordwise.isncsci.contradictions import pressure_contradicts_sacrum
from cordwise.isncsci.possible import OUTPUTS, PossibleAnswers, classify_recorded
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.testable import Exams, concatenate
from cordwise.isncsci.totals import Totals, total_scores
from cordwise.isncsci.zpp import NonKeyZpp

__all__ = [
    "AIS",
    "DERMATOMES",
    "INTACT",
    "LEVELS",
    "MUSCLE_LEVELS",
    "MYOTOMES",
    "NOT_APPLICABLE",
    "NO_MUSCLE",
    "OUTPUTS",
    "SIDES",
    "Conclusions",
    "Exams",
    "NonKeyZpp",
    "PossibleAnswers",
    "RecordedExams",
    "Totals",
    "classify_exams",
    "classify_recorded",
    "concatenate",
    "level_index",
    "pressure_contradicts_sacrum",
    "total_scores",
]
