"""What a report is made of: a page of sections, each with words, figures and tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from cordwise.present.charts.drawing import svg

NOT_IN_RESULT = "Not part of this result."
STATUS_WORDS = {
    "seen": "read in the source itself",
    "recalled": "remembered, not read in the source",
    "fitted": "fitted to data",
    "judgement": "chosen by judgement",
    "computed": "computed in this run",
}


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a table: its text, and where wanted a status (shown as a mark) or an address."""

    text: str
    status: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its heading, and whether it holds numbers (set to the right)."""

    heading: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption that says what it shows."""

    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with its text alternative inside, and a caption."""

    drawing: Markup
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One section: a heading, then words, figures and tables in this order."""

    name: str
    heading: str
    words: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether the result held nothing for this section."""
        return not (self.words or self.figures or self.tables)


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report."""

    title: str
    question: str
    answer: tuple[str, ...]
    sections: tuple[Section, ...]
    badge: str = ""
    badge_kind: str = ""
    answer_heading: str = field(default="Answer")


def figure(spec: dict[str, Any], *, name: str, title: str, description: str, caption: str = "") -> Figure:
    """Return a chart as a figure; `title` and `description` are its text alternative."""
    # The renderer escapes every text it draws, and `svg` escapes the alternative.
    return Figure(Markup(svg(spec, name=name, title=title, description=description)), caption)


def table(caption: str, headings: dict[str, bool], rows: Sequence[Sequence[str | TableCell]]) -> Table:
    """Return a table; `headings` maps each heading to whether its column holds numbers."""
    columns = tuple(TableColumn(text, is_number) for text, is_number in headings.items())
    return Table(caption, columns, tuple(tuple(_cell(item) for item in row) for row in rows))


def _cell(item: str | TableCell) -> TableCell:
    """Return a cell from its text."""
    return item if isinstance(item, TableCell) else TableCell(item)


def status_cell(status: str) -> TableCell:
    """Return a cell that marks where a number comes from; an unknown status is shown as it is written."""
    return TableCell(status, status=status if status in STATUS_WORDS else "other")


def source_cell(label: str, address: str) -> TableCell:
    """Return a cell with a link, if the address is one a reader can follow; other schemes are dropped."""
    return TableCell(label, link=address if address.startswith(("https://", "http://")) else "")
