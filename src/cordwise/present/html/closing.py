"""The sections every report ends with: assumptions, credibility, provenance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.present import numbers
from cordwise.present.html.page import STATUS_WORDS, Section, Table, status_cell, table

Result = Any  # a typed result; a mapping while some kinds still have one
Statement = tuple[str, str]


def part_of(result: Result, name: str) -> Any:  # noqa: ANN401 - whatever the result holds there
    """Return a part of a result by its name, None where it has none."""
    return result.get(name) if isinstance(result, Mapping) else getattr(result, name, None)


def assumptions(result: Result) -> Section:
    """Return every assumption with its value, where it comes from, and how sure that is."""
    rows = part_of(result, "assumptions") or []
    if not rows:
        return Section("assumptions", "Assumptions and where each comes from")
    body = [
        (
            part_of(row, "what"),
            numbers.value(part_of(row, "value")),
            part_of(row, "source"),
            status_cell(str(part_of(row, "status"))),
        )
        for row in rows
    ]
    headings = {"Assumption": False, "Value": False, "Where it comes from": False, "Status": False}
    words = (f"{status_counts(rows)}. {status_key(rows)}",)
    listed = table("Assumptions, each with its source and status", headings, body)
    return Section("assumptions", "Assumptions and where each comes from", words, tables=(listed,))


def status_counts(rows: Sequence[Any]) -> str:
    """Return how many assumptions have which status: `2 seen, 3 fitted`."""
    counts = Counter(str(part_of(row, "status")) for row in rows)
    known = [status for status in STATUS_WORDS if status in counts]
    others = sorted(set(counts) - set(known))
    return ", ".join(f"{counts[status]} {status}" for status in [*known, *others])


def status_key(rows: Sequence[Any]) -> str:
    """Return what the statuses in use mean: `Seen: read in the source itself.`."""
    used = {str(part_of(row, "status")) for row in rows}
    return " ".join(f"{status.capitalize()}: {words}." for status, words in STATUS_WORDS.items() if status in used)


def credibility(result: Result, statements: list[Statement], *, question: str = "") -> Section:
    """Return the credibility table in the words of ASME V&V 40 and ICH M15.

    `statements` are those of the kind of report; the question (where the result holds none, as given), the context of
    use and the state of the inputs are common to all, and a result may bring rows of its own under `credibility`.
    """
    record = part_of(result, "provenance")
    common: list[Statement] = [
        ("Question of interest", question or question_of(result)),
        ("Context of use", str(part_of(record, "context_of_use") or CONTEXT_OF_USE)),
    ]
    rows = [*common, *statements, *_numerics(result), *_inputs(result), *_own(result)]
    listed = table("Credibility of this result", {"Topic": False, "What can be said": False}, list(rows))
    return Section("credibility", "Credibility", tables=(listed,))


def question_of(result: Result) -> str:
    """Return the question of interest; kinds that carry none have a standing one."""
    standing = {
        "patient": "What do the cells change in one simulated patient?",
        "population_check": "Do simulated patients reproduce published figures of natural recovery?",
        "cross_validation": "Does the population predict grades and levels that it was not fitted to?",
        "cross_validation_by_registry": "How well is a registry forecast that the population was not fitted to?",
    }
    return str(part_of(result, "question") or standing.get(str(part_of(result, "kind")), ""))


def _inputs(result: Result) -> list[Statement]:
    """Return how well the model inputs are supported, counted from the assumptions."""
    rows = part_of(result, "assumptions") or []
    return [("Model inputs", f"Of {len(rows)} stated assumptions: {status_counts(rows)}.")] if rows else []


def _numerics(result: Result) -> list[Statement]:
    """Return how exactly the tissue was solved, for results that come from the tissue model."""
    checked = part_of(result, "numerics")
    return [("Numerics", str(part_of(checked, "words")))] if checked else []


def _own(result: Result) -> list[Statement]:
    """Return the credibility rows that the result itself brings."""
    return [
        (str(part_of(row, "topic")), str(part_of(row, "statement"))) for row in part_of(result, "credibility") or []
    ]


def provenance(result: Result) -> Section:
    """Return the record by which the result can be made again."""
    record = part_of(result, "provenance")
    if not record:
        return Section("provenance", "Provenance")
    versions = part_of(record, "versions") or {}
    rows = [
        ("Command", f"cordwise {part_of(record, 'command') or ''}".strip()),
        ("Seed", _told(record, "seed")),
        ("Input file", _told(record, "input_name")),
        ("SHA-256 of the input", _told(record, "input_sha256")),
        *((f"Option {name}", numbers.value(value)) for name, value in (part_of(record, "options") or {}).items()),
        ("Versions", ", ".join(f"{name} {version}" for name, version in versions.items()) or numbers.NOT_GIVEN),
    ]
    words = ("The same input, seed and versions give the same result.",)
    return Section("provenance", "Provenance", words, tables=(facts("What decides this result", rows),))


def _told(record: Result, name: str) -> str:
    found = part_of(record, name)
    return numbers.NOT_GIVEN if found is None else str(found)


def facts(caption: str, rows: list[tuple[str, str]]) -> Table:
    """Return a table of names and values."""
    return table(caption, {"Item": False, "Value": False}, list(rows))
