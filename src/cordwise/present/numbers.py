"""How every number in a report is written: one place, so that equal things look equal.

Missing values (`None` or not finite) are written as `NOT_GIVEN`, never as 0.
"""

import math
from collections.abc import Sequence

NOT_GIVEN = "not given"
MINUS = "\u2212"
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_FIRST_SCIENTIFIC_POWER = 5


def is_number(value: object) -> bool:
    """Return whether `value` is a finite number (booleans are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def number(value: float | None, digits: int = 1) -> str:
    """Return `value` with fixed decimals and a real minus sign, never a negative zero."""
    if value is None or not is_number(value):
        return NOT_GIVEN
    text = f"{value:.{digits}f}"
    if not float(text):
        return text.lstrip("-")
    return text.replace("-", MINUS)


def signed(value: float | None, digits: int = 1) -> str:
    """Return `value` with its sign, as differences are written."""
    text = number(value, digits)
    return f"+{text}" if value is not None and is_number(value) and float(f"{value:.{digits}f}") > 0 else text


def _within_open_unit(value: float, digits: int) -> str:
    """Return a probability that rounding must not turn into 0 or 1."""
    smallest = 10.0**-digits
    if value < smallest:
        return f"< {smallest:.{digits}f}"
    if value > 1 - smallest:
        return f"> {1 - smallest:.{digits}f}"
    return f"{value:.{digits}f}"


def probability(value: float | None) -> str:
    """Return a probability with three decimals, four where it is small, and never exactly 0 or 1."""
    if value is None or not is_number(value):
        return NOT_GIVEN
    near_an_end = min(value, 1 - value) < 0.01
    return _within_open_unit(value, 4 if near_an_end else 3)


def rate(value: float | None, mcse: float | None, total: float | None = None) -> str:
    """Return a simulated rate with its errors: `0.853 (MCSE 0.006)`, or `0.853 (MCSE 0.006, total error 0.081)`."""
    if value is None or not is_number(value):
        return NOT_GIVEN
    return _within_open_unit(value, 3) + errors(mcse, total, 3)


def errors(mcse: float | None, total: float | None, digits: int) -> str:
    """Return the errors of a simulated number in brackets, those that are known; nothing where none is."""
    named = (("MCSE", mcse), ("total error", total))
    known = [f"{name} {_small(each, digits)}" for name, each in named if each is not None and is_number(each)]
    return f" ({', '.join(known)})" if known else ""


def _small(value: float, digits: int) -> str:
    """Return a standard error that rounding must not turn into 0."""
    smallest = 10.0**-digits
    return f"< {smallest:.{digits}f}" if value < smallest else f"{value:.{digits}f}"


def estimate(value: float | None, mcse: float | None, digits: int = 2, total: float | None = None) -> str:
    """Return a simulated mean with its errors, signed as a bias is."""
    if value is None or not is_number(value):
        return NOT_GIVEN
    return signed(value, digits) + errors(mcse, total, digits)


def mean(value: float | None, mcse: float | None, digits: int = 0, total: float | None = None) -> str:
    """Return a simulated mean with its errors."""
    if value is None or not is_number(value):
        return NOT_GIVEN
    given = [None if each == 0 else each for each in (mcse, total)]  # a number that no trial changes has no error
    return number(value, digits) + errors(given[0], given[1], digits)


def interval(value: float | None, low: float | None, high: float | None, digits: int = 1) -> str:
    """Return an estimate with its interval: `4.5 (3.1 to 5.6)`."""
    if value is None or not is_number(value):
        return NOT_GIVEN
    if not (is_number(low) and is_number(high)):
        return number(value, digits)
    return f"{number(value, digits)} ({between(low, high, digits)})"


def between(low: float | None, high: float | None, digits: int = 1) -> str:
    """Return a range: `3.1 to 5.6`, or the one value where both ends are the same."""
    if not (is_number(low) and is_number(high)):
        return NOT_GIVEN
    first, last = number(low, digits), number(high, digits)
    return first if first == last else f"{first} to {last}"


def share(value: float | None) -> str:
    """Return a share as a percentage that never reads 0 % or 100 % unless it is exactly that."""
    if value is None or not is_number(value):
        return NOT_GIVEN
    if 0 < value < 0.005:
        return "< 1\u202f%"
    if 0.995 <= value < 1:
        return "> 99\u202f%"
    return f"{value:.0%}".replace("%", "\u202f%")


def share_interval(value: float | None, low: float | None, high: float | None) -> str:
    """Return a share with its interval, both in per cent: `34 % (21 to 48 %)`."""
    if not (is_number(value) and is_number(low) and is_number(high)):
        return share(value)
    return f"{share(value)} ({100 * low:.0f} to {share(high)})"  # ty: ignore[unsupported-operator]


def count(value: float | None) -> str:
    """Return a whole number with thin spaces between thousands."""
    if value is None or not is_number(value):
        return NOT_GIVEN
    return f"{round(value):,}".replace(",", "\u202f").replace("-", MINUS)


def out_of(improved: float | None, total: float | None) -> str:
    """Return a count of a total: `12 of 13`."""
    return f"{count(improved)} of {count(total)}" if is_number(total) else count(improved)


def cells(value: float | None) -> str:
    """Return a number of cells, large ones as powers of ten: `1.5 × 10⁸`."""
    if value is None or not is_number(value):
        return NOT_GIVEN
    if abs(value) < 10**_FIRST_SCIENTIFIC_POWER:
        return count(value)
    mantissa, power = f"{value:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')} × 10{str(int(power)).translate(_SUPERSCRIPTS)}"


def day_range(days: Sequence[float] | float | None) -> str:
    """Return days since injury as one day or a range: `day 45 to 50`."""
    if days is None:
        return NOT_GIVEN
    if not isinstance(days, Sequence):
        return f"day {number(days, 0)}"
    return f"day {between(days[0], days[-1], 0)}"


def value(item: object) -> str:
    """Return any plain JSON value as a reader expects it, for tables whose rows are not known beforehand."""
    if item is None:
        return NOT_GIVEN
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, int | float):
        return f"{item:.4g}".replace("-", MINUS) if is_number(item) and abs(item) < 1e5 else cells(item)
    if isinstance(item, str):
        return item
    if isinstance(item, Sequence):
        return ", ".join(value(part) for part in item) or "none"
    return str(item)
