"""What every result can do: become JSON, tables, charts, a report, a text. How is known to the room `present` alone."""

from abc import ABC
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import altair
    import polars

PRESENTERS = "cordwise.present.presenters"
"""Named, not imported: results stand below the room that shows them, which is loaded when one is first shown."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Result(ABC):
    """A finished computation, immutable; `kind` names its form in JSON."""

    kind: ClassVar[str]

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values: exactly what its command prints with `--json`."""
        return _presenter(self).to_dict(self)

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the names of the tables that `to_frame` gives."""
        return tuple(_presenter(self).parts)

    def to_frame(self, part: str | None = None) -> "polars.DataFrame":
        """Return one table of the result as a polars frame; the first of `parts` when none is named.

        Raises
        ------
        InputError
            There is no such part.
        """
        return import_module(PRESENTERS).frame(self, part)

    @property
    def charts(self) -> tuple[str, ...]:
        """Return the names of the charts that `chart` draws."""
        return import_module(PRESENTERS).chart_names(self)

    def chart(self, name: str | None = None) -> "altair.TopLevelMixin":
        """Return one chart of the result, as an Altair chart; the first of `charts` when none is named.

        Raises
        ------
        InputError
            There is no such chart.
        """
        return import_module(PRESENTERS).chart(self, name)

    def report(self, path: str | Path) -> Path:
        """Write the report, one HTML file that needs nothing but itself, and return its path."""
        return import_module(PRESENTERS).write_report(self, Path(path))

    def __str__(self) -> str:
        """Return the text that the command prints."""
        return _presenter(self).text(self)

    def __repr__(self) -> str:
        """Return a line that names the result; `str` and `to_dict` say more."""
        return f"<{type(self).__name__}: {', '.join(self.parts)}>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return import_module(PRESENTERS).notebook_html(self)


def _presenter(result: Result) -> Any:  # noqa: ANN401 - a Presenter, of the room above
    return import_module(PRESENTERS).presenter_of(result.kind)
