"""Numbers, grades, levels and times as sources print them."""

import math
import re

from cordwise.base.tables import Row

GRADES = "ABCDE"
ALL_GRADES = "all"
IMPROVED = "improved"
DAYS_PER_MONTH = 365.25 / 12
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_PLAIN = re.compile(rf"({_NUMBER.pattern})(?:\s*\(.*\))?")
_LEVEL = r"[CTLS]\d+(?:[-_/]5)?"
_LEVEL_RANGE = re.compile(rf"({_LEVEL})(?:\s*[-–]\s*({_LEVEL}))?")
_LEVELS_WITHIN = re.compile(rf"\b{_LEVEL}\b(?:\s*[-–]\s*{_LEVEL}\b)?")
_SACRAL_END = frozenset({"S4", "S5"})
_STANDARD_DEVIATION = re.compile(rf"SD ({_NUMBER.pattern})")


def number(text: str) -> float:
    """Return the number that `text` is, or NaN where it is none or is not finite."""
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else math.nan


def plain_number(text: str) -> float:
    """Return the number of a cell such as `30` or `30 (SD 27)`, or NaN where the cell holds anything else."""
    match = _PLAIN.fullmatch(text)
    return number(match[1]) if match else math.nan


def first_number(text: str) -> float:
    """Return the first number within `text`, or NaN where it holds none."""
    match = _NUMBER.search(text)
    return number(match[0]) if match else math.nan


def standard_deviation(spread: str) -> float:
    """Return the standard deviation printed in a spread such as `SD 15.083`, or NaN where there is none."""
    match = _STANDARD_DEVIATION.search(spread)
    return number(match[1]) if match else math.nan


def level_range(text: str) -> tuple[int, int] | None:
    """Return the first and last level number of a range such as `C1-T1`, or None where it is none.

    C1 is 0 and S4-5 is 28; S4 and S5, which are examined as one, are both 28. A single level is a range of one.
    """
    match = _LEVEL_RANGE.fullmatch(text)
    if match is None:
        return None
    try:
        first = _level(match[1])
        last = _level(match[2]) if match[2] else first
    except ValueError:
        return None
    return (first, last) if first <= last else None


def level_ranges_within(text: str) -> list[str]:
    """Return every level or range of levels that a description names."""
    return _LEVELS_WITHIN.findall(text)


def grade_range(text: str) -> tuple[int, int] | None:
    """Return the lowest and highest AIS grade (A is 0, E is 4) of `A`, `B-D` or `all`, or None where it is none."""
    if text == ALL_GRADES:
        return 0, len(GRADES) - 1
    first, _, last = text.replace("–", "-").partition("-")
    if first not in tuple(GRADES) or (last or first) not in tuple(GRADES) or text.endswith("-"):
        return None
    low, high = GRADES.index(first), GRADES.index(last or first)
    return (low, high) if low <= high else None


def baseline_day(row: Row) -> float:
    """Return the first day on which the baseline of a row may lie, or NaN where it is not printed as one number."""
    return plain_number(row["baseline_day_min"] or row["baseline_time_days"])


def followup_day(row: Row) -> float:
    """Return the day of follow-up after injury, rounded, or NaN where it is not printed as one number."""
    if row["followup_day"]:
        return number(row["followup_day"])
    months = plain_number(row["followup_months"])
    return months if math.isnan(months) else float(round(months * DAYS_PER_MONTH))


def _level(name: str) -> int:
    from cordwise.isncsci import level_index

    return level_index("S4_5" if name in _SACRAL_END else name)
