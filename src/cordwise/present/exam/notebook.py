"""A batch of classified examinations as a small table for a notebook."""

from html import escape
from typing import Any, Final

from cordwise.isncsci.classified_batch import Classification
from cordwise.present.exam.text import RESEARCH_ONLY

_ROWS: Final = 10
_SHOWN: Final = {
    "sensory_right": "Sensory right",
    "sensory_left": "Sensory left",
    "motor_right": "Motor right",
    "motor_left": "Motor left",
    "nli": "NLI",
    "complete": "Complete",
    "ais": "AIS",
}


def classification_html(classification: Classification) -> str:
    """Return the first exams of a batch as an HTML table, and how many there are."""
    head = "".join(f"<th>{escape(title)}</th>" for title in ("Examination", *_SHOWN.values()))
    rows = zip(classification.ids, classification.table.head(_ROWS).iter_rows(named=True), strict=False)
    body = "".join(f"<tr><td>{escape(str(name))}</td>{_cells(row)}</tr>" for name, row in rows)
    more = f" The first {_ROWS} are shown." if len(classification) > _ROWS else ""
    count = f"{len(classification)} examinations, {classification.refused} refused.{more}"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{count} {escape(RESEARCH_ONLY)}</p>"


def _cells(row: dict[str, Any]) -> str:
    if row["errors"] is not None:
        faults = "; ".join(f"{one['where']}: {one['got']}" for one in row["errors"])
        return f'<td colspan="{len(_SHOWN)}">refused: {escape(faults)}</td>'
    return "".join(
        f"<td>{escape(row[name].replace('_', '-'))}{'*' if name in row['tagged'] else ''}</td>" for name in _SHOWN
    )
