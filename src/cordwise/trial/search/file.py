"""The search file: a base design, what of it is varied, what a trial costs, and what is wanted of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StrictInt, ValidationError

from cordwise.base.errors import Fault, InputError
from cordwise.base.toml import faults_from, read_toml
from cordwise.patient.file_types import DayAfterInjury, FileTable, Text, Window
from cordwise.trial.design.endpoints import AnalysisName, MissingRule
from cordwise.trial.design.file import check_design
from cordwise.trial.design.kinds import NotNegative, Once, Share
from cordwise.trial.design.stopping import Looks
from cordwise.trial.search.rules import contradictions

Total = Annotated[StrictInt, Field(ge=4)]


class WindowChoice(FileTable):
    """A window of the baseline examination; cells follow so many days after its end.

    An arm whose cells are grown to order has its marrow drawn on that day instead. Visits stay on their days after the
    injury, or move with the end of the window.
    """

    baseline_day: Window
    dose_days_after: NotNegative = 0.0
    visits: Literal["fixed", "move"] = "fixed"


class EndpointChoice(FileTable):
    """An endpoint of the base design as the primary one, analysed as there or in another way."""

    endpoint: Text
    analysis: AnalysisName | None = None
    missing: MissingRule | None = None
    day: DayAfterInjury | None = None


class LooksChoice(FileTable):
    """A schedule of looks by a name; without a schedule the trial has one analysis, at its end."""

    name: Text
    schedule: Looks | None = None


class CostItem(FileTable):
    """What one patient, one month or one site costs, and where the figure comes from."""

    amount: NotNegative
    source: Text


class CostTable(FileTable):
    """The cost of a trial: patients enrolled, months from the first patient to the end, and sites."""

    currency: Text
    patient: CostItem
    month: CostItem
    site: CostItem


class Goal(FileTable):
    """The scenario and the power that are wanted, and the largest null rate that is borne."""

    scenario: Text
    power: Annotated[Share, Field(ge=0.5)] = 0.8
    most_null_rate: Share


class SearchFile(FileTable):
    """A search, as its file tells it; a list that is left out keeps what the base design says."""

    name: Text
    question: Text
    design: Text
    totals: Annotated[tuple[Total, ...], Once] = ()
    windows: tuple[WindowChoice, ...] = ()
    endpoints: tuple[EndpointChoice, ...] = ()
    looks: tuple[LooksChoice, ...] = ()
    goal: Goal
    cost: CostTable


@dataclass(frozen=True, slots=True)
class Search:
    """A checked search with the tables and the file of its base design."""

    file: SearchFile
    base: Mapping[str, Any]
    base_path: Path


def read_search(path: Path) -> Search:
    """Read and check a search file and its base design; every fault in either is reported at once.

    Raises
    ------
    InputError
        A file is missing, is not TOML, breaks its schema, or contradicts itself or the other.
    """
    raw, faults = read_toml(path), []
    base_path = path.parent / str(raw.get("design", ""))
    base: dict[str, Any] = {}
    if isinstance(raw.get("design"), str) and raw["design"]:
        try:
            base = read_toml(base_path)
            check_design(base, base_path)
        except InputError as error:
            faults += error.faults
    file = check_search(raw, path, base=base, faults=faults)
    return Search(file, base, base_path)


def check_search(
    raw: Mapping[str, Any], path: Path | str, *, base: Mapping[str, Any], faults: list[Fault] | None = None
) -> SearchFile:
    """Return the search in `raw` tables, or raise every fault in it, beside those found before."""
    found = [*(faults or []), *contradictions(raw, path, base)]
    try:
        file = SearchFile.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, SearchFile), *found]) from None
    if found:
        raise InputError(found)
    return file
