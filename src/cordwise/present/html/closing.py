"""The sections every report ends with: assumptions, credibility, provenance."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.present import numbers
from cordwise.present.html.page import STATUS_WORDS, Section, Table, status_cell, table

Result = Mapping[str, Any]
Statement = tuple[str, str]


def assumptions(result: Result) -> Section:
    """Return every assumption with its value, where it comes from, and how sure that is."""
    rows = result.get("assumptions") or []
    if not rows:
        return Section("assumptions", "Assumptions and where each comes from")
    body = [(row["what"], numbers.value(row["value"]), row["source"], status_cell(str(row["status"]))) for row in rows]
    headings = {"Assumption": False, "Value": False, "Where it comes from": False, "Status": False}
    words = (f"{status_counts(rows)}. {status_key(rows)}",)
    listed = table("Assumptions, each with its source and status", headings, body)
    return Section("assumptions", "Assumptions and where each comes from", words, tables=(listed,))


def status_counts(rows: list[dict[str, Any]]) -> str:
    """Return how many assumptions have which status: `2 seen, 3 fitted`."""
    counts = Counter(str(row["status"]) for row in rows)
    known = [status for status in STATUS_WORDS if status in counts]
    others = sorted(set(counts) - set(known))
    return ", ".join(f"{counts[status]} {status}" for status in [*known, *others])


def status_key(rows: list[dict[str, Any]]) -> str:
    """Return what the statuses in use mean: `Seen: read in the source itself.`."""
    used = {str(row["status"]) for row in rows}
    return " ".join(f"{status.capitalize()}: {words}." for status, words in STATUS_WORDS.items() if status in used)


def credibility(result: Result, statements: list[Statement]) -> Section:
    """Return the credibility table in the words of ASME V&V 40 and ICH M15.

    `statements` are those of the kind of report; the question, the context of use and the state of the inputs are
    common to all, and a result may bring rows of its own under `credibility`.
    """
    provenance = result.get("provenance") or {}
    common: list[Statement] = [
        ("Question of interest", question_of(result)),
        ("Context of use", str(provenance.get("context_of_use") or CONTEXT_OF_USE)),
    ]
    rows = [*common, *statements, *_numerics(result), *_inputs(result), *_own(result)]
    listed = table("Credibility of this result", {"Topic": False, "What can be said": False}, list(rows))
    return Section("credibility", "Credibility", tables=(listed,))


def question_of(result: Result) -> str:
    """Return the question of interest; kinds that carry none have a standing one."""
    standing = {
        "patient": "What do the cells change in one simulated patient?",
        "population_check": "Do simulated patients reproduce published figures of natural recovery?",
    }
    return str(result.get("question") or standing.get(str(result.get("kind")), ""))


def _inputs(result: Result) -> list[Statement]:
    """Return how well the model inputs are supported, counted from the assumptions."""
    rows = result.get("assumptions") or []
    return [("Model inputs", f"Of {len(rows)} stated assumptions: {status_counts(rows)}.")] if rows else []


def _numerics(result: Result) -> list[Statement]:
    """Return how exactly the tissue was solved, for results that come from the tissue model."""
    checked = result.get("numerics")
    return [("Numerics", str(checked["words"]))] if checked else []


def _own(result: Result) -> list[Statement]:
    """Return the credibility rows that the result itself brings."""
    return [(str(row["topic"]), str(row["statement"])) for row in result.get("credibility") or []]


def provenance(result: Result) -> Section:
    """Return the record by which the result can be made again."""
    record = result.get("provenance") or {}
    if not record:
        return Section("provenance", "Provenance")
    versions = record.get("versions") or {}
    rows = [
        ("Command", f"cordwise {record.get('command', '')}".strip()),
        ("Seed", str(record.get("seed", numbers.NOT_GIVEN))),
        ("Input file", str(record.get("input_name", numbers.NOT_GIVEN))),
        ("SHA-256 of the input", str(record.get("input_sha256", numbers.NOT_GIVEN))),
        *((f"Option {name}", numbers.value(value)) for name, value in (record.get("options") or {}).items()),
        ("Versions", ", ".join(f"{name} {version}" for name, version in versions.items()) or numbers.NOT_GIVEN),
    ]
    words = ("The same input, seed and versions give the same result.",)
    return Section("provenance", "Provenance", words, tables=(facts("What decides this result", rows),))


def facts(caption: str, rows: list[tuple[str, str]]) -> Table:
    """Return a table of names and values."""
    return table(caption, {"Item": False, "Value": False}, list(rows))
