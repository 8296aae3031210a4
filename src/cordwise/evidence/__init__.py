"""Sources and numbers: the tables that every model parameter and target comes from, and their checks."""

from cordwise.evidence.cite import Citation, cite, find_row, is_recalled, marked
from cordwise.evidence.lint import lint_package, lint_table, lint_targets
from cordwise.evidence.load import evidence_version, load_table, raw_table, table_names
from cordwise.evidence.schema import Bounds, measures, table_schemas
from cordwise.evidence.targets import (
    Target,
    Targets,
    packaged_targets,
    read_target_files,
    read_targets,
    registry_targets,
    released_targets,
)

__all__ = [
    "Bounds",
    "Citation",
    "Target",
    "Targets",
    "cite",
    "evidence_version",
    "find_row",
    "is_recalled",
    "lint_package",
    "lint_table",
    "lint_targets",
    "load_table",
    "marked",
    "measures",
    "packaged_targets",
    "raw_table",
    "read_target_files",
    "read_targets",
    "registry_targets",
    "released_targets",
    "table_names",
    "table_schemas",
]
