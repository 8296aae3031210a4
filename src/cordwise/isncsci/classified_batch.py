"""A batch of classified examinations as a result: one row an examination, refused ones with their faults."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final

from cordwise.base.result import Result
from cordwise.isncsci.classified_exam import ExamId
from cordwise.isncsci.possible import OUTPUTS

if TYPE_CHECKING:
    import polars

_TEXT: Final = "cordwise.present.exam.text"  # named, not imported: results stand below the room that shows them
_NOTEBOOK: Final = "cordwise.present.exam.notebook"


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Classification(Result):
    """What a batch of examinations shows, one row an examination in the order they came in.

    Parameters
    ----------
    ids
        The name of each examination, None where it has none.
    table
        Polars frame with the columns `id`, `OUTPUTS`, `tagged` (list), `totals` (struct), `errors` (list of structs,
        null for a classified exam) and `warnings` (list, null for none): what `exam batch` writes to Parquet.
    """

    kind: ClassVar[str] = "classification"

    ids: tuple[ExamId | None, ...]
    table: "polars.DataFrame"

    def __len__(self) -> int:
        """Return the number of examinations, refused ones included."""
        return len(self.ids)

    @property
    def refused(self) -> int:
        """How many examinations were refused."""
        return len(self) - self.table["errors"].null_count()

    def to_dict(self) -> dict[str, Any]:
        """Return `classifications`: for each examination the object of the line that `exam batch` writes."""
        rows = zip(self.ids, self.table.iter_rows(named=True), strict=True)
        return {"classifications": [{"id": name} | _line(row) for name, row in rows]}

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the names of the tables that `to_frame` gives."""
        return ("classifications",)

    def to_frame(self, part: str | None = None) -> "polars.DataFrame":
        """Return the table: one row an examination, a refused one with its `errors` and nothing else."""
        return self.table if part in (None, *self.parts) else super().to_frame(part)

    def __str__(self) -> str:
        """Return how many examinations were classified, and how the grades are spread."""
        return import_module(_TEXT).classification_text(self)

    def _repr_html_(self) -> str:
        """Return the first rows as a table."""
        return import_module(_NOTEBOOK).classification_html(self)


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the object of a line, but for its name."""
    if row["errors"] is not None:
        return {"errors": row["errors"]}
    line = {name: row[name] for name in (*OUTPUTS, "tagged", "totals")}
    return line | ({"warnings": row["warnings"]} if row["warnings"] else {})
