"""What no single value of a search file shows: names that the base design must have, and no choice twice."""

from collections.abc import Iterator
from pathlib import Path

from cordwise.base.errors import Fault
from cordwise.base.toml import place, shown
from cordwise.trial.design.rules.raw import Raw, table, tables, text
from cordwise.trial.design.treatment import DEFAULT_SCENARIO


def contradictions(raw: Raw, path: Path | str, base: Raw) -> Iterator[Fault]:
    """Yield every fault between the keys, and against the tables of the base design where there are any."""
    yield from _twice(raw, path)
    if base:
        yield from _unknown_endpoints(raw, path, base)
        yield from _unknown_scenario(raw, path, base)
        yield from _fixed_looks(raw, path)


def _unknown_endpoints(raw: Raw, path: Path | str, base: Raw) -> Iterator[Fault]:
    known = _names(base, "endpoints")
    for position, choice in tables(raw, "endpoints"):
        name = text(choice, "endpoint")
        if name is not None and name not in known:
            where = place(path, ("endpoints", position, "endpoint"))
            yield Fault(where, f"an endpoint of the base design: {', '.join(map(shown, known))}", shown(name))


def _unknown_scenario(raw: Raw, path: Path | str, base: Raw) -> Iterator[Fault]:
    known, name = _names(base, "scenarios") or [DEFAULT_SCENARIO.name], text(table(raw, "goal"), "scenario")
    if name is not None and name not in known:
        where = place(path, ("goal", "scenario"))
        yield Fault(where, f"a scenario of the base design: {', '.join(map(shown, known))}", shown(name))


def _fixed_looks(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that looks fit every total, which those at fixed numbers of patients do not."""
    for position, choice in tables(raw, "looks"):
        if "patients" in table(choice, "schedule"):
            where = place(path, ("looks", position, "schedule", "patients"))
            yield Fault(where, "looks that fit every total", "patients", "Use information or calendar_months.")


def _twice(raw: Raw, path: Path | str) -> Iterator[Fault]:
    for key in ("windows", "endpoints", "looks"):
        seen: list[object] = []
        for position, choice in tables(raw, key):
            same = choice.get("name") if key == "looks" else choice
            if same is not None and same in seen:
                yield Fault(place(path, (key, position)), "a choice of its own", "one that stands above")
            seen.append(same)


def _names(raw: Raw, key: str) -> list[str]:
    return [name for _, each in tables(raw, key) if (name := text(each, "name")) is not None]
