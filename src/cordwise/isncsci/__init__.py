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
from cordwise.isncsci.classification import Classification, classify
from cordwise.isncsci.exam import Exams, concatenate
from cordwise.isncsci.totals import Totals, total_scores

__all__ = [
    "AIS",
    "DERMATOMES",
    "INTACT",
    "LEVELS",
    "MUSCLE_LEVELS",
    "MYOTOMES",
    "NOT_APPLICABLE",
    "NO_MUSCLE",
    "SIDES",
    "Classification",
    "Exams",
    "Totals",
    "classify",
    "concatenate",
    "level_index",
    "total_scores",
]
