"""Findings that cannot both be right: such an exam is classified as it stands, but someone should look at it again."""

from typing import Final

import numpy as np
from jaxtyping import Bool
from numpy import ndarray

from cordwise.isncsci.anatomy import NORMAL_SENSATION, SACRAL_DERMATOME
from cordwise.isncsci.recorded import RecordedExams

PRESSURE_WARNING: Final = (
    "Deep anal pressure is absent although light touch and pin prick at S4-5 are normal on both sides. The same "
    "segments serve both: look at these entries again."
)


def pressure_contradicts_sacrum(exams: RecordedExams) -> Bool[ndarray, " exam"]:
    """Return where deep anal pressure is not felt though all four scores of S4-5 are normal.

    The same segments serve both. An absent voluntary anal contraction beside normal sensation is no contradiction.
    """
    sacral = np.concatenate(
        [exams.light_touch[:, :, SACRAL_DERMATOME], exams.pin_prick[:, :, SACRAL_DERMATOME]], axis=1
    )
    return (exams.deep_anal_pressure == 0) & (sacral == NORMAL_SENSATION).all(axis=1)


def warnings_of(exams: RecordedExams) -> dict[int, tuple[str, ...]]:
    """Return what someone should look at again, as sentences, by the rows of the exams that give cause."""
    return dict.fromkeys(np.flatnonzero(pressure_contradicts_sacrum(exams)).tolist(), (PRESSURE_WARNING,))
