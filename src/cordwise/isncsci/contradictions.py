"""Findings that cannot both be right: such an exam is classified as it stands, but someone should look at it again."""

import numpy as np
from jaxtyping import Bool
from numpy import ndarray

from cordwise.isncsci.anatomy import NORMAL_SENSATION, SACRAL_DERMATOME
from cordwise.isncsci.recorded import RecordedExams


def pressure_contradicts_sacrum(exams: RecordedExams) -> Bool[ndarray, " exam"]:
    """Return where deep anal pressure is not felt though all four scores of S4-5 are normal.

    The same segments serve both. An absent voluntary anal contraction beside normal sensation is no contradiction.
    """
    sacral = np.concatenate(
        [exams.light_touch[:, :, SACRAL_DERMATOME], exams.pin_prick[:, :, SACRAL_DERMATOME]], axis=1
    )
    return (exams.deep_anal_pressure == 0) & (sacral == NORMAL_SENSATION).all(axis=1)
