"""The file of a patient bank: Parquet, one row for each patient, checked whole when it is read again."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
from numpy import ndarray

from cordwise.bank.spec import CONTROL, PatientBank
from cordwise.base.errors import Fault, InputError
from cordwise.patient.outcomes import Outcomes

_HEADER = "cordwise"
_ADVICE = "Build the bank anew with this version."
_FACTS: Mapping[str, Any] = {
    "ids": pl.Int64,
    "age_years": pl.Float64,
    "sex": pl.String,
    "neurological_level": pl.Int8,
    "baseline_ais": pl.Int8,
    "baseline_day": pl.Float64,
    "parameter_draw": pl.Int16,
}
_EXAMINATION_DAY, _DOSE_DAY = "examination_day", "dose_day"
_FLOATS = ("scim", "self_care", "wisci")
_BYTES = ("ais", "neurological_level", "motor_level", "muscles")
_PER_VISIT: Mapping[str, tuple[int, ...]] = {"motor_level": (2,), "muscles": (2, 10)}  # the others: one number
_MEASURES = tuple(item.name for item in fields(Outcomes))


def write_bank(bank: PatientBank, path: Path) -> None:
    """Write a bank as Parquet, one row for each patient; the same bank gives the same bytes."""
    columns: dict[str, ndarray] = {name: getattr(bank, name) for name in (*_FACTS, _EXAMINATION_DAY)}
    for world, outcomes in bank.outcomes.items():
        columns[f"{world}.{_DOSE_DAY}"] = bank.dose_day[world]
        columns |= {f"{world}.{measure}": _flat(getattr(outcomes, measure)) for measure in _MEASURES}
    schema = _schema(tuple(bank.outcomes), len(bank.days))
    record = json.dumps({"days": bank.days, "worlds": list(bank.outcomes), **bank.metadata}, sort_keys=True)
    pl.DataFrame({name: pl.Series(columns[name]).cast(kind) for name, kind in schema.items()}).write_parquet(
        path, metadata={_HEADER: record}
    )


def read_bank(path: Path) -> PatientBank:
    """Read a bank that `write_bank` wrote.

    Raises
    ------
    InputError
        The file is missing, is no bank, or lacks what a bank of this version holds; every fault is named.
    """
    header = _header(path)
    try:
        table = pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        fault = Fault(str(path), "a Parquet file that can be read whole", str(error).splitlines()[0], _ADVICE)
        raise InputError([fault]) from None
    days, worlds = tuple(header.pop("days")), tuple(header.pop("worlds"))
    if faults := list(_table_faults(path, table, _schema(worlds, len(days)))):
        raise InputError(faults)
    facts = {name: table[name].to_numpy() for name in (*_FACTS, _EXAMINATION_DAY)}
    facts["sex"] = facts["sex"].astype(str)
    return PatientBank(
        days=days,
        **facts,
        dose_day=MappingProxyType({world: table[f"{world}.{_DOSE_DAY}"].to_numpy() for world in worlds}),
        outcomes=MappingProxyType({world: _outcomes(table, world, len(days)) for world in worlds}),
        metadata=MappingProxyType(header),
    )


def _flat(values: ndarray) -> ndarray:
    return np.ascontiguousarray(values).reshape(len(values), -1)


def _schema(worlds: tuple[str, ...], times: int) -> dict[str, Any]:
    """Return the columns of a bank and their types; what has sides or muscles lies flat behind its visit."""
    schema = {**_FACTS, _EXAMINATION_DAY: pl.Array(pl.Float64, times)}
    for world in worlds:
        schema[f"{world}.{_DOSE_DAY}"] = pl.Float64
        for measure in _MEASURES:
            width = times * int(np.prod(_PER_VISIT.get(measure, ())))
            kind = pl.Float64 if measure in _FLOATS else pl.Int8 if measure in _BYTES else pl.Int16
            schema[f"{world}.{measure}"] = pl.Array(kind, width)
    return schema


def _outcomes(table: pl.DataFrame, world: str, times: int) -> Outcomes:
    found = {measure: table[f"{world}.{measure}"].to_numpy() for measure in _MEASURES}
    return Outcomes(**{name: values.reshape(-1, times, *_PER_VISIT.get(name, ())) for name, values in found.items()})


def _header(path: Path) -> dict[str, Any]:
    """Return the record in a bank's file, its days and worlds checked."""
    wanted = "a patient bank that cordwise wrote"
    if not path.is_file():
        raise InputError([Fault(str(path), wanted, "no such file")])
    try:
        record = json.loads(pl.read_parquet_metadata(path).get(_HEADER, "null"))
    except (pl.exceptions.PolarsError, OSError):
        raise InputError([Fault(str(path), wanted, "a file that is not Parquet")]) from None
    except json.JSONDecodeError:
        raise InputError([Fault(str(path), wanted, "a record that is not JSON")]) from None
    if not isinstance(record, dict):
        raise InputError([Fault(str(path), wanted, "a Parquet file without the record of a bank")])
    if faults := list(_record_faults(path, record)):
        raise InputError(faults)
    return record


def _record_faults(path: Path, record: Mapping[str, Any]) -> Iterator[Fault]:
    days, worlds = record.get("days"), record.get("worlds")
    if not (isinstance(days, list) and days and all(isinstance(day, int | float) for day in days)):
        yield Fault(f"{path}: days", "the days of baseline and visits", repr(days)[:60], _ADVICE)
    if not (isinstance(worlds, list) and all(isinstance(world, str) for world in worlds) and CONTROL in worlds):
        yield Fault(f"{path}: worlds", f'the names of its worlds, "{CONTROL}" among them', repr(worlds)[:60], _ADVICE)


def _table_faults(path: Path, table: pl.DataFrame, schema: Mapping[str, Any]) -> Iterator[Fault]:
    for name, kind in schema.items():
        if name not in table.columns:
            yield Fault(f"{path}: {name}", "this column", "none", _ADVICE)
        elif table.schema[name] != kind:
            yield Fault(f"{path}: {name}", f"a column of {kind}", str(table.schema[name]), _ADVICE)
        elif _has_gaps(table[name]):
            yield Fault(f"{path}: {name}", "a value for every patient", "gaps", _ADVICE)


def _has_gaps(column: pl.Series) -> bool:
    inner = column.explode() if isinstance(column.dtype, pl.Array) else column
    return column.null_count() > 0 or inner.null_count() > 0
