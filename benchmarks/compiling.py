"""What does each command compile, starting from nothing, and for how long?

    python benchmarks/compiling.py
    python benchmarks/compiling.py --write

With `--write` the numbers become those by which commands say how long they will compile
(`src/cordwise/cli/data/compile_seconds.csv`), and the table of docs/explanation/speed.md.  Run it on a quiet machine,
and again whenever compiled functions have come, gone or grown.
"""

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cordwise.cli.warm import STEPS

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "src/cordwise/cli/data/compile_seconds.csv"
PAGE = ROOT / "docs/explanation/speed.md"
PART = re.compile(r"(?<=<!-- compiling -->\n).*(?=<!-- /compiling -->)", re.DOTALL)
WORTH_A_ROW = 0.1  # seconds; shorter ones are left out of the table of seconds
PLACES = {
    "cord.engine": "time loop of the tissue",
    "cord": "reading the tissue",
    "patient": "examination",
    "isncsci": "classification",
    "base": "random numbers",
}


def main() -> int:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description="Measure what each command compiles, starting from nothing.")
    parser.add_argument("--write", action="store_true", help="write the numbers where commands and the docs have them")
    parser.add_argument("--only", nargs="+", default=list(STEPS), metavar="COMMAND", help="only these commands")
    asked = parser.parse_args()
    found = {name: compiled_by(name) for name in asked.only}
    shown = page_table(found)
    print(shown)
    if asked.write:
        write_seconds(found)
        PAGE.write_text(PART.sub(lambda _: f"\n{shown}\n\n", PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def compiled_by(name: str) -> Mapping[tuple[str, str], float]:
    """Return the seconds of each function, by module and name, that a command compiles in a process of its own."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "CORDWISE_CACHE": cache}
        environment.pop("NUMBA_CACHE_DIR", None)
        command = [sys.executable, "-m", "cordwise", "warm", "--only", name, "--json", "--quiet"]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    (step,) = json.loads(done.stdout)
    seconds: dict[tuple[str, str], float] = defaultdict(float)  # a function may be compiled for several kinds of input
    for each in step["compiled"]:
        seconds[each["module"], each["function"]] += each["seconds"]
    return seconds


def write_seconds(found: Mapping[str, Mapping[tuple[str, str], float]]) -> None:
    """Replace the rows of the commands that were measured."""
    with TABLE.open(encoding="utf-8", newline="") as source:
        kept = [row for row in csv.DictReader(source) if row["command"] not in found]
    new: list[dict[str, Any]] = [
        {"command": name, "module": module, "function": function, "seconds": f"{seconds:.1f}"}
        for name, compiled in found.items()
        for (module, function), seconds in sorted(compiled.items())
        if seconds >= WORTH_A_ROW
    ]
    with TABLE.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, ["command", "module", "function", "seconds"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*kept, *new], key=lambda row: (row["command"], row["module"], row["function"])))


def page_table(found: Mapping[str, Mapping[tuple[str, str], float]]) -> str:
    """Return the table of the page: seconds by command and module, the longest module first."""
    by_place = {name: _by_place(compiled) for name, compiled in found.items()}
    places = sorted({place for each in by_place.values() for place in each})
    places.sort(key=lambda place: -max(each.get(place, 0.0) for each in by_place.values()))
    lines = [_row(["command", *places, "all"]), _row(["---", *["---:"] * (len(places) + 1)])]
    for name, seconds in by_place.items():
        cells = [f"{seconds[place]:.1f}" if place in seconds else "" for place in places]
        lines.append(_row([f"`{name}`", *cells, f"{sum(seconds.values()):.1f}"]))
    return "\n".join(lines)


def _by_place(compiled: Mapping[tuple[str, str], float]) -> Mapping[str, float]:
    seconds: dict[str, float] = defaultdict(float)
    for (module, _), each in compiled.items():
        seconds[_place(module)] += each
    return seconds


def _place(module: str) -> str:
    """Return the words under which a module is counted."""
    return next((words for start, words in PLACES.items() if module.startswith(start)), f"`{module}`")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
