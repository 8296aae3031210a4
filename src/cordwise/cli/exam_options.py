"""The options of the commands that read and classify files of examinations."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from cordwise.base.errors import Fault, InputError

if TYPE_CHECKING:
    from cordwise.isncsci.files.layout import FileLayout
    from cordwise.isncsci.zpp import NonKeyZpp

Preset = Literal["cordwise", "redcap_ubc", "praxis_json", "sygen"]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class FileOptions:
    """How a file is written."""

    preset: Preset | None = None
    """Whose column names and codes the file uses; the documentation's own when not given."""
    mapping: Path | None = None
    """A TOML file that names the columns and codes, for any other file."""
    blank: Literal["error", "na", "nt"] = "error"
    """What a blank score or finding means: a mistake, not recorded (na), or not testable (nt)."""
    id_column: str | None = None
    """The column or key that names an examination, where it is not the one of the preset or mapping."""

    def layout_at(self, visit: str | None, *, legacy_five_star: bool = False) -> "FileLayout":
        """Return how the columns of one visit are to be read."""
        from cordwise.isncsci.files.layout import layout_of
        from cordwise.isncsci.files.score_codes import Blank

        if self.preset and self.mapping:
            raise InputError([Fault("--preset and --mapping", "one of the two", "both")])
        return layout_of(
            self.preset or "cordwise",
            mapping=self.mapping,
            blank=Blank(self.blank),
            legacy_five_star=legacy_five_star,
            visit=visit,
            id_column=self.id_column,
        )


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ReadingOptions(FileOptions):
    """How a file is written, and which rule classifies it."""

    non_key_zpp: Literal["standard", "peer", "never"] = "standard"
    """When a non-key muscle enters the motor zone of partial preservation."""
    legacy_5_star: Annotated[bool, Parameter(name="--legacy-5-star", negative=())] = False
    """Read the motor score 5* of worksheets before 2019 as 5."""
    visit: str | None = None
    """The visit to read, where column names end in one."""

    def layout(self) -> "FileLayout":
        """Return how the file is to be read."""
        return self.layout_at(self.visit, legacy_five_star=self.legacy_5_star)

    def rule(self) -> "NonKeyZpp":
        """Return when a non-key muscle enters the motor zone."""
        from cordwise.isncsci.zpp import NonKeyZpp

        return NonKeyZpp(self.non_key_zpp)
