"""`cordwise status`: what a run folder holds, and whether it is whole."""

from pathlib import Path
from typing import Any

from cordwise.base.provenance import sha256_of
from cordwise.base.run_folder import require_record
from cordwise.cli.options import Flag

_CHANGED = 2


def status(run: Path, /, *, json: Flag = False) -> int:
    """Say which command wrote a run folder, and whether its files are there as it wrote them; exit code 2 if not.

    Parameters
    ----------
    run
        The run folder.
    json
        Print it as JSON.
    """
    record = require_record(run)
    state = {name: _state(run / name, digest) for name, digest in record.get("files", {}).items()}
    if json:
        from cordwise.base.provenance import to_json

        print(to_json({"kind": "status", "provenance": record, "files": state}), end="")
    else:
        print(_text(record, state))
    return 0 if set(state.values()) <= {"whole"} else _CHANGED


def _state(path: Path, digest: str) -> str:
    if not path.is_file():
        return "missing"
    return "whole" if sha256_of(path.read_bytes()) == digest else "changed"


def _text(record: dict[str, Any], state: dict[str, str]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in record["versions"].items())
    lines = [
        f"Command   cordwise {record['command']} {record['input_name']}",
        f"Seed      {record['seed']}",
        f"Versions  {versions}",
    ]
    if seconds := record.get("duration_seconds"):
        lines.append(f"Duration  {seconds:g} seconds")
    lines += [f"{state[name].capitalize():<9} {name}" for name in state]
    return "\n".join(lines)
