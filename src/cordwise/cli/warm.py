"""`cordwise warm`: compile now what commands will need, for images and for continuous integration."""

import csv
import io
import json as json_text
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Annotated

from cyclopts import Parameter

from cordwise.base.compile_watch import Compilation, compilations
from cordwise.base.errors import Fault, InputError
from cordwise.base.examples import find_input
from cordwise.base.progress import progress
from cordwise.cli.options import Flag

_SHOWN_FROM = 0.5  # seconds; shorter ones are added up
_EXAMINATIONS = 2_000  # more than are dealt with without compiled code

# Each command on a shipped example and with little to do: what it compiles does not depend on how much that is.
# Whatever a command keeps for later, such as simulated lives, is kept here too; a step of its own for such a store
# goes to the front, before the commands that draw from it.
STEPS: Mapping[str, Sequence[str]] = {
    "exam batch": (),  # on a file that is written for it
    "patient simulate": ("central_c",),
    "appraise": ("honmou2021", "--draws", "2", "--patients", "500"),
    "population check": ("my_registry",),
    "trial simulate": ("subacute_msc", "--replicates", "20"),
    "trial escalate": ("escalation_msc", "--replicates", "20"),
    "cord perturb": ("t01_macrophage_depletion", "--worlds", "2"),
}
"""Commands that compile something, in the order in which they are run; not `engine`, whose checks compile more."""


@dataclass(frozen=True, slots=True)
class WarmStep:
    """One command that was run: how long it took, and what it compiled."""

    command: str
    seconds: float
    compiled: tuple[Compilation, ...]


def warm(
    *,
    only: Annotated[tuple[str, ...] | None, Parameter(consume_multiple=True, negative=())] = None,
    json: Flag = False,
    quiet: Flag = False,
) -> int:
    """Run the commands that compile something on small examples, so that later they need not.

    What is compiled is kept in ~/.cache/cordwise, or in the folder that CORDWISE_CACHE names. It serves this user, this
    version and this kind of processor.

    Parameters
    ----------
    only
        Commands to prepare for, each in quotes, for example "trial simulate"; all when not given.
    json
        Print what was compiled as JSON.
    quiet
        No progress and no advice.
    """
    names, steps = only or tuple(STEPS), []
    if unknown := [name for name in names if name not in STEPS]:
        raise InputError([Fault("--only", " or ".join(f'"{name}"' for name in STEPS), ", ".join(unknown))])
    with tempfile.TemporaryDirectory() as place, progress("warming up", len(names), quiet=quiet) as advance:
        for name in names:
            if code := _run(name, Path(place), steps):
                return code
            advance(1)
    print(json_text.dumps([asdict(step) for step in steps], indent=2) if json else "\n".join(_table(steps)))
    if not quiet:
        from cordwise.base.compiling import cache_trouble
        from cordwise.base.kept_arrays import storage_trouble

        for trouble in filter(None, (cache_trouble(), storage_trouble())):
            print(trouble, file=sys.stderr)
    return 0


def _run(name: str, place: Path, steps: list[WarmStep]) -> int:
    """Run one command without its words, add what it compiled, and return its exit code."""
    from cordwise.cli import main

    words = STEPS[name]
    if name == "exam batch":
        words = (str(_examinations(place)), "--out", str(place / "graded.jsonl"))
    options = () if name.startswith("exam") else ("--seed", "1")
    start = perf_counter()
    with compilations() as found, redirect_stdout(io.StringIO()):
        code = main([*name.split(), *words, *options, "--quiet"])
    steps.append(WarmStep(name, perf_counter() - start, tuple(found)))
    return code


def _examinations(place: Path) -> Path:
    """Write the shipped examinations over and over."""
    path = place / "examinations.csv"
    with find_input(Path("registry.csv"), "examinations").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows({**rows[number % len(rows)], "id": str(number)} for number in range(_EXAMINATIONS))
    return path


def _table(steps: Sequence[WarmStep]) -> Iterator[str]:
    """Yield the lines of the table: what an earlier command compiled, a later one finds."""
    yield f"{'command':<18}{'compiling, s':>13}  of it"
    for step in steps:
        yield f"{step.command:<18}{_sum(step.compiled):>13.1f}  {_named(step.compiled)}"
    yield f"{'all':<18}{sum(_sum(step.compiled) for step in steps):>13.1f}"


def _named(compiled: Sequence[Compilation]) -> str:
    """Return the functions that took long, by name, and the others together."""
    long = sorted((each for each in compiled if each.seconds >= _SHOWN_FROM), key=lambda each: -each.seconds)
    names = [f"{each.module}.{each.function.split('.')[-1]} {each.seconds:.1f}" for each in long]
    if short := [each for each in compiled if each.seconds < _SHOWN_FROM]:
        names.append(f"{len(short)} others {_sum(short):.1f}")
    return ", ".join(names) or "nothing new"


def _sum(compiled: Sequence[Compilation]) -> float:
    return sum(each.seconds for each in compiled)
