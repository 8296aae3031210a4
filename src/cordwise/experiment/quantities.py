"""Numbers as people write them: `12`, `"12 h"`, `"30 min"`, `"2 weeks"` are times; days count from the injury."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, StrictFloat
from pydantic_core import PydanticCustomError

from cordwise.cord.faults import LATEST_DAY, MOST_CELLS

_DAYS = {"min": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0, "m": 365 / 12, "y": 365.0}
_UNITS = {
    "min": "min", "mins": "min", "minute": "min", "minutes": "min", "h": "h", "hr": "h", "hrs": "h", "hour": "h",
    "hours": "h", "d": "d", "day": "d", "days": "d", "w": "w", "wk": "w", "week": "w", "weeks": "w", "month": "m",
    "months": "m", "mo": "m", "y": "y", "yr": "y", "year": "y", "years": "y",
}  # fmt: skip
_WRITTEN = re.compile(r"\s*(-?[0-9.]+(?:e[0-9]+)?)\s*([a-z]+)\s*", re.IGNORECASE)


def _days(value: object) -> object:
    """Return a time written in words as days; leave numbers as they are."""
    if not isinstance(value, str):
        return value
    written = _WRITTEN.fullmatch(value)
    if written is None or written[2].lower() not in _UNITS:
        raise PydanticCustomError("time", 'days as a number, or a time such as "12 h", "30 min", "2 weeks"')
    return float(written[1]) * _DAYS[_UNITS[written[2].lower()]]


def _cells(value: object) -> object:
    """Return a number of cells written as text, such as "1e6", as a number."""
    if isinstance(value, str):
        try:
            return float(value.replace(",", "").replace("_", ""))
        except ValueError:
            return value
    return value


Time = Annotated[StrictFloat, Field(le=LATEST_DAY, allow_inf_nan=False), BeforeValidator(_days)]
FromInjury = Annotated[StrictFloat, Field(ge=0, le=LATEST_DAY, allow_inf_nan=False), BeforeValidator(_days)]
Duration = Annotated[StrictFloat, Field(gt=0, allow_inf_nan=False), BeforeValidator(_days)]
CellCount = Annotated[StrictFloat, Field(ge=0, le=MOST_CELLS, allow_inf_nan=False), BeforeValidator(_cells)]
Amount = Annotated[StrictFloat, Field(allow_inf_nan=False)]
