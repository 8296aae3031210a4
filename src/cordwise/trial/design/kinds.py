"""Checked types that the tables of a design share."""

from collections.abc import Hashable
from typing import Annotated

from pydantic import AfterValidator, Field, StrictFloat, StrictInt
from pydantic_core import PydanticCustomError

from cordwise.cord.faults import MOST_CELLS

Finite = Annotated[StrictFloat, Field(allow_inf_nan=False)]
Positive = Annotated[StrictFloat, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[StrictFloat, Field(ge=0, allow_inf_nan=False)]
WholePositive = Annotated[StrictInt, Field(ge=1)]
SomeCells = Annotated[StrictFloat, Field(gt=0, le=MOST_CELLS, allow_inf_nan=False)]
Share = Annotated[StrictFloat, Field(gt=0, lt=1)]
Rate = Annotated[StrictFloat, Field(ge=0, lt=1)]


def _one_for_each(values: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    if len(set(values)) < len(values):
        raise PydanticCustomError("once", "each of these once")
    return values


Once = AfterValidator(_one_for_each)
