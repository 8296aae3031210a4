"""The file of a patient bank: Parquet, one row for each patient, checked whole when it is read again."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import numpy as np
import polars as pl
from annotated_types import MinLen
from numpy import ndarray

from cordwise.bank.spec import CONTROL, BankRecord, PatientBank
from cordwise.base.codec import from_plain, to_plain
from cordwise.base.errors import Fault, InputError
from cordwise.patient.outcomes import Outcomes

_KEY = "cordwise"
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


@dataclass(frozen=True, slots=True)
class _Header:
    """What the file says of the whole bank."""

    days: Annotated[tuple[float, ...], MinLen(1)]
    counterfactuals: tuple[str, ...]
    record: BankRecord | None


def write_bank(bank: PatientBank, path: Path) -> None:
    """Write a bank as Parquet, one row for each patient; the same bank gives the same bytes."""
    columns: dict[str, ndarray] = {name: getattr(bank, name) for name in (*_FACTS, _EXAMINATION_DAY)}
    for name, outcomes in bank.outcomes.items():
        columns[f"{name}.{_DOSE_DAY}"] = bank.dose_day[name]
        columns |= {f"{name}.{measure}": _flat(getattr(outcomes, measure)) for measure in _MEASURES}
    header = _Header(bank.days, tuple(bank.outcomes), bank.record)
    pl.DataFrame({name: pl.Series(columns[name]).cast(kind) for name, kind in _schema(header).items()}).write_parquet(
        path, metadata={_KEY: json.dumps(to_plain(header), sort_keys=True)}
    )


def read_bank(path: Path) -> PatientBank:
    """Read a bank that `write_bank` wrote.

    Raises
    ------
    InputError
        The file is missing, is no bank, or lacks what a bank of this version holds; every fault is named.
    """
    header = _read_header(path)
    try:
        table = pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        fault = Fault(str(path), "a Parquet file that can be read whole", str(error).splitlines()[0], _ADVICE)
        raise InputError([fault]) from None
    if faults := list(_table_faults(path, table, _schema(header))):
        raise InputError(faults)
    facts = {name: table[name].to_numpy() for name in (*_FACTS, _EXAMINATION_DAY)}
    facts["sex"] = facts["sex"].astype(str)
    names, times = header.counterfactuals, len(header.days)
    return PatientBank(
        days=header.days,
        **facts,
        dose_day=MappingProxyType({name: table[f"{name}.{_DOSE_DAY}"].to_numpy() for name in names}),
        outcomes=MappingProxyType({name: _outcomes(table, name, times) for name in names}),
        record=header.record,
    )


def _flat(values: ndarray) -> ndarray:
    return np.ascontiguousarray(values).reshape(len(values), -1)


def _schema(header: _Header) -> dict[str, Any]:
    """Return the columns of a bank and their types; what has sides or muscles lies flat behind its visit."""
    times = len(header.days)
    schema = {**_FACTS, _EXAMINATION_DAY: pl.Array(pl.Float64, times)}
    for name in header.counterfactuals:
        schema[f"{name}.{_DOSE_DAY}"] = pl.Float64
        for measure in _MEASURES:
            width = times * int(np.prod(_PER_VISIT.get(measure, ())))
            kind = pl.Float64 if measure in _FLOATS else pl.Int8 if measure in _BYTES else pl.Int16
            schema[f"{name}.{measure}"] = pl.Array(kind, width)
    return schema


def _outcomes(table: pl.DataFrame, name: str, times: int) -> Outcomes:
    found = {measure: table[f"{name}.{measure}"].to_numpy() for measure in _MEASURES}
    return Outcomes(**{name: values.reshape(-1, times, *_PER_VISIT.get(name, ())) for name, values in found.items()})


def _read_header(path: Path) -> _Header:
    wanted = "a patient bank that cordwise wrote"
    if not path.is_file():
        raise InputError([Fault(str(path), wanted, "no such file")])
    try:
        values = json.loads(pl.read_parquet_metadata(path).get(_KEY, "null"))
    except (pl.exceptions.PolarsError, OSError):
        raise InputError([Fault(str(path), wanted, "a file that is not Parquet")]) from None
    except json.JSONDecodeError:
        raise InputError([Fault(str(path), wanted, "a record that is not JSON")]) from None
    if not isinstance(values, dict):
        raise InputError([Fault(str(path), wanted, "a Parquet file without the record of a bank")])
    try:
        header = from_plain(_Header, values)
    except InputError as error:
        faults = [replace(each, where=f"{path}: its record", advice=_ADVICE) for each in error.faults]
        raise InputError(faults) from None
    if CONTROL not in header.counterfactuals:
        found = ", ".join(header.counterfactuals)
        raise InputError([Fault(f"{path}: counterfactuals", f'"{CONTROL}" among them', found, _ADVICE)])
    return header


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
