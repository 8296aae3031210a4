"""Examinations a second, of cordwise and of the npm package `isncsci`, in one run on the same files.

    python benchmarks/isncsci.py
    python benchmarks/isncsci.py --against FOLDER --exams 100000 --passes 3 --rows 500000 2000000

Run `make oracle` first. Every number is the median of several passes after one that is not counted, and programs that
are compared run by turns. End to end means a process of its own: it starts, reads the file, writes the answers and
ends. The rate by processor seconds, of all threads together, depends less on what else the machine does.

With `--against`, a checkout of another version with an environment of its own, 200 examinations are timed in both. With
`--rows`, so many rows of Parquet and of JSON lines are classified for the memory they take.
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
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from cordwise.isncsci import DERMATOMES, MYOTOMES, SIDES, classify_exams  # noqa: E402
from cordwise.isncsci.possible import classify_recorded  # noqa: E402
from cordwise.isncsci.recorded import RecordedExams  # noqa: E402
from oracle.examinations import TOP_SCORES, blur  # noqa: E402
from oracle.peer import node, texts_of, why_absent  # noqa: E402
from reference.isncsci_exams import random_exams  # noqa: E402

DESCRIPTION = "Examinations a second, of cordwise and of the npm package isncsci."
SEED = 3
SMALL = 200
PEER = (node(), str(HERE / "isncsci_peer.mjs"))
OBJECTS = "npm isncsci, objects in memory"
END_TO_END = "npm isncsci, JSON lines end to end"
TICK = 1 / os.sysconf("SC_CLK_TCK")  # the least that processor seconds tell apart
LEVELS_OF_FAMILY = {"motor": MYOTOMES, "light_touch": DERMATOMES, "pin_prick": DERMATOMES}
COLUMNS = [
    *((side, family, level) for family, order in LEVELS_OF_FAMILY.items() for side in SIDES for level in order),
    ("vac",),
    ("dap",),
    *((side, "lowest_non_key_muscle") for side in SIDES),
]


class Seconds(NamedTuple):
    """How long a pass took by the clock and, where it was measured, by the processor."""

    wall: float
    processor: float | None


def main() -> None:
    parser = argparse.ArgumentParser(description=DESCRIPTION)
    parser.add_argument("--exams", type=int, nargs="+", default=[100_000])
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--against", type=Path, help="a checkout of another version, such as that of 28 November")
    parser.add_argument("--rows", type=int, nargs="*", default=[], help="sizes of files whose memory is measured")
    options = parser.parse_args()
    if why_absent():
        sys.exit(why_absent())
    print(f"{machine()}; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        # A program that is installed keeps its compiled bytecode, whatever the environment of this run says.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        processes = Processes(Path(folder), environment | {"PYTHONPYCACHEPREFIX": str(Path(folder, "bytecode"))})
        for count in options.exams:
            print(f"\n{count} exams, seed {SEED}; medians of {options.passes} passes; exams a second\n")
            for title, exams, in_memory in batches(count):
                report(title, count, measured(exams, in_memory, processes, options.passes))
        report_small_batch(processes, options.against, options.passes)
        report_memory(processes, options.rows)


def batches(count: int) -> Iterator[tuple[str, RecordedExams, Callable[[], object]]]:
    """Yield exams of both kinds, and how they are classified in memory."""
    testable = random_exams(SEED, count)
    chosen = np.random.default_rng(SEED).random((count, TOP_SCORES.size)) < 0.1
    opened = blur(testable, chosen, np.random.default_rng(SEED + 1), tags=0.5)
    yield "testable", RecordedExams.from_exams(testable), lambda: classify_exams(testable)
    yield "one cell in ten NT or starred", opened, lambda: classify_recorded(opened)


def machine() -> str:
    """Processor, cores and versions, in words."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    versions = f"Python {platform.python_version()}, node {output_of([node(), '--version']).strip()}"
    return f"{model}, {os.cpu_count()} cores, {platform.system()}; {versions}"


class Processes(NamedTuple):
    """Where files go, and the environment that processes start with."""

    folder: Path
    environment: dict[str, str]

    def cordwise(
        self, source: Path, target: str = "answers.jsonl", version: Path | None = None
    ) -> Callable[[], object]:
        """Return a call that classifies a file in a process of its own, of another version if one is given."""
        kept = {"PYTHONPYCACHEPREFIX": str(self.folder / "other bytecode")} if version else {}
        return lambda: output_of(self._command(source, target, version), self.environment | kept)

    def peak_of(self, source: Path, target: str) -> float:
        """Return the most memory, in MiB, that a process had in residence that classified a file."""
        with subprocess.Popen(self._command(source, target), env=self.environment) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
        return used.ru_maxrss / 1024

    def _command(self, source: Path, target: str, version: Path | None = None) -> list[str]:
        programs = version / ".venv" / "bin" if version else Path(sys.executable).parent
        command = [str(programs / "cordwise"), "exam", "batch", "--quiet", str(source)]
        return [*command, "--out", str(self.folder / target)]

    def peer(self, source: Path) -> Callable[[], object]:
        """Return a call that does the same with the npm package."""
        return lambda: output_of([*PEER, "file", str(source), str(self.folder / "answers.jsonl")])


