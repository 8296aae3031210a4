"""A file whose form has mistakes, with these taken out, so that its names and days can be checked in the same run."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from cordwise.base.errors import Fault
from cordwise.base.inputs import InputFile
from cordwise.base.toml import place, without_tags
from cordwise.cord.faults import LATEST_DAY
from cordwise.experiment.resolve import resolve
from cordwise.experiment.schema import (
    ChangeTable,
    ConditionTable,
    CutTable,
    DoseTable,
    ExperimentFile,
    HostTable,
    LesionTable,
    LeverTable,
)
from cordwise.experiment.synonyms import as_list, cuts_as_list, levers_as_list, severity_as_table, with_hours
from cordwise.patient.file_types import FileTable

Table = dict[str, Any]

# Lists of a condition by their keys: how they become lists of tables, the table, and what a wrong or missing key of it
# that cannot be done without is filled with, so that nothing more is a mistake.
_LISTS: Mapping[tuple[str, ...], tuple[Callable[[object], object], type[FileTable], Table]] = {
    ("changes", "change"): (as_list, ChangeTable, {"target": "alarmin", "action": "block"}),
    ("levers", "lever", "drugs"): (levers_as_list, LeverTable, {"name": "minocycline"}),
    ("doses", "dose"): (as_list, DoseTable, {"day": 0.0, "cells": 0.0, "route": "intravenous"}),
    ("cuts", "cut"): (cuts_as_list, CutTable, {"part": "propriospinal"}),
}
_CONDITIONS = ("conditions", "condition", "groups")
_BY_SPECIES = (".host", "readouts[", ".level", "translation")  # places that cannot be judged without the species
_ROUNDS = 4


def more_faults(source: InputFile, told: list[Fault]) -> list[Fault]:
    """Return the mistakes in names and days of a file whose form is wrong, beside those told already."""
    tables = {key: _lesion_or_host(key, value) for key, value in source.tables.items()}
    for key in {*_CONDITIONS} & set(tables):
        conditions = as_list(tables[key])
        if not isinstance(conditions, list):
            return []
        tables[key] = [_condition(each, number) for number, each in enumerate(conditions)]
    mended = _mended(ExperimentFile, tables, {"species": "rodent", "readout_days": [LATEST_DAY]})
    if mended is None:
        return []
    _, faults = resolve(ExperimentFile.model_validate(mended), source)
    places = tuple(fault.where for fault in told)
    unknown_species = place(source.path, ("species",)) in places
    return [
        fault
        for fault in faults
        if not fault.where.startswith(places)
        and not (unknown_species and any(each in fault.where for each in _BY_SPECIES))
    ]


def _condition(raw: object, number: int) -> object:
    if not isinstance(raw, Mapping):
        return {"name": f"condition {number}"}
    table = {key: _lesion_or_host(key, _items(key, value)) for key, value in raw.items()}
    return _mended(ConditionTable, table, {"name": f"condition {number}"}) or {"name": f"condition {number}"}


def _items(key: str, value: object) -> object:
    """Return a list of a condition with its wrong items mended; anything else as it is."""
    as_tables, model, fill = next((each for keys, each in _LISTS.items() if key in keys), (None, FileTable, {}))
    items = as_tables(value) if as_tables else value
    if as_tables is None or not isinstance(items, list | tuple):
        return value
    return [_mended(model, _in_days(each), fill) or fill for each in items]


def _in_days(item: object) -> Table:
    """Return an item of a list with its hours as days, as places of mistakes name them."""
    table = with_hours(item)
    return dict(table) if isinstance(table, Mapping) else {}


def _lesion_or_host(key: str, value: object) -> object:
    if key in ("lesion", "injury"):
        table = severity_as_table(value)
        cut = {name: _items(name, each) for name, each in table.items()} if isinstance(table, Mapping) else {}
        return _mended(LesionTable, cut, {}) or {}
    return (_mended(HostTable, value, {}) or {}) if key == "host" and isinstance(value, dict) else value


def _mended(model: type[FileTable], raw: Table, fill: Table) -> Table | None:
    """Return a table without its wrong keys, those it needs filled; None where that does not help."""
    table = dict(raw)
    for _ in range(_ROUNDS):
        try:
            model.model_validate(table)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                key = str(next(iter(without_tags(detail["loc"])), ""))
                table.pop(key, None)
                table |= {key: fill[key]} if key in fill else {}
        else:
            return table
    return None
