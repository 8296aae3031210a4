"""The reports of a verification and of a benchmark of the engine."""

from collections.abc import Mapping, Sequence
from typing import Any

from cordwise.cord.verification.result import EngineBenchmark, EngineVerification
from cordwise.present.engine.tables import preset_rows, quantity_rows, solver_rows
from cordwise.present.html.page import Page, Section, Table, table


def verification_page(result: EngineVerification) -> Page:
    """Return the report of a verification."""
    standard, verdict = result.presets["standard"], "keeps to" if result.passed else "does not keep to"
    answer = (
        f"The standard preset {verdict} its limit: 99 of 100 values read out of {result.patients} simulated patients "
        f"lie within {standard.error_p99:.1e} of LSODA's; the limit is {result.limit_p99:.0e}."
    )
    sections = (
        Section("presets", "Errors of every preset", tables=(_table("Relative errors", preset_rows(result)),)),
        Section("quantities", "What is read out", tables=(_table("Relative errors", quantity_rows(result)),)),
    )
    return Page("Verification of the engine", "Does the engine solve its equations?", (answer,), sections)


def benchmark_page(result: EngineBenchmark) -> Page:
    """Return the report of a benchmark."""
    answer = (
        f"The engine simulates {result.patients_per_second_per_core:,.0f} patients a second on one core of "
        f"{result.machine.processor}, with 99 of 100 values within {result.error_p99:.1e} of the reference."
    )
    listed = _table("Patients a second on one core, at equal accuracy", solver_rows(result))
    return Page(
        "Speed of the engine", "How fast is the engine?", (answer,), (Section("solvers", "Solvers", tables=(listed,)),)
    )


def _table(caption: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    headings = {name: not isinstance(value, str) for name, value in rows[0].items()}
    return table(caption, headings, [[_cell(value) for value in row.values()] for row in rows])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1e}" if abs(value) < 1 else f"{value:,.0f}"
    return "" if value is None else str(value)