def measured(
    exams: RecordedExams, in_memory: Callable[[], object], processes: Processes, passes: int
) -> dict[str, Seconds]:
    """Return the median seconds by what is measured."""
    lines, one, table = (processes.folder / name for name in ("exams.jsonl", "one.jsonl", "exams.parquet"))
    write_files(exams, lines, table)
    one.write_text(lines.open().readline())
    objects = json.loads(output_of([*PEER, "objects", str(lines), str(passes)]))
    ends = medians_of([processes.cordwise(lines), processes.cordwise(table), processes.peer(lines)], passes)
    starts = medians_of([processes.cordwise(one), processes.peer(one)], passes)
    return {
        "cordwise, arrays in memory": median_of(in_memory, passes),
        OBJECTS: Seconds(statistics.median(objects), None),
        "cordwise, JSON lines end to end": ends[0],
        "cordwise, Parquet end to end": ends[1],
        END_TO_END: ends[2],
        "cordwise, start-up (file of one exam)": starts[0],
        "npm isncsci, start-up (file of one exam)": starts[1],
    }


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


def median_of(call: Callable[[], object], passes: int) -> Seconds:
    """Return the median seconds of a call, after one that is not counted."""
    return medians_of([call], passes)[0]


def medians_of(calls: Sequence[Callable[[], object]], passes: int) -> list[Seconds]:
    """Return the median seconds of calls that are made by turns, after one round that is not counted."""
    rounds = [[timed(call) for call in calls] for _ in range(passes + 1)][1:]
    return [
        Seconds(*(statistics.median(column) for column in zip(*taken, strict=True)))
        for taken in zip(*rounds, strict=True)
    ]


def timed(call: Callable[[], object]) -> Seconds:
    wall, processor = time.perf_counter(), sum(os.times()[:4])
    call()
    return Seconds(time.perf_counter() - wall, sum(os.times()[:4]) - processor)


def output_of(command: Sequence[str], environment: dict[str, str] | None = None) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def report_small_batch(processes: Processes, version: Path | None, passes: int) -> None:
    """Time 200 exams, as lines and as CSV, beside another version if there is one."""
    print(f"{SMALL} exams, whole processes, seconds by the clock:")
    for title, exams, _ in batches(SMALL):
        lines, table = processes.folder / "small.jsonl", processes.folder / "small.parquet"
        write_files(exams, lines, table)
        pl.read_parquet(table).write_csv(table.with_suffix(".csv"))
        for source in (lines, table.with_suffix(".csv")):
            calls = [processes.cordwise(source), *([processes.cordwise(source, version=version)] if version else [])]
            ours, *others = medians_of(calls, passes)
            ratio = (
                f", the other version {others[0].wall:.2f}: {others[0].wall / ours.wall:.1f} times" if others else ""
            )
            print(f"  {title}, {source.suffix:6} {ours.wall:.2f}{ratio}")


def report_memory(processes: Processes, counts: Sequence[int]) -> None:
    """Say how much memory the classification of large files takes, which are small ones over and over."""
    if not counts:
        return
    title, exams, _ = list(batches(50_000))[1]
    lines, table = processes.folder / "part.jsonl", processes.folder / "part.parquet"
    for count in sorted(counts):
        write_files(exams, lines, table)
        times = -(-count // len(exams))
        long_lines, long_table = lines.with_stem("long"), table.with_stem("long")
        with long_lines.open("wb") as file:
            file.writelines(lines.read_bytes() for _ in range(times))
        pl.concat([pl.scan_parquet(table)] * times).sink_parquet(long_table)
        for source in (long_lines, long_table):
            peak = processes.peak_of(source, f"answers{source.suffix}")
            print(f"  {title}, {times * len(exams):,} rows of {source.suffix}: {peak:.0f} MiB at most")


def report(title: str, count: int, found: dict[str, Seconds]) -> None:
    print(f"{title}:")
    for name, seconds in found.items():
        if "start-up" in name:
            print(f"  {name:42} {seconds.wall:10.2f} s by the clock, {seconds.processor:.2f} s by the processor")
            continue
        peer = found[OBJECTS if "memory" in name else END_TO_END]
        rate = f"{count / seconds.wall:12,.0f}"
        by_processor = (
            f"{count / max(seconds.processor, TICK):12,.0f}" if seconds.processor is not None else f"{'-':>12}"
        )
        ratio = f"   {peer.wall / seconds.wall:6.1f} times the npm package" if seconds is not peer else ""
        print(f"  {name:42} {rate} by the clock {by_processor} by processor seconds{ratio}")
    print()


if __name__ == "__main__":
    main()
