"""Rules of randomisation, visits, accrual and intercurrent events."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from cordwise.base.errors import Fault
from cordwise.base.toml import place, shown
from cordwise.trial.design.measures import SCORES
from cordwise.trial.design.rules.raw import Raw, baseline_end, number, numbers, table, tables, text, visits


def visit_days(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that visits follow the baseline window and one another."""
    last = baseline_end(raw)
    for position, day in enumerate(numbers(table(raw, "followup"), "visits")):
        if last is not None and day <= last:
            before = "baseline window ends on" if position == 0 else "visit before, on"
            where = place(path, ("followup", "visits", position))
            yield Fault(where, f"a day after the {before} day {last:g}", f"{day:g}", "All days count from the injury.")
        last = day


def visit_windows(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that windows of visits do not touch one another, nor the baseline."""
    half, last = number(table(raw, "followup").get("window_days")), baseline_end(raw)
    days = [day for day in (last, *visits(raw)) if day is not None]
    closest = min((later - earlier for earlier, later in pairwise(days)), default=None)
    if half is not None and closest is not None and closest > 0 and 2 * half >= closest:
        where, expected = (
            place(path, ("followup", "window_days")),
            f"less than half of the {closest:g} days between visits",
        )
        yield Fault(where, expected, f"{half:g}")


def ratio(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that the ratio has a number for each arm, and blocks are multiples of its sum."""
    given, arms = table(raw, "randomisation"), tables(raw, "arms")
    parts, size = numbers(given, "ratio"), number(given.get("block_size"))
    if parts and arms and len(parts) != len(arms):
        yield Fault(place(path, ("randomisation", "ratio")), f"{len(arms)} numbers, one for each arm", f"{len(parts)}")
    total = sum(parts) if parts else float(len(arms))
    if size is not None and total > 0 and size % total:
        where = place(path, ("randomisation", "block_size"))
        yield Fault(where, f"a multiple of {total:g}, the sum of the ratio", f"{size:g}")


def minimised(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that minimisation has factors to balance; simple randomisation has none."""
    given = table(raw, "randomisation")
    method, factors = text(given, "method"), given.get("stratify_by")
    where = place(path, ("randomisation", "stratify_by"))
    if method == "minimisation" and not factors:
        yield Fault(where, "the factors to balance", "nothing", 'For example stratify_by = ["grade", "site"].')
    if method == "simple" and factors:
        advice = 'Remove this key, or choose method = "permuted_block".'
        yield Fault(where, "nothing with simple randomisation", shown(factors), advice)


def holds(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that holds of the accrual are pairs of months in order."""
    given = table(raw, "accrual").get("holds")
    last = 0.0
    for position, pair in enumerate(given if isinstance(given, list) else []):
        months = numbers({"pair": pair}, "pair")
        if len(months) == 2:
            if months[0] < last or months[1] <= months[0]:
                where = place(path, ("accrual", "holds", position))
                yield Fault(where, f"two rising months, from month {last:g} on", shown(pair))
            last = max(last, months[1])


def points(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that points are added to scores that exist."""
    holders: list[tuple[tuple[str | int, ...], Raw]] = [(("assessment",), table(raw, "assessment"))]
    holders += [(("intercurrent_events", i), each) for i, each in tables(raw, "intercurrent_events")]
    for at, holder in holders:
        for name in table(holder, "points"):
            if name not in SCORES:
                yield Fault(place(path, (*at, "points")), f"one of {', '.join(SCORES)}", shown(name))


def blinding(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that what knowing the arm does is stated only where assessors know it."""
    given = table(raw, "assessment")
    if given.get("blinded", True) is True and (given.get("upgrade_rate") or given.get("points")):
        advice = "Set blinded = false, or remove upgrade_rate and points."
        yield Fault(place(path, ("assessment", "blinded")), "false where the arm sways assessors", "true", advice)


RULES = (visit_days, visit_windows, ratio, minimised, holds, points, blinding)
