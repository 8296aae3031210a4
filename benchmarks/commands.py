"""How long do commands take, beside the version of 28 November?  Whole processes, cold and warm, in one run.

    python benchmarks/commands.py
    python benchmarks/commands.py --against FOLDER --repeats 5 --only appraise "trial simulate"

Each command runs in both versions by turns on the same inputs, first with an empty cache (cold: it compiles, and
simulates whatever it keeps), then again and again with what that left behind (warm, medians).  Machines differ, and so
do their mornings and evenings: only the ratio counts.  The other version is a worktree with an environment of its own,
made once in `.tools/` unless one is given.  A slow command is shown, never refused.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
COMMIT = "3ebf50b"  # of 28 November
EXAMINATIONS = 200
TARGETS = ROOT / "src/cordwise/evidence/data/calibration_targets.csv"
CACHES = ("CORDWISE_CACHE", "NUMBA_CACHE_DIR")  # the older version knows the second alone
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"  # set by some images; elsewhere a library is translated once


@dataclass(frozen=True)
class Side:
    """One version: its name in the table, its checkout, and the variable that says where it keeps compiled code."""

    name: str
    root: Path
    cache_variable: str

    @property
    def program(self) -> Path:
        return self.root / ".venv" / ("Scripts" if sys.platform == "win32" else "bin") / "cordwise"

    def environment(self, cache: Path) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in (*CACHES, NO_BYTECODE)}
        return {**kept, self.cache_variable: str(cache)}


@dataclass(frozen=True)
class Run:
    """What one process took."""

    seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Measured:
    """One command in one version: the first run and the later ones; nothing where it failed."""

    command: str
    version: str
    cold: Run | None
    warm: Run | None
    runs: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Time every command in both versions and print them with their ratios."""
    asked = _options().parse_args(arguments)
    then = asked.against or worktree()
    sides = (Side("then", then.resolve(), "NUMBA_CACHE_DIR"), Side("now", ROOT, "CORDWISE_CACHE"))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        commands = {key: words for key, words in commands_in(place).items() if key in (asked.only or [key])}
        found = measure(commands, sides, place, cold=asked.cold, warm=asked.repeats)
    print(table(found))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(each) for each in found], indent=2) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Time every command beside the version of 28 November.")
    parser.add_argument("--against", type=Path, help="checkout of the other version, with its environment in .venv")
    parser.add_argument("--repeats", type=int, default=5, help="warm runs of each command, by turns")
    parser.add_argument("--cold", type=int, default=1, help="runs of each command with an empty cache")
    parser.add_argument("--only", nargs="+", metavar="COMMAND", help="only these, as the table names them")
    parser.add_argument("--json", type=Path, help="file for the numbers")
    return parser


def commands_in(place: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the words of each command; inputs are files that both versions can read."""
    return {
        "help": ("--help",),
        "appraise": ("appraise", str(ROOT / "studies/honmou2021.toml"), "--seed", "1"),
        "population check": ("population", "check", str(TARGETS), "--seed", "1"),
        "trial simulate": ("trial", "simulate", str(ROOT / "designs/subacute_msc.toml"), "--seed", "1"),
        "patient simulate": ("patient", "simulate", str(ROOT / "patients/central_c.toml"), "--seed", "1"),
        "exam batch": ("exam", "batch", str(_examinations(place)), "--out", str(place / "graded.jsonl")),
    }


def measure(
    commands: Mapping[str, Sequence[str]], sides: Sequence[Side], place: Path, *, cold: int, warm: int
) -> list[Measured]:
    """Run everything, the versions by turns so that a busy minute meets both."""
    caches = {(key, side.name): place / f"{side.name} {key}" for key in commands for side in sides}
    first: dict[tuple[str, str], list[Run]] = {each: [] for each in caches}
    later: dict[tuple[str, str], list[Run]] = {each: [] for each in caches}
    for number in range(cold + warm):
        for key, words in commands.items():
            for side in sides:
                cache = caches[key, side.name]
                if number < cold:
                    shutil.rmtree(cache, ignore_errors=True)
                if run := _timed(side, words, cache, place):
                    (first if number < cold else later)[key, side.name].append(run)
        print(f"round {number + 1} of {cold + warm} done", file=sys.stderr, flush=True)
    return [
        Measured(key, side.name, _median(first[key, side.name]), _median(later[key, side.name]), warm)
        for key in commands
        for side in sides
    ]


def table(found: Sequence[Measured]) -> str:
    """Return the numbers and ratios as text."""
    lines = [
        f"{'':18}{'cold, s':>20}{'':>8}{'warm, s':>18}{'':>8}{'peak warm, MB':>18}{'peak cold, MB':>18}",
        f"{'command':18}{'then':>11}{'now':>9}{'ratio':>8}{'then':>9}{'now':>9}{'ratio':>8}"
        f"{'then':>9}{'now':>9}{'then':>9}{'now':>9}",
    ]
    for then, now in zip(found[::2], found[1::2], strict=True):
        times = "".join(
            f"{_shown(old, 'seconds', 2):>{width}}{_shown(new, 'seconds', 2):>9}{_ratio(old, new):>8}"
            for width, old, new in ((11, then.cold, now.cold), (9, then.warm, now.warm))
        )
        peaks = "".join(f"{_shown(each, 'peak_mb', 0):>9}" for each in (then.warm, now.warm, then.cold, now.cold))
        lines.append(f"{then.command:18}{times}{peaks}")
    return "\n".join(lines)


def worktree() -> Path:
    """Return a worktree of the other version with its environment, made where there is none yet."""
    place = ROOT / ".tools" / f"worktree-{COMMIT}"
    if not place.exists():
        subprocess.run(["git", "worktree", "add", "--detach", str(place), COMMIT], cwd=ROOT, check=True)
    subprocess.run(["make", "-C", str(place), "setup", f"TOOLS={ROOT / '.tools'}"], check=True)
    return place


def _timed(side: Side, words: Sequence[str], cache: Path, place: Path) -> Run | None:
    """Run one process to its end; None, with its last words, where it failed."""
    for left in place.glob("graded.jsonl*"):
        left.unlink()  # or the next run would go on where this one ended
    start = time.perf_counter()
    with (place / "talk").open("w+b") as talk:
        process = subprocess.Popen(
            [str(side.program), *words],
            cwd=place,
            env=side.environment(cache),
            stdout=subprocess.DEVNULL,
            stderr=talk,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        talk.seek(0)
        said = talk.read().decode(errors="replace")
    if process.returncode:
        print(f"{side.name}: cordwise {' '.join(words)} ended with {process.returncode}:\n{said}", file=sys.stderr)
        return None
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Run(seconds, usage.ru_maxrss / unit)


def _examinations(place: Path) -> Path:
    """Write a table of 200 examinations, those of the shipped example over and over under other names."""
    path = place / "examinations.csv"
    with (ROOT / "examinations/registry.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, [name for name in rows[0] if name != "days_post_injury"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**rows[number % len(rows)], "id": f"R{number:05}"} for number in range(EXAMINATIONS))
    return path


def _median(runs: Sequence[Run]) -> Run | None:
    return Run(median(run.seconds for run in runs), max(run.peak_mb for run in runs)) if runs else None


def _shown(run: Run | None, name: str, digits: int) -> str:
    return f"{getattr(run, name):.{digits}f}" if run else "failed"


def _ratio(then: Run | None, now: Run | None) -> str:
    return f"{then.seconds / now.seconds:.1f}" if then and now else "-"


if __name__ == "__main__":
    sys.exit(main())
