"""`cordwise exam map`: a mapping drafted for a foreign table."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cordwise.base.errors import InputError
from cordwise.cli.options import ExaminationsName, Flag

if TYPE_CHECKING:
    from cordwise.isncsci.files.draft_mapping import DraftMapping

_UNUSED_SHOWN = 8


def map_columns(
    source: ExaminationsName, /, *, out: Path | None = None, json: Flag = False, quiet: Flag = False
) -> None:
    """Draft a mapping for a table with foreign column names: what was found, what is missing, what is left over.

    The draft is what `--mapping` of `exam batch` takes. Exit code 2 says that something is left for you to fill in.

    Parameters
    ----------
    source
        Examinations: .csv, .tsv, .parquet, .jsonl or .json.
    out
        Where the mapping goes (.toml); it is printed when not given.
    json
        Print the mapping, what is missing, what is left over and which values are unknown as JSON.
    quiet
        Print nothing but the draft and its faults.
    """
    from cordwise.base.examples import find_input
    from cordwise.base.provenance import to_json, write_atomically
    from cordwise.isncsci.files.draft_mapping import draft_mapping
    from cordwise.isncsci.files.mapping_text import mapping_text

    draft = draft_mapping(find_input(source, "examinations"))
    text = mapping_text(draft)
    if out is not None:
        write_atomically(out, text.encode())
    if json:
        print(to_json(draft.to_dict()), end="")
    elif out is None:
        print(text, end="")
    if not quiet:
        _tell(draft, source, out)
    if draft.faults:
        raise InputError(draft.faults)


def _tell(draft: "DraftMapping", source: Path, out: Path | None) -> None:
    """Say how much was found and what comes next."""
    from cordwise.isncsci.worksheet import CELLS

    print(f"{draft.recognised} of {len(CELLS)} cells of the worksheet found in {draft.file}.", file=sys.stderr)
    if draft.unused:
        shown = ", ".join(draft.unused[:_UNUSED_SHOWN])
        more = f" and {len(draft.unused) - _UNUSED_SHOWN} more" if len(draft.unused) > _UNUSED_SHOWN else ""
        print(f"Not used: {shown}{more}.", file=sys.stderr)
    if draft.blanks:
        print(f"{draft.blanks} scores or findings are blank: add --blank na or --blank nt.", file=sys.stderr)
    if not draft.faults:
        how = f"--preset {draft.preset}" if draft.preset else f"--mapping {out or 'MAPPING.toml'}"
        visit = f" --visit {draft.visits[0]}" if draft.visits else ""
        print(f"Next: cordwise exam batch {source} {how}{visit} --out graded.parquet", file=sys.stderr)
