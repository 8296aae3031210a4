"""The numbers that each patient has: parameters, inputs of drugs and devices, changes of each field's production."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.fields import FIELDS
from cordwise.cord.forcing import LEVERS, Forcing
from cordwise.cord.parameters import TissueParameters

PARAMETERS = 0
INPUTS = len(TissueParameters._fields)
GAINS = INPUTS + len(LEVERS)
INFUSIONS = GAINS + len(FIELDS)
NUMBERS = INFUSIONS + len(FIELDS)

Inputs = NamedTuple("Inputs", [(name, float) for name in LEVERS])  # ty: ignore[invalid-named-tuple]


def numbers_of(p: TissueParameters, patients: int) -> Float[ndarray, "number patient"]:
    """Return the numbers of each patient while nothing is changed."""
    numbers = np.empty((NUMBERS, patients))
    for row, value in enumerate(p):
        numbers[row] = value
    for row, name in enumerate(LEVERS):
        numbers[INPUTS + row] = Forcing._field_defaults[name]
    numbers[GAINS:INFUSIONS] = 1.0
    numbers[INFUSIONS:] = 0.0
    return numbers
