"""Examinations a second, of cordwise and of the npm package `isncsci`, in one run on the same files.

Run `make oracle` first, then `.venv/bin/python benchmarks/isncsci.py`. Every number is the median of several passes
after one that is not counted. End to end means a process of its own: it starts, reads the file, writes the answers and
ends.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from cordwise.isncsci import DERMATOMES, MYOTOMES, SIDES, classify  # noqa: E402
from cordwise.isncsci.possible import classify_recorded  # noqa: E402
from cordwise.isncsci.recorded import RecordedExams  # noqa: E402
from oracle.examinations import TOP_SCORES, blur  # noqa: E402
from oracle.peer import node, texts_of, why_absent  # noqa: E402
from reference.isncsci_exams import random_exams  # noqa: E402

DESCRIPTION = "Examinations a second, of cordwise and of the npm package isncsci."
SEED = 3
LEVELS_OF_FAMILY = {"motor": MYOTOMES, "light_touch": DERMATOMES, "pin_prick": DERMATOMES}
COLUMNS = [
    *((side, family, level) for family, order in LEVELS_OF_FAMILY.items() for side in SIDES for level in order),
    ("vac",),
    ("dap",),
    *((side, "lowest_non_key_muscle") for side in SIDES),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=DESCRIPTION)
    parser.add_argument("--exams", type=int, default=100_000)
    parser.add_argument("--passes", type=int, default=3)
    options = parser.parse_args()
    if why_absent():
        sys.exit(why_absent())
    print(machine())
    testable = random_exams(SEED, options.exams)
    chosen = np.random.default_rng(SEED).random((options.exams, TOP_SCORES.size)) < 0.1
    opened = blur(testable, chosen, np.random.default_rng(SEED + 1), tags=0.5)
    print(f"{options.exams} exams, seed {SEED}; medians of {options.passes} passes; exams a second\n")
    with tempfile.TemporaryDirectory() as folder:
        for title, exams, in_memory in (
            ("testable", RecordedExams.from_exams(testable), lambda: classify(testable)),
            ("one cell in ten NT or starred", opened, lambda: classify_recorded(opened)),
        ):
            report(title, rates(exams, in_memory, Path(folder), options.passes))


def machine() -> str:
    """Processor, cores and versions, in words."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    versions = f"Python {platform.python_version()}, node {output_of([node(), '--version']).strip()}"
    return f"{model}, {os.cpu_count()} cores, {platform.system()}; {versions}"


def rates(exams: RecordedExams, in_memory: Callable[[], object], folder: Path, passes: int) -> dict[str, float]:
    """Exams a second by what is measured: ours, then the peer's."""
    lines, table, target = folder / "exams.jsonl", folder / "exams.parquet", folder / "answers.jsonl"
    write_files(exams, lines, table)
    peer = [node(), str(HERE / "isncsci_peer.mjs")]
    batch = [str(Path(sys.executable).with_name("cordwise")), "exam", "batch", "--quiet", "--out", str(target)]
    seconds = {
        "cordwise, arrays in memory": times(in_memory, passes),
        "npm isncsci, objects in memory": json.loads(output_of([*peer, "objects", str(lines), str(passes)])),
        "cordwise, JSON lines end to end": times(lambda: output_of([*batch, str(lines)]), passes),
        "cordwise, Parquet end to end": times(lambda: output_of([*batch, str(table)]), passes),
        "npm isncsci, JSON lines end to end": times(
            lambda: output_of([*peer, "file", str(lines), str(target)]), passes
        ),
    }
    return {name: len(exams) / statistics.median(taken) for name, taken in seconds.items()}


def write_files(exams: RecordedExams, lines: Path, table: Path) -> None:
    """Write the same exams as JSON lines and as a table."""
    texts = texts_of(exams)
    with lines.open("w") as file:
        file.writelines(f"{json.dumps(nested(row, cells))}\n" for row, cells in enumerate(texts))
    columns = {"_".join(keys): column for keys, column in zip(COLUMNS, zip(*texts, strict=True), strict=True)}
    pl.DataFrame({"id": range(len(texts)), **columns}).write_parquet(table)


def nested(number: int, cells: Sequence[str]) -> dict[str, Any]:
    """The exam as cordwise reads it from a line."""
    record = {"id": number, **{side: {family: {} for family in LEVELS_OF_FAMILY} for side in SIDES}}
    for (*outer, last), text in zip(COLUMNS, cells, strict=True):
        block = record
        for key in outer:
            block = block[key]
        block[last] = text or None
    return record


def times(call: Callable[[], object], passes: int) -> list[float]:
    """The seconds of each pass, after one that is not counted."""
    call()
    return [timed(call) for _ in range(passes)]


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def output_of(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def report(title: str, found: dict[str, float]) -> None:
    print(f"{title}:")
    for name, rate in found.items():
        peer = "npm isncsci, objects in memory" if "memory" in name else "npm isncsci, JSON lines end to end"
        ratio = f"   {rate / found[peer]:6.1f} times the npm package" if name != peer else ""
        print(f"  {name:36} {rate:12,.0f}{ratio}")
    print()


if __name__ == "__main__":
    main()
