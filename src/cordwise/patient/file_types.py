"""Checked types that study, patient and design files share, so that the same mistake gets the same answer in each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal, TypeGuard

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    ValidationError,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from cordwise.cord.faults import LATEST_DAY, MOST_CELLS
from cordwise.cord.patient_kinetics import FURTHEST
from cordwise.cord.product import MarrowProcess
from cordwise.isncsci import level_index

Grade = Literal["A", "B", "C", "D"]
ProductName = Literal["autologous_msc", "allogeneic_msc", "neural_progenitors", "msc_vesicles"]
SyndromeName = Literal["complete", "central", "anterior", "brown_sequard", "conus"]
RouteName = Literal["intravenous", "intrathecal", "intralesional"]


class FileTable(BaseModel):
    """A table of a user's file: immutable once read, and a key it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _rising_pair(window: tuple[float, float]) -> tuple[float, float]:
    if window[0] > window[1]:
        raise PydanticCustomError("window", "two numbers, the lower first")
    return window


def _number_or_pair(value: object, handler: Callable[[object], tuple[float, float]]) -> tuple[float, float]:
    """Read one number as a window that starts and ends there; what is wrong with it is told once."""
    if not is_number(value):
        if isinstance(value, list | tuple):
            return handler(value)
        raise PydanticCustomError("window", "a number, or two with the lower first")
    try:
        return handler([value, value])
    except ValidationError as error:
        found = error.errors()[0]
        raise PydanticKnownError(found["type"], found.get("ctx")) from None  # ty: ignore[invalid-argument-type]


def is_number(value: object) -> TypeGuard[float]:
    """Say whether a value of a file is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def window_in(table: object, key: str) -> tuple[float, float] | None:
    """Return the window that a table of a file, not yet checked, holds under a key; None where it holds none."""
    value = table.get(key) if isinstance(table, dict) else None
    pair = [value, value] if is_number(value) else value
    if isinstance(pair, list) and len(pair) == 2 and all(map(is_number, pair)):
        return float(pair[0]), float(pair[1])
    return None


def _window_schema(most: float) -> WithJsonSchema:
    number = {"type": "number", "minimum": 0, "maximum": most}
    pair = {"type": "array", "prefixItems": [number, number], "minItems": 2, "maxItems": 2}
    return WithJsonSchema({"anyOf": [number, pair]})


def _rising(days: tuple[float, ...]) -> tuple[float, ...]:
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise PydanticCustomError("rising", "days in rising order")
    return days


def _level_range(text: str) -> str:
    try:
        upper, lower = levels_of(text)
    except (KeyError, ValueError):
        raise PydanticCustomError("levels", 'two levels from the head down, such as "C2-C8"') from None
    if upper > lower:
        raise PydanticCustomError("levels", "the upper level first")
    return text


def levels_of(text: str) -> tuple[int, int]:
    """Return the level indices of a range such as `C2-C8`."""
    upper, lower = (level_index(name) for name in text.split("-", 1))
    return upper, lower


Text = Annotated[str, Field(min_length=1)]
Day = Annotated[StrictFloat, Field(ge=0, le=LATEST_DAY, allow_inf_nan=False)]
DayAfterInjury = Annotated[StrictFloat, Field(gt=0, le=LATEST_DAY, allow_inf_nan=False)]
Cells = Annotated[StrictFloat, Field(ge=0, le=MOST_CELLS, allow_inf_nan=False)]
Positive = Annotated[StrictFloat, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[StrictInt, Field(ge=0)]
Window = Annotated[
    tuple[Day, Day], AfterValidator(_rising_pair), WrapValidator(_number_or_pair), _window_schema(LATEST_DAY)
]
CellsWindow = Annotated[
    tuple[Cells, Cells], AfterValidator(_rising_pair), WrapValidator(_number_or_pair), _window_schema(MOST_CELLS)
]
RisingDays = Annotated[tuple[Day, ...], Field(min_length=1), AfterValidator(_rising)]
LevelRange = Annotated[str, AfterValidator(_level_range)]
Deviate = Annotated[StrictFloat, Field(ge=-FURTHEST, le=FURTHEST, allow_inf_nan=False)]


class KineticsTable(FileTable):
    """Rates of one's own, as standard normal deviates from those of the typical cord."""

    inflammation: Deviate | None = None
    clearance: Deviate | None = None
    scarring: Deviate | None = None
    repair: Deviate | None = None

    def given(self) -> Mapping[str, float]:
        """Return the deviates that the file gives, by the name of the group of rates."""
        return self.model_dump(exclude_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManufactureTable:
    """How the patient's own cells are grown; the day they are ready is the day of the first dose."""

    aspirate_day: Day
    aspirate_ml: Positive
    target_cells: Positive
    minimum_cells: Positive | None = None
    passages: Count
    doses: Annotated[StrictInt, Field(ge=1)] = 1
    dose_interval_days: Day = 0.0
    second_aspirate: StrictBool = False
    route: RouteName

    def process(self) -> MarrowProcess:
        """Return the process the table describes; without `minimum_cells` only full doses are released."""
        return MarrowProcess(
            aspirate_day=self.aspirate_day,
            aspirate_ml=self.aspirate_ml,
            target_cells=self.target_cells,
            passages=self.passages,
            minimum_cells=self.minimum_cells or self.target_cells,
            doses=self.doses,
            dose_interval_days=self.dose_interval_days,
            second_aspirate=self.second_aspirate,
        )
