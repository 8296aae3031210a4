"""Reading the tables of a file that may break its schema: what is not of the kind expected is simply not there."""

from collections.abc import Mapping
from typing import Any

from cordwise.patient.file_types import window_in

Raw = Mapping[str, Any]


def table(raw: Raw, key: str) -> dict[str, Any]:
    """Return a table, empty where it is anything else."""
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def tables(raw: Raw, key: str) -> list[tuple[int, dict[str, Any]]]:
    """Return the tables of a list, each with its position."""
    value = raw.get(key)
    return [(i, each) for i, each in enumerate(value) if isinstance(each, dict)] if isinstance(value, list) else []


def numbers(holder: Raw, key: str) -> list[float]:
    """Return a list of numbers, or an empty list where it is anything else."""
    value = holder.get(key)
    found = [number(each) for each in value] if isinstance(value, list) else []
    return [each for each in found if each is not None] if None not in found else []


def number(value: object) -> float | None:
    """Return a number, None where it is anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def words(holder: Raw, key: str) -> list[str]:
    """Return the texts of a list."""
    value = holder.get(key)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def text(holder: Raw, key: str) -> str | None:
    """Return a text, None where it is anything else."""
    value = holder.get(key)
    return value if isinstance(value, str) else None


def visits(raw: Raw) -> list[float]:
    """Return the days of the visits: those stated, or else those of the endpoints."""
    if "followup" in raw:
        return numbers(table(raw, "followup"), "visits")
    return sorted({day for _, each in tables(raw, "endpoints") if (day := number(each.get("day"))) is not None})


def baseline_end(raw: Raw) -> float | None:
    """Return the last day of the baseline window."""
    window = window_in(raw.get("population"), "baseline_day")
    return window[1] if window else None


def treated_names(raw: Raw) -> list[str]:
    """Return the names of the treated arms."""
    return [name for _, arm in tables(raw, "arms") if "control" not in arm and (name := text(arm, "name")) is not None]


def is_single_arm(raw: Raw) -> bool:
    """Tell whether the design has one arm, and that one treated."""
    arms = tables(raw, "arms")
    return len(arms) == 1 and "control" not in arms[0][1]
